"""Deadline rules and the clocks that run for applications."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, bindparam, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage import tables as t
from storage.dialect import among, insert, insert_all, skip_locked

Row = dict[str, Any]
OPEN = ("recorded", "assessed", "in_progress", "waiting_applicant")
"""States in which we still owe an answer."""

_MIRROR = {"legal": "legal_due_at", "internal": "sla_due_at"}
"""Clock -> the column of ``application`` that repeats its end for lists."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One row of ``clock``."""

    application_id: int
    clock: str
    rule: str
    started_at: datetime
    due_at: datetime
    warned: int = 0
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    paused_at: datetime | None = None
    pause_reason: str = ""
    paused_days: int = 0


_RULE = ("name", "clock", "condition", "length", "unit", "start", "source", "valid_from")
RULE_COLUMNS = (*_RULE, "valid_to")


def rules(connection: Connection) -> Sequence[Row]:
    """The rules in force, by clock and name."""
    columns = [t.deadline_rule.c[name] for name in (*RULE_COLUMNS, "since", "by", "note")]
    chosen = select(*columns).where(t.deadline_rule.c.until.is_(None))
    ordered = chosen.order_by(t.deadline_rule.c.clock, t.deadline_rule.c.name)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def rule_history(connection: Connection, name: str) -> list[Row]:
    """Every version of a rule, newest first."""
    named = select(t.deadline_rule).where(t.deadline_rule.c.name == name)
    rows = connection.execute(named.order_by(t.deadline_rule.c.id.desc()))
    return [dict(row) for row in rows.mappings()]


def change_rule(
    connection: Connection, values: Mapping[str, Any], *, by: str, note: str, now: datetime
) -> None:
    """Put a rule in force; the one of the same name ends."""
    end_rule(connection, values["name"], now)
    connection.execute(t.deadline_rule.insert().values(**values, since=now, by=by, note=note))


def end_rule(connection: Connection, name: str, now: datetime) -> bool:
    in_force = (t.deadline_rule.c.name == name) & t.deadline_rule.c.until.is_(None)
    ended = connection.execute(update(t.deadline_rule).where(in_force).values(until=now))
    return ended.rowcount > 0


def clocks(connection: Connection, application_ids: Collection[int]) -> list[Clock]:
    columns = [t.clock.c[name] for name in Clock.__slots__]
    rows = connection.execute(select(*columns).where(t.clock.c.application_id.in_(application_ids)))
    return [Clock(*row) for row in rows]


def start(connection: Connection, clocks: Sequence[Clock]) -> None:
    """Write clocks of new applications, and repeat their ends on the applications."""
    if not clocks:
        return
    rows = [{name: getattr(one, name) for name in Clock.__slots__} for one in clocks]
    insert_all(connection, t.clock, rows, or_ignore=True)
    started = sorted({one.application_id for one in clocks})
    ends = {column: _end_of(clock) for clock, column in _MIRROR.items()}
    connection.execute(update(t.application).where(among(t.application.c.id, started)).values(ends))


def _end_of(clock: str) -> ScalarSelect[datetime]:
    """When this clock of the application in the statement around it ends."""
    of = (t.clock.c.application_id == t.application.c.id) & (t.clock.c.clock == clock)
    return select(t.clock.c.due_at).where(of).scalar_subquery()


def put(connection: Connection, one: Clock) -> None:
    """Write a clock as it is now."""
    values = {name: getattr(one, name) for name in Clock.__slots__}
    row = insert(connection, t.clock).values(**values)
    connection.execute(
        row.on_conflict_do_update(index_elements=["application_id", "clock"], set_=values)
    )
    mirror(connection, one.application_id, one.clock, one.due_at)


def drop(connection: Connection, application_id: int, clock: str) -> None:
    """No rule holds for this clock any more."""
    of = (t.clock.c.application_id == application_id) & (t.clock.c.clock == clock)
    connection.execute(t.clock.delete().where(of))
    mirror(connection, application_id, clock, None)


