import pytest

from cases.number import number, shown
from normalizers.text.checks import damm_ok

VECTORS = [
    (2026, 1, "2619943644"),
    (2026, 2, "2698988619"),
    (2026, 3, "2622401051"),
    (2026, 1000, "2682536275"),
    (2026, 9_999_999, "2687753732"),
    (2027, 1, "2777408932"),
]


@pytest.mark.parametrize(("year", "sequence", "expected"), VECTORS)
def test_numbers_are_those_of_the_published_vectors(year, sequence, expected):
    assert number(year, sequence, b"test-key") == expected


def test_a_year_never_repeats_a_number_and_every_check_digit_holds():
    numbers = {number(2026, sequence, b"another") for sequence in range(1, 5_001)}
    assert len(numbers) == 5_000
    assert all(damm_ok(one) for one in numbers)


def test_a_number_is_shown_in_three_groups():
    assert shown("2619943644") == "26-1994-3644"


@pytest.mark.parametrize("sequence", [0, 10_000_000])
def test_a_sequence_that_does_not_fit_is_refused(sequence):
    with pytest.raises(OverflowError):
        number(2026, sequence, b"k")
