"""Filings after the fact: looking at them, and changing them when a person decides otherwise."""

from collections.abc import Collection, Mapping, Sequence
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


def duplicates_of(connection: Connection, application_id: int) -> list[int]:
    """Applications that were joined into this one."""
    c = t.application.c
    return list(
        connection.execute(
            select(c.id).where(c.duplicate_of == application_id).order_by(c.id)
        ).scalars()
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


def unmark_duplicate(
    connection: Connection, application_id: int, status: str, followers: Collection[int]
) -> None:
    """It stands for itself again, and so do those that had been joined into it before."""
    c = t.application.c
    connection.execute(
        update(t.application).where(c.id == application_id).values(duplicate_of=None, status=status)
    )
    connection.execute(
        update(t.application)
        .where(c.id.in_(followers), c.duplicate_of.is_not(None))
        .values(duplicate_of=application_id)
    )


def in_full(connection: Connection, application_id: int) -> list[dict[str, Any]]:
    """``message, how, score, reasons`` of every filing in an application, to be put back."""
    f = t.filing.c
    rows = connection.execute(
        select(f.message_id.label("message"), f.how, f.score, f.reasons)
        .where(f.application_id == application_id)
        .order_by(f.message_id)
    )
    return [dict(row) for row in rows.mappings()]


def put_back(
    connection: Connection,
    filings: Sequence[Mapping[str, Any]],
    *,
    old: int,
    new: int,
    by: str,
    now: datetime,
) -> list[int]:
    """File messages in ``old`` again as they were, those that are still in ``new``: which they
    were."""
    f, moved = t.filing.c, []
    for one in filings:
        done = connection.execute(
            update(t.filing)
            .where(f.message_id == one["message"], f.application_id == new)
            .values(
                application_id=old,
                how=one["how"],
                score=one["score"],
                reasons=one["reasons"],
                by=by,
                at=now,
            )
        )
        moved += [int(one["message"])] * done.rowcount
    return moved


def last_joining(connection: Connection, application_id: int) -> Mapping[str, Any] | None:
    """What the history says of the last time that it was joined into another."""
    e = t.event.c
    found: Mapping[str, Any] | None = connection.execute(
        select(e.data)
        .where(e.application_id == application_id, e.kind == "joined_into")
        .order_by(e.seq.desc())
        .limit(1)
    ).scalar()
    return found


def last_said(connection: Connection, application_id: int) -> datetime | None:
    """When we last asked or answered the applicant in it, or closed it."""
    e = t.event.c
    found: datetime | None = connection.execute(
        select(func.max(e.at)).where(
            e.application_id == application_id, e.kind.in_(("asked", "answered", "closed"))
        )
    ).scalar()
    return found