def mirror(
    connection: Connection, application_id: int, clock: str, due_at: datetime | None
) -> None:
    if clock in _MIRROR:
        of = t.application.c.id == application_id
        connection.execute(update(t.application).where(of).values({_MIRROR[clock]: due_at}))


def stop(
    connection: Connection, application_id: int, clocks: Collection[str], now: datetime
) -> None:
    """What these clocks measure is done: they warn no more."""
    running = (
        (t.clock.c.application_id == application_id)
        & t.clock.c.clock.in_(clocks)
        & t.clock.c.stopped_at.is_(None)
    )
    connection.execute(update(t.clock).where(running).values(stopped_at=now, warn_at=None))


def to_warn(connection: Connection, now: datetime, limit: int) -> list[Clock]:
    """Clocks of open applications whose next warning is due, with the applications locked: another
    process passes over them."""
    columns = [t.clock.c[name] for name in Clock.__slots__]
    due = (
        t.clock.c.stopped_at.is_(None) & t.clock.c.paused_at.is_(None) & (t.clock.c.warn_at <= now)
    )
    chosen = (
        select(*columns)
        .join(t.application, t.application.c.id == t.clock.c.application_id)
        .where(due, t.application.c.status.in_(OPEN), t.application.c.duplicate_of.is_(None))
        .order_by(t.clock.c.application_id, t.clock.c.clock)
        .limit(limit)
    )
    return [Clock(*row) for row in connection.execute(skip_locked(chosen))]


def warned(connection: Connection, clocks: Sequence[Clock]) -> None:
    """Write which warnings were given, and when the next one is due."""
    if clocks:
        of = (t.clock.c.application_id == bindparam("i")) & (t.clock.c.clock == bindparam("c"))
        values: Row = {"warned": bindparam("w"), "warn_at": bindparam("at")}
        rows = [
            {"i": one.application_id, "c": one.clock, "w": one.warned, "at": one.warn_at}
            for one in clocks
        ]
        connection.execute(update(t.clock).where(of).values(**values), rows)


def stop_settled(connection: Connection, now: datetime) -> int:
    """Stop the clocks of applications that are answered, closed or joined into others."""
    open_ones = select(t.application.c.id).where(
        t.application.c.status.in_(OPEN), t.application.c.duplicate_of.is_(None)
    )
    running = t.clock.c.stopped_at.is_(None) & t.clock.c.application_id.not_in(open_ones)
    stopped = update(t.clock).where(running).values(stopped_at=now, warn_at=None)
    return connection.execute(stopped).rowcount


