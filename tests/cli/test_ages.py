"""How long ago something was, as the command line says it."""

import pytest

from basvuru.cli.common import age


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (-0.7, "0 s"),
        (45, "45 s"),
        (720, "12 min"),
        (12_600, "3.5 h"),
        (172_800, "2 d"),
    ],
)
def test_an_age_is_never_negative_and_has_one_unit(seconds, said) -> None:
    assert age(seconds) == said
