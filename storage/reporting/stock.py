"""What is open at the end of a day: on any day of the past, from the spans in which it was open.

This is counted from other columns than what came in and went out, so that the balance *opening +
received + reopened − closed = closing* is a check, and not two names of one sum.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from storage import tables as t
from storage.reporting.counters import DIMENSIONS, PERIODS, d, f, has, m

_BEGINS = m.kind.in_(("received", "reopened"))
_joined = t.case_movement.join(t.case_fact, f.application_id == m.application_id)


def open_at(
    connection: Connection,
    day: date,
    by: Sequence[str] = (),
    where: Mapping[str, Any] | None = None,
) -> dict[tuple[Any, ...], int]:
    """Values of the dimensions -> applications that were open when the day ended."""
    keys = [DIMENSIONS[name].label(f"by_{name}") for name in by]
    rows = connection.execute(
        select(*keys, func.count())
        .select_from(_joined)
        .where(_open(day), *_has(where or {}))
        .group_by(*keys)
    )
    return {tuple(row[:-1]): row[-1] for row in rows} or ({} if by else {(): 0})


def open_ids(
    connection: Connection, day: date, where: Mapping[str, Any] | None = None
) -> list[int]:
    statement = select(m.application_id).select_from(_joined).where(_open(day), *_has(where or {}))
    return list(connection.execute(statement.order_by(m.application_id)).scalars())


def ages(
    connection: Connection, day: date, where: Mapping[str, Any] | None = None
) -> dict[int, int]:
    """Working days since receipt -> how many of the open ones are that old when the day ends."""
    return _since(connection, f.received_day, day, *_has(where or {}))


def overdue_at(
    connection: Connection,
    day: date,
    clock: str = "legal",
    by: Sequence[str] = (),
    where: Mapping[str, Any] | None = None,
) -> dict[tuple[Any, ...], int]:
    """Values of the dimensions -> applications open when the day ended, whose clock (``legal``,
    ``sla``) had run out unanswered on that day or before."""
    keys = [DIMENSIONS[name].label(f"by_{name}") for name in by]
    rows = connection.execute(
        select(*keys, func.count())
        .select_from(_joined)
        .where(_open(day), _late(day, clock), *_has(where or {}))
        .group_by(*keys)
    )
    return {tuple(row[:-1]): row[-1] for row in rows} or ({} if by else {(): 0})


def overdue_ages(connection: Connection, day: date) -> dict[int, int]:
    """Working days since the legal deadline -> how many of the open ones that are past it. 0: the
    deadline is this day, or no day of work came after it."""
    return _since(connection, f.legal_due_day, day, _late(day, "legal"))


def _since(
    connection: Connection, begun: ColumnElement[date], day: date, *wanted: ColumnElement[bool]
) -> dict[int, int]:
    """Working days from ``begun`` to the day -> how many of those that were open when it ended."""
    first, today = t.report_day.alias("first"), t.report_day.alias("today")
    age = (today.c.ordinal - first.c.ordinal).label("age")
    rows = connection.execute(
        select(age, func.count())
        .select_from(_joined.join(first, first.c.day == begun).join(today, today.c.day == day))
        .where(_open(day), *wanted)
        .group_by(age)
    )
    return {int(row[0]): row[1] for row in rows}


def overdue_ids(
    connection: Connection, day: date, clock: str = "legal", where: Mapping[str, Any] | None = None
) -> list[int]:
    statement = select(m.application_id).select_from(_joined)
    late = statement.where(_open(day), _late(day, clock), *_has(where or {}))
    return list(connection.execute(late.order_by(m.application_id)).scalars())


def _late(day: date, clock: str) -> ColumnElement[bool]:
    settled = or_(f.settled_day.is_(None), f.settled_day > day)
    return (f[f"{clock}_due_day"] <= day) & settled


def daily(
    connection: Connection, first: date, last: date, period: str = "day"
) -> list[tuple[date, int, int, int]]:
    """(first day of the period, received, reopened, closed) for every period, empty ones too."""
    start = PERIODS[period]
    moves = m.kind.in_(("received", "reopened", "closed"))
    within = t.report_day.outerjoin(t.case_movement, (m.day == d.day) & moves)
    rows = connection.execute(
        select(
            start,
            *(_sum(m.kind == kind) for kind in ("received", "reopened", "closed")),
        )
        .select_from(within)
        .where(d.day.between(first, last))
        .group_by(start)
        .order_by(start)
    )
    return [(row[0], int(row[1]), int(row[2]), int(row[3])) for row in rows]


def board(
    connection: Connection,
    now: datetime,
    today: date,
    by: Sequence[str] = ("department", "status"),
) -> dict[str, Any]:
    """What is open now, for the live board: from the partial index over open applications.

    ``open``: one row for each combination of the dimensions ``by``, with how many are open, late
    by the legal deadline, due today by either, and when the oldest was received.
    """
    late = (f.legal_due_at < now) & f.settled_at.is_(None)
    due = func.coalesce(f.sla_due_day, f.legal_due_day)
    rows = connection.execute(
        select(
            *(DIMENSIONS[name].label(name) for name in by),
            func.count().label("open"),
            _sum(late).label("overdue"),
            _sum((due == today) & ~late & f.settled_at.is_(None)).label("due_today"),
            func.min(f.received_at).label("oldest"),
        )
        .where(f.is_open)
        .group_by(*(DIMENSIONS[name] for name in by))
    ).mappings()
    moved = connection.execute(
        select(m.kind, func.count())
        .where(m.day == today, m.kind.in_(("received", "reopened", "closed", "answered")))
        .group_by(m.kind)
    )
    return {"open": [dict(row) for row in rows], "today": {row[0]: row[1] for row in moved}}


def _open(day: date) -> ColumnElement[bool]:
    return _BEGINS & (m.day <= day) & (m.until_day.is_(None) | (m.until_day > day))


def _sum(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _has(where: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [has(DIMENSIONS[name], value) for name, value in where.items()]
