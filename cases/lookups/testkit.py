"""The contract suite of lookups, for adapters of ours and of others. For tests alone.

from basvuru.testkit import LookupContract

class TestMine(LookupContract):
    world = MyWorld          # a subclass of LookupWorld: a real system, with one known record
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest

from cases.lookups.contract import LONGEST, MOST, Lookup, LookupSettings, NotAnswering, Question

HOSTILE = ("' OR '1'='1", '"; DROP TABLE x; --', "%", "*", "ŞİKÂYET", "\n\r\t", "9" * 10_000, "")


class LookupWorld(ABC):
    """A system in the hands of the suite. It knows exactly one record, by :attr:`known`."""

    known: Question
    unknown: Question

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def open(self) -> tuple[Lookup, LookupSettings]:
        """The adapter over the system, and its settings."""

    @abstractmethod
    def go_away(self) -> None:
        """The system does not answer from now on."""

    @abstractmethod
    def come_back(self) -> None:
        """It answers again."""

    def close(self) -> None:  # noqa: B027  most have nothing open
        """Let go of what was opened."""


class LookupContract:
    """Subclass it, with a name that starts with ``Test``, and give it a ``world``."""

    world: ClassVar[type[LookupWorld]]

    @pytest.fixture
    def made(self, tmp_path: Path) -> Iterator[tuple[LookupWorld, Lookup, LookupSettings]]:
        world = self.world(tmp_path)
        lookup, settings = world.open()
        yield world, lookup, settings
        lookup.close()
        world.close()

    def test_what_is_known_is_found(self, made: tuple[LookupWorld, Lookup, LookupSettings]) -> None:
        world, lookup, _ = made
        [one] = lookup.find(world.known)
        assert one.reference
        assert one.what == world.known.what
        assert one.facts
        assert all(isinstance(v, str) and len(v) <= LONGEST for v in one.facts.values())

    def test_what_is_unknown_is_empty(
        self, made: tuple[LookupWorld, Lookup, LookupSettings]
    ) -> None:
        world, lookup, _ = made
        assert list(lookup.find(world.unknown)) == []

    @pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
    def test_what_people_write_is_a_value_and_nothing_more(
        self, made: tuple[LookupWorld, Lookup, LookupSettings], value: str
    ) -> None:
        world, lookup, _ = made
        known = world.known
        assert list(lookup.find(Question(known.what, known.key, value))) == []
        assert len(lookup.find(known)) == 1

    def test_a_system_that_is_away_says_so_in_time_and_comes_back(
        self, made: tuple[LookupWorld, Lookup, LookupSettings]
    ) -> None:
        world, lookup, settings = made
        world.go_away()
        began = time.monotonic()
        with pytest.raises(NotAnswering) as caught:
            lookup.find(world.known)
        assert time.monotonic() - began < settings.seconds + 2
        assert world.known.value not in str(caught.value)
        assert lookup.check()[0] is False
        world.come_back()
        assert len(lookup.find(world.known)) == 1
        assert lookup.check()[0] is True

    def test_it_is_asked_by_several_at_once(
        self, made: tuple[LookupWorld, Lookup, LookupSettings]
    ) -> None:
        world, lookup, _ = made
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lookup.find, [world.known, world.unknown] * 10))
        assert [len(one) for one in answers] == [1, 0] * 10
        assert len(answers) <= MOST

    def test_nobody_is_named_where_it_is_printed(
        self, made: tuple[LookupWorld, Lookup, LookupSettings]
    ) -> None:
        world, lookup, _ = made
        [one] = lookup.find(world.known)
        assert world.known.value not in repr(world.known)
        assert all(len(v) < 3 or v not in repr(one) for v in one.facts.values())
