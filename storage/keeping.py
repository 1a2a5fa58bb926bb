"""Holds, restrictions, and the end of an application's personal data."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, or_, select, update

from storage import tables as t
from storage.dialect import insert

Rows = dict[str, int]


def put_hold(
    connection: Connection, application_id: int, reason: str, *, by: str, now: datetime
) -> bool:
    """False when it is held already."""
    make_row(connection, application_id)
    one = t.keeping.c
    return bool(
        connection.execute(
            update(t.keeping)
            .where(one.application_id == application_id, one.hold_since.is_(None))
            .values(hold_since=now, hold_by=by, hold_reason=reason)
        ).rowcount
    )


def lift_hold(connection: Connection, application_id: int) -> bool:
    one = t.keeping.c
    return bool(
        connection.execute(
            update(t.keeping)
            .where(one.application_id == application_id, one.hold_since.is_not(None))
            .values(hold_since=None, hold_by=None, hold_reason="")
        ).rowcount
    )


def restrict(
    connection: Connection, application_id: int, reason: str, *, by: str, now: datetime
) -> None:
    make_row(connection, application_id)
    connection.execute(
        update(t.keeping)
        .where(t.keeping.c.application_id == application_id)
        .values(restricted_at=now, restricted_by=by, restrict_reason=reason)
    )


def unrestrict(connection: Connection, application_id: int) -> bool:
    one = t.keeping.c
    return bool(
        connection.execute(
            update(t.keeping)
            .where(one.application_id == application_id, one.restricted_at.is_not(None))
            .values(restricted_at=None, restricted_by=None, restrict_reason="")
        ).rowcount
    )


def is_restricted() -> ColumnElement[bool]:
    """A condition on ``application``, for lists: hidden from ordinary users."""
    one = t.keeping.c
    mine = (one.application_id == t.application.c.id) & one.restricted_at.is_not(None)
    return select(one.application_id).where(mine).exists()


def has_open_proceeding(connection: Connection, application_id: int) -> bool:
    one = t.proceeding.c
    found = select(one.id).where(one.application_id == application_id, one.closed_on.is_(None))
    return connection.execute(found.limit(1)).first() is not None


def make_row(connection: Connection, application_id: int) -> None:
    row = insert(connection, t.keeping).values(application_id=application_id)
    connection.execute(row.on_conflict_do_nothing())


def due(
    connection: Connection, limits: Mapping[str, datetime], limit: int
) -> list[tuple[int, str]]:
    """(application id, rule): closed before the limit of their type, not held, not yet erased."""
    type_, closed_at = t.application.c.type, t.closing.c.closed_at
    known = [name for name in limits if name != "other"]
    over = or_(
        type_.not_in(known) & (closed_at < limits["other"]),
        *((type_ == name) & (closed_at < limits[name]) for name in known),
    )
    rule = case((type_.in_(known), type_), else_="other")
    rows = connection.execute(
        select(t.application.c.id, rule)
        .join(t.closing, t.closing.c.application_id == t.application.c.id)
        .where(t.closing.c.reopened_at.is_(None), over, _free())
        .order_by(closed_at)
        .limit(limit)
    )
    return [(row[0], f"retention:{row[1]}") for row in rows]


def _free() -> ColumnElement[bool]:
    """Neither held nor erased, and before no court."""
    one, other = t.keeping.c, t.proceeding.c
    kept = select(one.application_id).where(
        one.application_id == t.application.c.id,
        one.hold_since.is_not(None) | one.erased_at.is_not(None),
    )
    open_ = select(other.id).where(
        other.application_id == t.application.c.id, other.closed_on.is_(None)
    )
    return ~kept.exists() & ~open_.exists()


def may_erase(connection: Connection, application_id: int) -> bool:
    """Locks the application; whether it is closed, and nothing holds it."""
    found = connection.execute(
        select(t.application.c.status)
        .where(t.application.c.id == application_id, _free())
        .with_for_update(of=t.application)
    ).first()
    return found is not None and found.status == "closed"


def log(
    connection: Connection,
    application_id: int,
    rule: str,
    rows: Rows,
    blobs: int,
    *,
    by: str,
    now: datetime,
) -> None:
    connection.execute(
        t.disposal.insert().values(
            application_id=application_id, at=now, by=by, rule=rule, rows=rows, blobs=blobs
        )
    )


def disposals(connection: Connection, limit: int = 100) -> list[Mapping[str, Any]]:
    """The log of destruction, newest first."""
    rows = connection.execute(
        select(t.disposal, t.application.c.number)
        .join(t.application, t.application.c.id == t.disposal.c.application_id)
        .order_by(t.disposal.c.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]


def held(connection: Connection, limit: int = 200) -> list[Mapping[str, Any]]:
    """Applications that nothing is erased of, the newest hold first."""
    return _kept(connection, t.keeping.c.hold_since, limit)


def restricted(connection: Connection, limit: int = 200) -> list[Mapping[str, Any]]:
    """Applications that ordinary users do not see, the newest first."""
    return _kept(connection, t.keeping.c.restricted_at, limit)


def _kept(connection: Connection, since: Any, limit: int) -> list[Mapping[str, Any]]:
    a = t.application.c
    rows = connection.execute(
        select(t.keeping, a.number, a.type, a.status, a.department)
        .join(t.application, a.id == t.keeping.c.application_id)
        .where(since.is_not(None))
        .order_by(since.desc())
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]


def requests(connection: Connection, statuses: Collection[str]) -> list[Mapping[str, Any]]:
    """Data-protection requests in these states, the first due first."""
    a = t.application.c
    rows = connection.execute(
        select(a.id, a.number, a.status, a.department, a.received_at, a.legal_due_at)
        .where(a.type == "data_protection", a.status.in_(statuses), a.duplicate_of.is_(None))
        .order_by(a.legal_due_at, a.id)
    )
    return [dict(row) for row in rows.mappings()]
