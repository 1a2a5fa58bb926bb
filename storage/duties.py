"""Rows of the outbox that did not arrive by themselves, and what a person does about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage import tables as t
from storage.outbox import OPEN_DUTY


def close_duty(
    connection: Connection, application_id: int, purpose: str, state: str, how: str, now: datetime
) -> tuple[int, str] | None:
    """Move a row that is an open duty to ``state``; to ``pending`` only where there is a way to
    send it. Returns (id, medium), or None when nothing fits."""
    fits: ColumnElement[bool] = t.outbox.c.state.in_(OPEN_DUTY)
    if state == "pending":
        fits = fits & (t.outbox.c.medium != "none")
    row = connection.execute(
        update(t.outbox)
        .where(t.outbox.c.application_id == application_id, t.outbox.c.purpose == purpose, fits)
        .values(
            state=state,
            detail=how,
            settled_at=now,
            due_at=now,
            created_at=now,
            attempts=0,
            claim=None,
        )
        .returning(t.outbox.c.id, t.outbox.c.medium)
    ).first()
    return (row.id, row.medium) if row else None


def release(
    connection: Connection,
    application_id: int,
    purpose: str,
    *,
    medium: str,
    recipient: str,
    text: str,
    due_at: datetime,
    now: datetime,
) -> int | None:
    """Somebody can be reached now: send what could not be sent. Returns the row's id; None when
    it was sent, or is on its way, or was deliberately not sent."""
    stuck = t.outbox.c.state.in_(("no_phone", "failed"))
    return connection.execute(
        update(t.outbox)
        .where(t.outbox.c.application_id == application_id, t.outbox.c.purpose == purpose, stuck)
        .values(
            state="pending",
            medium=medium,
            recipient=recipient,
            text=text,
            detail="contact details were given",
            due_at=due_at,
            created_at=now,
            rung_at=now,
            attempts=0,
            claim=None,
            claimed_until=None,
        )
        .returning(t.outbox.c.id)
    ).scalar()


def supersede(
    connection: Connection, application_id: int, purpose: str, how: str, now: datetime
) -> None:
    """What this row was to say goes another way: it is no open duty, and nobody calls any more."""
    one = t.outbox.c
    to_call = (one.state == "pending") & (one.medium == "phone")
    connection.execute(
        update(t.outbox)
        .where(
            one.application_id == application_id,
            one.purpose == purpose,
            one.state.in_(OPEN_DUTY) | to_call,
        )
        .values(state="met", detail=how, settled_at=now)
    )


def settle_by_person(
    connection: Connection, outbox_id: int, state: str, detail: str, now: datetime
) -> bool:
    """A person carried something out (a call, a letter). False when it is settled already."""
    one = t.outbox.c
    return bool(
        connection.execute(
            update(t.outbox)
            .where(one.id == outbox_id, one.state.in_(("pending", "accepted", "failed")))
            .values(state=state, detail=detail, settled_at=now, claim=None)
        ).rowcount
    )


def reopen_duty(connection: Connection, outbox_id: int, detail: str) -> None:
    """What was thought to have arrived did not: it is owed again."""
    one = t.outbox.c
    connection.execute(
        update(t.outbox).where(one.id == outbox_id).values(state="failed", detail=detail)
    )


def acknowledgements(connection: Connection) -> list[dict[str, Any]]:
    """Applicants who may not know their number, oldest first, with what is known to reach them."""
    o, a = t.outbox.c, t.application.c
    rows = connection.execute(
        select(
            *(o.id, o.medium, o.state, o.detail, o.recipient, o.created_at),
            *(a.number, a.channel, a.status, a.department, a.recorded_at),
            *(a.applicant_phone, a.applicant_email),
        )
        .join(t.application, a.id == o.application_id)
        .where(o.state.in_(OPEN_DUTY), o.purpose.startswith("received"))
        .order_by(o.id)
    )
    return [dict(row) for row in rows.mappings()]
