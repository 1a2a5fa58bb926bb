"""Warnings at 50, 80 and 100 per cent, and who hears of them, up the line.

At 50 the department that has the application is told; at 80 it, whom it escalates to, and the
complaint unit; when a clock has run out, also those who answer for it before the law. What each
department is told stands in ``notice``, and mails tell of it where an address is set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from cases.deadlines.calendar import Calendar
from cases.deadlines.rules import next_warning, share_reached
from cases.deadlines.service import Law
from config.clock import local_date, start_of
from storage import deadlines, events
from storage.deadlines import Clock, Notice
from storage.engine import Connection
from storage.events import Event

AT_ONCE = 500
"""Clocks that one transaction warns of."""


@dataclass(frozen=True, slots=True)
class Line:
    """Whom warnings reach; see ``[deadlines]``."""

    unit: str = "musteri-hizmetleri"
    """The complaint unit: hears of everything from 80 per cent on, and has what nobody else has."""
    answers_for_law: str = "uyum"
    """Hears of legal clocks that ran out."""
    up: Mapping[str, str] = field(default_factory=dict)
    """Department -> whom it escalates to (the departments' table): hears from 80 per cent on."""


def recipients(clock: str, share: int, department: str | None, line: Line) -> tuple[str, ...]:
    """Departments that hear of a warning, each once, nearest first."""
    first = department or line.unit
    told = [first]
    if share >= 80:
        told += [*([line.up[first]] if first in line.up else []), line.unit]
    if share >= 100 and clock == "legal":
        told.append(line.answers_for_law)
    return tuple(dict.fromkeys(told))


def warn(connection: Connection, law: Law, line: Line, now: datetime) -> int:
    """Give the warnings that are due; returns how many clocks they were about. Safe to run twice:
    a warning is given once for each application, clock and share."""
    due = deadlines.to_warn(connection, now, AT_ONCE)
    applications = deadlines.standing(connection, {one.application_id for one in due})
    given = [_warned(one, law.calendar, now) for one in due]
    told = [one for one, old in zip(given, due, strict=True) if one.warned > old.warned]
    deadlines.warned(connection, given)
    notices, history = [], []
    for one in told:
        to = recipients(one.clock, one.warned, applications[one.application_id]["department"], line)
        notices += [Notice(one.application_id, d, one.clock, one.warned) for d in to]
        history += _events(one, to)
    deadlines.notify(connection, notices, now)
    events.append(connection, history, now)
    return len(told)


def _warned(one: Clock, calendar: Calendar, now: datetime) -> Clock:
    """What was missed while nobody watched is one warning, the highest."""
    reached = max(share_reached(one.started_at, one.due_at, calendar, now), one.warned)
    warn_at = next_warning(one.started_at, one.due_at, reached, calendar)
    return replace(one, warned=reached, warn_at=warn_at)


def _events(one: Clock, to: Sequence[str]) -> list[Event]:
    data = {"clock": one.clock, "share": one.warned}
    warned = Event(one.application_id, "warned", data=data | {"to": to[0]})
    return [
        warned,
        *(Event(one.application_id, "escalated", data=data | {"to": d}) for d in to[1:]),
    ]


@dataclass(frozen=True, slots=True)
class DayList:
    """What a department has to see to today, by urgency."""

    overdue: list[dict[str, Any]]
    today: list[dict[str, Any]]
    next_days: list[dict[str, Any]]
    """Until the end of the third working day from today."""


def day_list(
    connection: Connection,
    department: str | None,
    *,
    calendar: Calendar,
    now: datetime,
    most: int | None = None,
) -> DayList:
    """One row for each running clock, the first to end first. ``most``: rows of each part."""
    return DayList(
        *(
            deadlines.day_list(connection, until, department, since=since, most=most)
            for since, until in _parts(calendar, now)
        )
    )


def day_totals(
    connection: Connection, department: str | None, *, calendar: Calendar, now: datetime
) -> list[int]:
    """How many there are in each part of the list."""
    return [
        deadlines.day_count(connection, until, department, since=since)
        for since, until in _parts(calendar, now)
    ]


def _parts(calendar: Calendar, now: datetime) -> list[tuple[datetime | None, datetime]]:
    """Overdue, today, and until the end of the third working day: from when, until when."""
    today = local_date(now)
    tomorrow = start_of(today + timedelta(days=1))
    last = start_of(calendar.add_working_days(today, 3) + timedelta(days=1))
    return [(None, now), (now, tomorrow), (tomorrow, last)]


def months_left(last_year: int | None, today: date) -> int:
    """Whole months until the calendar ends; below 12 an administrator is told (see ``check``)."""
    return 0 if last_year is None else max((last_year - today.year) * 12 + 12 - today.month, 0)


def words(notices: Sequence[Mapping[str, Any]], department: str) -> tuple[str, str]:
    """Subject and text of the mail that tells a department: counts only, nothing about people."""
    over = sum(one["share"] >= 100 for one in notices)
    subject = f"Başvuru süreleri: {len(notices)} uyarı, {over} süre aşımı"
    text = (
        f"{department}: {len(notices)} süre uyarısı var, {over} tanesinde süre aşıldı.\n"
        "Ayrıntı için portaldaki günün listesine bakınız.\n\n"
        f"{department}: {len(notices)} deadline warnings, {over} of them overdue.\n"
        "See the list of the day in the portal.\n"
    )
    return subject, text
