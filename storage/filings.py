"""Filings after the fact: looking at them, and changing them when a person decides otherwise."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage import tables as t


def pairs(connection: Connection) -> list[dict[str, Any]]:
    """Near-duplicates that were attached, and open suggestions, newest first."""
    attached = select(
        t.filing.c.message_id.label("message"),
        t.application.c.number,
        t.filing.c.score,
        t.filing.c.reasons,
        t.filing.c.at,
        t.filing.c.how.label("state"),
    ).join(t.application, t.application.c.id == t.filing.c.application_id)
    suggested = select(
        t.suggestion.c.message_id.label("message"),
        t.application.c.number,
        t.suggestion.c.score,
        t.suggestion.c.reasons,
        t.suggestion.c.at,
        t.suggestion.c.state,
    ).join(t.application, t.application.c.id == t.suggestion.c.application_id)
    rows = [
        *connection.execute(attached.where(t.filing.c.how == "near")).mappings(),
        *connection.execute(suggested.where(t.suggestion.c.state == "open")).mappings(),
    ]
    found = [dict(row) | {"state": _STATES[row["state"]]} for row in rows]
    return sorted(found, key=lambda row: row["at"], reverse=True)


_STATES = {"near": "attached", "open": "suggested"}


def raw_of(connection: Connection, message_id: int) -> int | None:
    return connection.execute(
        select(t.message.c.raw_id).where(t.message.c.id == message_id)
    ).scalar()


def application_of(connection: Connection, message_id: int) -> tuple[int, str] | None:
    """(application id, how) of a message that was filed."""
    row = connection.execute(
        select(t.filing.c.application_id, t.filing.c.how).where(t.filing.c.message_id == message_id)
    ).first()
    return (row.application_id, row.how) if row else None


def move(
    connection: Connection,
    message_id: int,
    application_id: int,
    *,
    how: str,
    reasons: Sequence[Mapping[str, Any]],
    by: str,
    now: datetime,
) -> None:
    """The message belongs to this application from now on."""
    connection.execute(
        update(t.filing)
        .where(t.filing.c.message_id == message_id)
        .values(
            application_id=application_id,
            how=how,
            score=None,
            reasons=[dict(reason) for reason in reasons],
            by=by,
            at=now,
        )
    )


def move_all(connection: Connection, old: int, new: int, *, by: str, now: datetime) -> None:
    """Every message of one application belongs to another from now on."""
    connection.execute(
        update(t.filing)
        .where(t.filing.c.application_id == old)
        .values(application_id=new, how="near", reasons=[{"code": "joined"}], by=by, at=now)
    )


def messages_of(connection: Connection, application_id: int) -> int:
    return int(
        connection.execute(
            select(func.count()).where(t.filing.c.application_id == application_id)
        ).scalar_one()
    )


def is_duplicate(connection: Connection, application_id: int) -> bool:
    return bool(
        connection.execute(
            select(t.application.c.duplicate_of).where(t.application.c.id == application_id)
        ).scalar()
    )


def mark_duplicate(connection: Connection, application_id: int, of: int) -> None:
    """It, and what was joined into it before, is a duplicate of another."""
    connection.execute(
        update(t.application)
        .where(
            (t.application.c.id == application_id)
            | (t.application.c.duplicate_of == application_id)
        )
        .values(duplicate_of=of, status="duplicate")
    )


def close_suggestions(
    connection: Connection, message_id: int, state: str, *, by: str, now: datetime
) -> None:
    connection.execute(
        update(t.suggestion)
        .where(t.suggestion.c.message_id == message_id, t.suggestion.c.state == "open")
        .values(state=state, closed_at=now, closed_by=by)
    )
