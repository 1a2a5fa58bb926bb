"""Clocks of applications: started at recording, set again at assessment, paused, stopped.

The legal clock never pauses. The internal one may, with a reason: its end moves by the working days
that it stood still. Every change is an event of the application, whose row the caller's transaction
holds from here on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from cases.deadlines.calendar import Calendar
from cases.deadlines.rules import (
    CLOCKS,
    Due,
    Rule,
    clocks,
    extended,
    moved,
    next_warning,
    share_reached,
)
from cases.rules.facts import facts
from config.clock import ISTANBUL, local_date
from config.errors import BasvuruError
from storage import applications, calendar, deadlines, events
from storage import facts as rows
from storage.deadlines import Clock
from storage.engine import Connection
from storage.events import Event
from storage.facts import FactRow

PAUSE_REASONS = ("waiting_applicant", "waiting_third_party", "waiting_court", "disaster")
INTERNAL = "internal"


class CannotPause(BasvuruError):
    """The clock cannot be paused or resumed; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Law:
    """Calendar and rules as they are in force, read once for a transaction."""

    calendar: Calendar
    rules: Sequence[Rule]


def law(connection: Connection, *, half_day_counts: bool, around: date | None = None) -> Law:
    """``around``: only the calendar near this day, which is all that a new application needs."""
    first = around - timedelta(days=400) if around else None
    last = around + timedelta(days=400) if around else None
    days = {one.day: one.kind for one in calendar.days(connection, first, last)}
    in_force = [
        Rule(**{name: row[name] for name in deadlines.RULE_COLUMNS})
        for row in deadlines.rules(connection)
    ]
    return Law(Calendar(days, half_day_counts, calendar.last_year(connection)), in_force)


def start(connection: Connection, ids: Collection[int], *, law: Law) -> list[Event]:
    """Set the clocks of applications that were recorded in this transaction. Returns what the
    caller has to add to their history."""
    written: list[Clock] = []
    told: list[Event] = []
    for row in rows.of(connection, ids):
        dues = clocks(facts(row), starts(row), law.rules, law.calendar)
        written += [_clock(row.id, due, law.calendar) for due in dues.values()]
        told.append(_event(row.id, dues, "system"))
    deadlines.start(connection, written)
    return told


def set_again(
    connection: Connection, row: FactRow, *, law: Law, by: str, now: datetime
) -> dict[str, Due]:
    """Set the clocks after type, branch or topic changed. Pauses that were granted stay granted,
    and warnings that were given are not given again."""
    before = {one.clock: one for one in deadlines.clocks(connection, [row.id])}
    begun = starts(row)
    if INTERNAL in before:  # since it was reopened, where it was
        begun = {**begun, "recorded": before[INTERNAL].started_at}
    dues = clocks(facts(row), begun, law.rules, law.calendar)
    if _ruled(dues) == _ruled(before):
        return dues
    for name, due in dues.items():
        deadlines.put(connection, _carried(before.get(name), row.id, due, law.calendar, now))
    for name in before.keys() - dues.keys():
        deadlines.drop(connection, row.id, name)
    events.append(connection, [_event(row.id, dues, by)], now)
    return dues


def starts(row: FactRow) -> Mapping[str, datetime]:
    """From when on the rules count. A letter counts from its delivery, not from the scan."""
    received = row.received_at
    if row.delivered_on is not None and row.delivered_on <= local_date(row.recorded_at):
        received = datetime.combine(row.delivered_on, time.min, tzinfo=ISTANBUL)
    return {"received": received, "recorded": row.recorded_at}


def pause(
    connection: Connection, application_id: int, reason: str, *, by: str, now: datetime
) -> None:
    """Stop the internal clock. Raises CannotPause for the reason or when it does not run."""
    if reason not in PAUSE_REASONS:
        raise CannotPause(f"{reason!r} is no reason; there are: {', '.join(PAUSE_REASONS)}.")
    one = _internal(connection, application_id)
    if one.paused_at is not None:
        raise CannotPause("The clock is paused already.")
    deadlines.put(connection, replace(one, paused_at=now, pause_reason=reason))
    events.append(connection, [Event(application_id, "clock_paused", by, {"reason": reason})], now)


