"""The suite, tested: every check catches its broken channel, and no other check does."""

from pathlib import Path

import pytest
from testkit_broken import ALSO_KNOWN, ONLY_CAUGHT_BY
from testkit_memory import MemoryChannel, MemoryWorld, world_of

from ingest.testkit.check import Check, run
from ingest.testkit.checks import CHECKS

PATIENCE = 5.0
"""Seconds that a check may take here."""
HANG = ("waiting ends in time", "waiting stops when asked")
"""Checks whose broken channels hang until patience ends."""


def cases() -> list[object]:
    slow = pytest.mark.slow
    return [pytest.param(name, marks=slow) if name in HANG else name for name in ONLY_CAUGHT_BY]


def caught_by(world: type[MemoryWorld], folder: Path) -> list[str]:
    return [check.name for check in CHECKS if fails(check, world, folder / check.name)]


def fails(check: Check, world: type[MemoryWorld], folder: Path) -> bool:
    try:
        run(check, world, folder, patience=PATIENCE)
    except AssertionError:
        return True
    return False


def test_every_check_has_a_broken_channel() -> None:
    assert list(ONLY_CAUGHT_BY) and set(ONLY_CAUGHT_BY) == {check.name for check in CHECKS}


@pytest.mark.parametrize("name", cases())
def test_exactly_the_intended_check_catches(name: str, tmp_path: Path) -> None:
    assert caught_by(ONLY_CAUGHT_BY[name], tmp_path) == [name]


@pytest.mark.slow  # one of them hangs
@pytest.mark.parametrize("channel", ALSO_KNOWN, ids=lambda channel: channel.__name__)
def test_a_common_mistake_is_caught(channel: type[MemoryChannel], tmp_path: Path) -> None:
    check = next(check for check in CHECKS if check.name == ALSO_KNOWN[channel])
    assert fails(check, world_of(channel), tmp_path)


def test_names_of_checks_are_unique_and_every_check_states_its_rule() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)
    assert all(check.rule for check in CHECKS)
