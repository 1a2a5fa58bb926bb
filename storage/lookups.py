"""Questions to company systems, and what they said. A claim is held while a system is asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage import claims
from storage import tables as t

PENDING = "pending"
Row = dict[str, Any]


def ask(
    connection: Connection,
    application_ids: Collection[int],
    systems: Collection[str],
    *,
    by: str,
    now: datetime,
) -> list[int]:
    """Write a question to each system about each application; returns their ids. What is asked is
    read from the application when the system is asked."""
    pairs = [(i, system) for i in sorted(application_ids) for system in systems]
    if not pairs:
        return []
    rows = [
        {
            "application_id": i,
            "system": system,
            "state": PENDING,
            "asked": [],
            "found": [],
            "at": now,
            "by": by,
            "due_at": now,
        }
        for i, system in pairs
    ]
    inserted = connection.execute(t.lookup.insert().returning(t.lookup.c.id), rows)
    return sorted(inserted.scalars())


@dataclass(frozen=True, slots=True)
class Question:
    """One row that is to be asked."""

    id: int
    application_id: int
    system: str
    by: str
    attempts: int
    at: datetime


def claim(
    connection: Connection,
    *,
    ids: Collection[int] | None,
    limit: int,
    now: datetime,
    hold: timedelta,
) -> tuple[claims.Claim, list[Question]]:
    wanted = t.lookup.c.state == PENDING
    held = claims.claim(connection, t.lookup, wanted, ids=ids, limit=limit, now=now, hold=hold)
    columns = [t.lookup.c[name] for name in Question.__slots__]
    rows = connection.execute(
        select(*columns).where(t.lookup.c.id.in_(held.ids)).order_by(t.lookup.c.id)
    )
    return held, [Question(*row) for row in rows]


def settle(
    connection: Connection,
    held: claims.Claim,
    row_id: int,
    state: str,
    *,
    detail: str,
    asked: Sequence[Mapping[str, Any]],
    found: Sequence[Mapping[str, Any]],
    now: datetime,
) -> bool:
    """Write what a system said. False when the row is not ours any more."""
    return bool(
        claims.release(
            connection,
            t.lookup,
            held,
            [row_id],
            state=state,
            detail=detail,
            asked=list(asked),
            found=list(found),
            answered_at=now,
        )
    )


def put_off(
    connection: Connection, held: claims.Claim, row_id: int, detail: str, due_at: datetime
) -> None:
    """The system does not answer: asked again from ``due_at`` on."""
    values = {"detail": detail, "due_at": due_at, "rung_at": None}
    claims.release(connection, t.lookup, held, [row_id], **values)


def overdue(connection: Connection, *, now: datetime, quiet: timedelta, limit: int) -> list[int]:
    wanted = t.lookup.c.state == PENDING
    before = now - quiet
    return list(
        claims.overdue(connection, t.lookup, wanted, now=now, rung_before=before, limit=limit)
    )


def of(connection: Connection, application_id: int) -> list[Row]:
    """What was asked about an application, newest first. ``found`` holds personal data."""
    names = ("id", "system", "state", "detail", "asked", "found", "at", "by", "answered_at")
    rows = connection.execute(
        select(*(t.lookup.c[name] for name in names))
        .where(t.lookup.c.application_id == application_id)
        .order_by(t.lookup.c.id.desc())
    )
    return [dict(row) for row in rows.mappings()]


def waiting(connection: Connection) -> list[Row]:
    """By system: questions that wait, since when, and what the last try said."""
    rows = connection.execute(
        select(
            t.lookup.c.system,
            func.count().label("waiting"),
            func.min(t.lookup.c.at).label("since"),
            func.max(t.lookup.c.detail).label("detail"),
        )
        .where(t.lookup.c.state == PENDING)
        .group_by(t.lookup.c.system)
        .order_by(t.lookup.c.system)
    )
    return [dict(row) for row in rows.mappings()]


def identifiers(connection: Connection, application_id: int) -> list[Mapping[str, Any]]:
    """The identifiers of every message of an application (as in normalizers.schema), oldest
    first."""
    rows = connection.execute(
        select(t.message.c.document["identifiers"])
        .join(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(t.filing.c.application_id == application_id, t.filing.c.how != "machine")
        .order_by(t.message.c.id)
    )
    return [found for found in rows.scalars() if found]


def hasten(connection: Connection, system: str, now: datetime) -> int:
    """Ask now what was put off: the system is said to work again."""
    mine = (t.lookup.c.system == system) & (t.lookup.c.state == PENDING)
    again = update(t.lookup).where(mine).values(due_at=now, rung_at=None)
    return connection.execute(again).rowcount