def resume(
    connection: Connection, application_id: int, *, calendar: Calendar, by: str, now: datetime
) -> datetime:
    """Let the internal clock run on; returns its new end. Raises CannotPause."""
    one = _internal(connection, application_id)
    if one.paused_at is None:
        raise CannotPause("The clock is not paused.")
    due_at, days = extended(one.due_at, one.paused_at, now, calendar)
    again = replace(
        one,
        due_at=due_at,
        paused_at=None,
        pause_reason="",
        paused_days=one.paused_days + days,
        warn_at=next_warning(one.started_at, due_at, one.warned, calendar),
    )
    deadlines.put(connection, again)
    data = {"reason": one.pause_reason, "days": days}
    events.append(connection, [Event(application_id, "clock_resumed", by, data)], now)
    return due_at


def stop(connection: Connection, application_id: int, *, now: datetime) -> None:
    """The answer went out, or the application was closed: nothing warns any more."""
    deadlines.stop(connection, application_id, CLOCKS, now)


def restart(
    connection: Connection, application_id: int, *, law: Law, by: str, now: datetime
) -> datetime | None:
    """An application was reopened: a new internal clock from now on. The legal one stays as it
    was, since the law knows no second term. Returns the new internal end."""
    applications.lock(connection, [application_id])
    [row] = rows.of(connection, [application_id])
    again = replace(row, recorded_at=now)
    due = clocks(facts(again), {"recorded": now}, law.rules, law.calendar).get(INTERNAL)
    if due is not None:
        deadlines.put(connection, _clock(application_id, due, law.calendar))
        events.append(connection, [_event(application_id, {INTERNAL: due}, by)], now)
    return due.due_at if due else None


def _internal(connection: Connection, application_id: int) -> Clock:
    applications.lock(connection, [application_id])
    for one in deadlines.clocks(connection, [application_id]):
        if one.clock == INTERNAL and one.stopped_at is None:
            return one
    raise CannotPause("This application has no internal clock that runs.")


def _clock(application_id: int, due: Due, calendar: Calendar) -> Clock:
    return Clock(
        application_id,
        due.clock,
        due.rule,
        due.started_at,
        due.due_at,
        warn_at=next_warning(due.started_at, due.due_at, 0, calendar),
    )


def _carried(
    old: Clock | None, application_id: int, due: Due, calendar: Calendar, now: datetime
) -> Clock:
    new = _clock(application_id, due, calendar)
    if old is None:
        return new
    due_at = moved(due.due_at, old.paused_days, calendar)
    reached = share_reached(new.started_at, due_at, calendar, now)
    warned = min(old.warned, reached)
    return replace(
        new,
        due_at=due_at,
        warned=warned,
        warn_at=None if old.stopped_at else next_warning(new.started_at, due_at, warned, calendar),
        stopped_at=old.stopped_at,
        paused_at=old.paused_at,
        pause_reason=old.pause_reason,
        paused_days=old.paused_days,
    )


def _ruled(clocks: Mapping[str, Due] | Mapping[str, Clock]) -> dict[str, tuple[str, datetime]]:
    return {name: (one.rule, one.started_at) for name, one in clocks.items()}


def _event(application_id: int, dues: Mapping[str, Due], by: str) -> Event:
    ends: dict[str, Any] = {
        "rule": {name: due.rule for name, due in sorted(dues.items())},
        "legal_due_at": _moment(dues.get("legal")),
        "sla_due_at": _moment(dues.get(INTERNAL)),
    }
    return Event(application_id, "deadlines_set", by, ends)


def _moment(due: Due | None) -> str | None:
    return due.due_at.astimezone(ISTANBUL).isoformat() if due else None
