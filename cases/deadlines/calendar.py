"""Counting days as Turkish law does: pure functions over the installation's calendar.

The day of the event is not counted (TBK 92, HMK 92). A period in working days passes over weekends
and holidays. A period in days counts every day; when its last day is a weekend day or a holiday it
ends on the next day that is none (TBK 93, HMK 93). A half holiday counts as a working day unless
the installation says otherwise (``[deadlines] half_day_counts``). No day replaces a holiday that
falls on a weekend (law 2429).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """``days``: what differs from its weekday, ``full``, ``half`` or ``working``."""

    days: Mapping[date, str] = field(default_factory=dict)
    half_day_counts: bool = True
    last_year: int | None = None
    """Last year whose holidays are known; later days are told by their weekday alone."""
    _spans: dict[tuple[date, date], list[date]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """What was asked before: many applications of a batch share their days."""

    def is_working(self, day: date) -> bool:
        kind = self.days.get(day)
        if kind == "half":
            return self.half_day_counts and day.weekday() < SATURDAY
        return kind == "working" or (kind is None and day.weekday() < SATURDAY)

    def rolled(self, day: date) -> date:
        """The day itself, or the next one on which offices work at least half of the day."""
        while not (self.is_working(day) or self._is_half(day)):
            day += DAY
        return day

    def add_days(self, start: date, count: int) -> date:
        """The last day of a period of ``count`` calendar days."""
        return self.rolled(start + count * DAY)

    def add_working_days(self, start: date, count: int) -> date:
        """The last day of a period of ``count`` working days; ``start`` is not one of them."""
        day = start
        while count > 0:
            day += DAY
            count -= self.is_working(day)
        return day

    def working_days(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` and up to ``end``; negative the other way."""
        if end < start:
            return -self.working_days(end, start)
        return sum(self.is_working(day) for day in _after(start, end))

    def working_within(self, first: date, last: date) -> Sequence[date]:
        """The working days from ``first`` to ``last``, both of them included."""
        found = self._spans.get((first, last))
        if found is None:
            found = [day for day in (first, *_after(first, last)) if self.is_working(day)]
            self._spans[(first, last)] = found
        return found

    def _is_half(self, day: date) -> bool:
        return self.days.get(day) == "half" and day.weekday() < SATURDAY


def _after(start: date, end: date) -> Iterator[date]:
    day = start
    while day < end:
        day += DAY
        yield day
