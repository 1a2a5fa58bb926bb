"""What an administrator may change: the calendar and the deadline rules. Each change says who."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cases.deadlines.rules import CLOCKS, STARTS, UNITS, Rule
from cases.rules.condition import parse
from config.errors import BasvuruError
from storage import calendar, deadlines
from storage.engine import Connection

KINDS = ("full", "half", "working")
LONGEST = {"working_days": 250, "days": 400, "hours": 2000}


class NotAllowed(BasvuruError):
    """The change makes no sense; nothing was changed."""


def change_day(
    connection: Connection, day: date, kind: str, name: str, *, by: str, now: datetime
) -> None:
    """A day becomes a holiday, a half one, or a working day. Deadlines that are set already stay:
    :func:`cases.deadlines.service.set_again` counts anew. Raises NotAllowed."""
    if kind not in KINDS:
        raise NotAllowed(f"{kind!r} is no kind of day; there are: {', '.join(KINDS)}.")
    if not name.strip():
        raise NotAllowed("A day needs a name, for whoever wonders later.")
    calendar.change(connection, day, kind, name.strip(), by=by, now=now)


def complete_year(connection: Connection, year: int, *, by: str, now: datetime) -> None:
    """An administrator says that the holidays of a year are all in the table. Raises NotAllowed."""
    last = calendar.last_year(connection)
    if last is not None and year != last + 1:
        raise NotAllowed(f"The calendar ends with {last}: the next year is {last + 1}.")
    if not calendar.days(connection, date(year, 1, 1), date(year, 12, 31)):
        raise NotAllowed(f"No holiday of {year} is in the table: enter them first.")
    calendar.add_year(connection, year, f"by hand: {by}", now)


def change_rule(connection: Connection, rule: Rule, *, by: str, note: str, now: datetime) -> None:
    """Put a deadline rule in force, in the place of the one with its name. Raises NotAllowed,
    BadCondition."""
    parse(rule.condition)
    clocks = (*CLOCKS, "report", "breach")
    for value, allowed in ((rule.clock, clocks), (rule.unit, UNITS), (rule.start, STARTS)):
        if value not in allowed:
            raise NotAllowed(f"{value!r} is none of: {', '.join(allowed)}.")
    if not 0 < rule.length <= LONGEST[rule.unit]:
        raise NotAllowed(f"{rule.length} {rule.unit}: between 1 and {LONGEST[rule.unit]}.")
    if not rule.source.strip():
        raise NotAllowed("A rule names the law or the decision that it comes from.")
    values: Mapping[str, Any] = {name: getattr(rule, name) for name in deadlines.RULE_COLUMNS}
    deadlines.change_rule(connection, values, by=by, note=note, now=now)


def end_rule(connection: Connection, name: str, *, now: datetime) -> None:
    """A rule holds no more. Raises NotAllowed when there is none of this name."""
    if not deadlines.end_rule(connection, name, now):
        raise NotAllowed(f"There is no deadline rule {name!r}.")
