"""When something is due: pure decisions over the rules that are in force.

A rule says which applications it is about (a condition of :mod:`cases.rules.condition`), how long
they may take and from which event on. Of several that hold for one clock, the one that ends first
counts: nothing ever makes a legal deadline longer than the shortest law.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from cases.deadlines.calendar import DAY, Calendar
from cases.rules.condition import Facts, parse
from config.clock import ISTANBUL, local_date

Unit = Literal["working_days", "days", "hours"]
UNITS: tuple[Unit, ...] = ("working_days", "days", "hours")
CLOCKS = ("legal", "internal", "assessment")
"""Clocks of one application. ``report`` and ``breach`` belong to none."""
STARTS = ("received", "recorded", "quarter_end", "known")
SHARES = (50, 80, 100)
"""Per cent of the time after which somebody is warned."""
END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of ``deadline_rule``."""

    name: str
    clock: str
    condition: str
    length: int
    unit: Unit
    start: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        began = self.valid_from is None or self.valid_from <= day
        return began and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock of an application ends, and by which rule."""

    clock: str
    rule: str
    started_at: datetime
    due_at: datetime


def due_at(rule: Rule, start: datetime, calendar: Calendar) -> datetime:
    """The last moment: the end of the last day in Istanbul, or so many hours later."""
    if rule.unit == "hours":
        return start + timedelta(hours=rule.length)
    day = local_date(start)
    count = calendar.add_days if rule.unit == "days" else calendar.add_working_days
    return end_of(count(day, rule.length))


def end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, tzinfo=ISTANBUL)


def clocks(
    facts: Facts, starts: Mapping[str, datetime], rules: Iterable[Rule], calendar: Calendar
) -> dict[str, Due]:
    """The clocks that run for an application. ``starts``: when it was received and recorded."""
    out: dict[str, Due] = {}
    for rule in rules:
        start = starts.get(rule.start)
        if rule.clock not in CLOCKS or start is None or not rule.is_valid_on(local_date(start)):
            continue
        if not parse(rule.condition).holds(facts):
            continue
        due = Due(rule.clock, rule.name, start, due_at(rule, start, calendar))
        if rule.clock not in out or due.due_at < out[rule.clock].due_at:
            out[rule.clock] = due
    return out


def share_at(start: datetime, due: datetime, share: int, calendar: Calendar) -> datetime:
    """The moment at which ``share`` per cent of the working time between two moments is over.

    Time counts on working days only, all day long; where there is none between the two, all of it
    counts. Measured in days, so that it holds across holidays of any length.
    """
    if share >= 100:
        return due
    days = calendar.working_within(local_date(start), local_date(due))
    if not days:
        return start + (due - start) * share / 100
    begin, end = max(start, _midnight(days[0])), min(due, _midnight(days[-1]) + DAY)
    lost = days[-1] - days[0] - (len(days) - 1) * DAY
    left = (end - begin - lost) * share / 100
    first = _midnight(days[0]) + DAY - begin
    if left <= first:
        return begin + left
    whole = -(-(left - first) // DAY)  # the day in which it ends, counted from the second one
    return _midnight(days[whole]) + left - first - (whole - 1) * DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ISTANBUL)


def next_warning(
    start: datetime, due: datetime, warned: int, calendar: Calendar
) -> datetime | None:
    """When the next warning falls due; None when all were given."""
    following = next((share for share in SHARES if share > warned), None)
    return None if following is None else share_at(start, due, following, calendar)


def share_reached(start: datetime, due: datetime, calendar: Calendar, now: datetime) -> int:
    """The highest of :data:`SHARES` that is over, or 0."""
    reached = [s for s in SHARES if share_at(start, due, s, calendar) <= now]
    return max(reached, default=0)


def extended(
    due: datetime, paused_at: datetime, now: datetime, calendar: Calendar
) -> tuple[datetime, int]:
    """The end of a clock that stood still from ``paused_at`` to ``now``, and the working days that
    it stood. A pause that ends on the day on which it began moves nothing."""
    days = max(calendar.working_days(local_date(paused_at), local_date(now)), 0)
    return moved(due, days, calendar), days


def moved(due: datetime, days: int, calendar: Calendar) -> datetime:
    """So many working days later."""
    return end_of(calendar.add_working_days(local_date(due), days)) if days else due