def never_started(connection: Connection, limit: int) -> list[int]:
    """Open applications of which nobody ever said by when they are due, oldest first."""
    a = t.application.c
    has_clock = select(t.clock.c.clock).where(t.clock.c.application_id == a.id)
    was_told = select(t.event.c.id).where(
        t.event.c.application_id == a.id, t.event.c.kind == "deadlines_set"
    )
    wanted = (a.status.in_(OPEN), a.duplicate_of.is_(None), ~has_clock.exists(), ~was_told.exists())
    return list(
        connection.execute(select(a.id).where(*wanted).order_by(a.id).limit(limit)).scalars()
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning as one department receives it."""

    application_id: int
    department: str
    clock: str
    share: int


def notify(connection: Connection, notices: Sequence[Notice], now: datetime) -> None:
    if notices:
        rows = [
            {name: getattr(one, name) for name in Notice.__slots__} | {"at": now} for one in notices
        ]
        connection.execute(insert(connection, t.notice).on_conflict_do_nothing(), rows)


def notices(connection: Connection, department: str) -> list[Row]:
    """Warnings that this department has not seen, newest first."""
    rows = connection.execute(
        select(t.notice, t.application.c.number)
        .join(t.application, t.application.c.id == t.notice.c.application_id)
        .where(t.notice.c.department == department, t.notice.c.seen_at.is_(None))
        .order_by(t.notice.c.at.desc(), t.notice.c.id)
    )
    return [dict(row) for row in rows.mappings()]


def seen(connection: Connection, ids: Collection[int], *, by: str, now: datetime) -> None:
    these = t.notice.c.id.in_(ids) & t.notice.c.seen_at.is_(None)
    connection.execute(update(t.notice).where(these).values(seen_at=now, seen_by=by))


def to_mail(connection: Connection, departments: Collection[str]) -> dict[str, list[Row]]:
    """Unseen notices by department that no mail told of yet, locked."""
    rows = connection.execute(
        skip_locked(
            select(t.notice)
            .where(
                t.notice.c.department.in_(departments),
                t.notice.c.mailed_at.is_(None),
                t.notice.c.seen_at.is_(None),
            )
            .order_by(t.notice.c.id)
            .limit(1000)
        )
    )
    out: dict[str, list[Row]] = {}
    for row in rows.mappings():
        out.setdefault(row["department"], []).append(dict(row))
    return out


def mailed(connection: Connection, ids: Collection[int], now: datetime) -> None:
    connection.execute(update(t.notice).where(t.notice.c.id.in_(ids)).values(mailed_at=now))


def standing(connection: Connection, ids: Collection[int]) -> dict[int, Row]:
    """Status, department, assignee, number and type of applications."""
    names = ("id", "number", "type", "status", "department", "assignee", "duplicate_of", "priority")
    rows = connection.execute(
        select(*(t.application.c[n] for n in names)).where(t.application.c.id.in_(ids))
    )
    return {row["id"]: dict(row) for row in rows.mappings()}


def day_list(
    connection: Connection,
    until: datetime,
    department: str | None = None,
    *,
    since: datetime | None = None,
    most: int | None = None,
) -> list[Row]:
    """Running clocks that end before ``until``, the first one first, with their applications.

    ``department`` None: of all; an application that was not routed has the department None.
    ``since``: none that end before; ``most``: rows.
    """
    a, c = t.application.c, t.clock.c
    chosen = (
        select(
            *(a.id, a.number, a.type, a.status, a.department, a.assignee, a.priority),
            *(a.branch, a.topic, c.clock, c.rule, c.due_at, c.started_at, c.warned),
            *(c.paused_at, c.pause_reason),
        )
        .join(t.clock, c.application_id == a.id)
        .where(*_ending(since, until, department))
        .order_by(c.due_at, a.id)
        .limit(most)
    )
    return [dict(row) for row in connection.execute(chosen).mappings()]


def day_count(
    connection: Connection, until: datetime, department: str | None, *, since: datetime | None
) -> int:
    """How many :func:`day_list` has without a limit."""
    chosen = (
        select(func.count())
        .select_from(t.application)
        .join(t.clock, t.clock.c.application_id == t.application.c.id)
        .where(*_ending(since, until, department))
    )
    return int(connection.execute(chosen).scalar_one())


def _ending(
    since: datetime | None, until: datetime, department: str | None
) -> list[ColumnElement[bool]]:
    a, c = t.application.c, t.clock.c
    chosen = [c.due_at < until, c.stopped_at.is_(None), a.status.in_(OPEN)]
    chosen.append(a.duplicate_of.is_(None))
    if since is not None:
        chosen.append(c.due_at >= since)
    if department is not None:
        chosen.append(a.department == department)
    return chosen


def by_department(connection: Connection, now: datetime, soon: datetime) -> list[Row]:
    """For each department: open clocks that are over, and that end until ``soon``."""
    a = t.application.c
    over = func.count().filter(t.clock.c.due_at < now)
    near = func.count().filter((t.clock.c.due_at >= now) & (t.clock.c.due_at < soon))
    chosen = (
        select(
            a.department,
            t.clock.c.clock,
            over.label("overdue"),
            near.label("soon"),
            func.count().label("running"),
        )
        .join(t.clock, t.clock.c.application_id == a.id)
        .where(t.clock.c.stopped_at.is_(None), a.status.in_(OPEN), a.duplicate_of.is_(None))
        .group_by(a.department, t.clock.c.clock)
        .order_by(a.department, t.clock.c.clock)
    )
    return [dict(row) for row in connection.execute(chosen).mappings()]
