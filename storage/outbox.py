"""What we owe applicants: rows that are written before anything is sent.

States, and what moves a row on:

``pending``     to be handed over when due.
``submitting``  the gateway is being called: a row found here after its claim ran out is unknown.
``unknown``     it may have been taken: asked about before it is sent again, never sent blindly.
``accepted``    the provider has it; a receipt may follow.
``delivered``   the receipt says so.
``failed``      it will not arrive (receipt, or refused for good): an open duty.
``no_phone``    there is no way to reach the applicant: an open duty.
``suppressed``  deliberately not sent (a machine, ourselves, too many): not a duty.
``met``         a person met the duty on another way.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Update, bindparam, case, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from normalizers.clean import storable_text
from storage import claims
from storage import tables as t
from storage.dialect import among, insert_all

ASK_AFTER = timedelta(seconds=30)
"""A slow answer, or a receipt, usually settles an unknown hand-over by itself within this time."""

OPEN_DUTY = ("no_phone", "failed", "unknown")
"""States in which the applicant may not know the number, and a person should look."""

FORWARD: Mapping[str, tuple[str, ...]] = {
    "accepted": ("submitting", "unknown", "pending"),
    "delivered": ("submitting", "unknown", "accepted", "failed", "pending"),
    "failed": ("submitting", "unknown", "accepted", "pending"),
}
"""State -> states that may move to it: a late or repeated receipt changes nothing."""


@dataclass(frozen=True, slots=True)
class NewOutbox:
    """One thing that is owed to an applicant."""

    application_id: int
    purpose: str
    medium: str
    recipient: str = field(repr=False)
    language: str
    text: str = field(repr=False)
    state: str
    detail: str
    due_at: datetime
    trace: str
    in_reply_to: str | None = None
    answers: int | None = None
    """The message that is answered in its channel."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row that is to be sent."""

    id: int
    application_id: int
    number: str
    purpose: str
    reference: str
    recipient: str = field(repr=False)
    language: str
    text: str = field(repr=False)
    subject: str = field(repr=False)
    in_reply_to: str | None = field(repr=False)
    state: str
    provider_id: str | None
    trace: str
    created_at: datetime
    submitted_at: datetime | None
    attempts: int


def new_reference() -> str:
    """Ours, unique, ``[0-9a-z-]`` only, starts with ``bv``: travels through any gateway."""
    return f"bv{token_hex(10)}"


def owe_all(connection: Connection, rows: Sequence[NewOutbox], now: datetime) -> None:
    values = [
        {name: getattr(row, name) for name in NewOutbox.__slots__}
        | {"reference": new_reference(), "created_at": now, "rung_at": now}
        for row in rows
    ]
    insert_all(connection, t.outbox, values)


def ids_due(
    connection: Connection, application_ids: Collection[int], purpose: str | None = None
) -> list[tuple[int, str]]:
    """(id, medium) of pending rows of these applications, of one purpose or of all."""
    wanted = select(t.outbox.c.id, t.outbox.c.medium).where(
        among(t.outbox.c.application_id, application_ids), t.outbox.c.state == "pending"
    )
    if purpose is not None:
        wanted = wanted.where(t.outbox.c.purpose == purpose)
    rows = connection.execute(wanted)
    return [(row.id, row.medium) for row in rows]


def claim(
    connection: Connection,
    medium: str,
    *,
    ids: Collection[int] | None,
    limit: int,
    now: datetime,
    hold: timedelta,
    state: str = "pending",
) -> tuple[claims.Claim, list[OutboxRow]]:
    wanted = (t.outbox.c.medium == medium) & (t.outbox.c.state == state)
    held = claims.claim(connection, t.outbox, wanted, ids=ids, limit=limit, now=now, hold=hold)
    return held, _rows(connection, held.ids)


def _rows(connection: Connection, ids: Collection[int]) -> list[OutboxRow]:
    if not ids:
        return []
    names = set(OutboxRow.__slots__) - {"number", "subject"}
    rows = connection.execute(
        select(
            *(t.outbox.c[name] for name in names), t.application.c.number, t.application.c.subject
        )
        .join(t.application, t.application.c.id == t.outbox.c.application_id)
        .where(among(t.outbox.c.id, ids))
        .order_by(t.outbox.c.id)
    )
    return [OutboxRow(**row) for row in rows.mappings()]


def mark_submitting(
    connection: Connection,
    held: claims.Claim,
    ids: Collection[int],
    gateway: str,
    *,
    now: datetime,
    hold: timedelta,
) -> set[int]:
    """Write ahead: from here on a crash leaves these rows unknown, not pending. The claim is
    renewed, so that it covers the hand-over however long the batch has taken so far."""
    if not ids:
        return set()
    key = t.outbox.c.id
    rows = connection.execute(
        update(t.outbox)
        .where(among(key, ids), t.outbox.c.claim == held.token, t.outbox.c.state == "pending")
        .values(state="submitting", gateway=gateway, submitted_at=now, claimed_until=now + hold)
        .returning(key)
    )
    return set(rows.scalars())


def settle(
    connection: Connection, held: claims.Claim, row_id: int, state: str, **values: Any
) -> None:
    """Write what became of one row, and give it back.

    A receipt may have been faster than we are: a row that already moved on is left as it is.
    """
    mine = _still_mine(held, row_id)
    if values.get("provider_id"):
        values["provider_id"] = storable_text(values["provider_id"])[:120]
    moved = connection.execute(
        update(t.outbox)
        .where(mine, t.outbox.c.state.in_(("submitting", "unknown", "pending")))
        .values(state=state, claim=None, claimed_until=None, **values)
    )
    if not moved.rowcount:
        values = {k: v for k, v in values.items() if k in {"provider_id", "parts", "price"}}
        connection.execute(
            update(t.outbox).where(mine).values(claim=None, claimed_until=None, **values)
        )


def settle_all(
    connection: Connection, held: claims.Claim, rows: Mapping[int, tuple[str, Mapping[str, Any]]]
) -> None:
    """What became of many rows: id -> (state, values). One statement where all fared alike."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row_id, (state, values) in rows.items():
        given = {"b_id": row_id, "state": state, **values}
        if given.get("provider_id"):
            given["provider_id"] = storable_text(given["provider_id"])[:120]
        alike.setdefault(tuple(sorted(given)), []).append(given)
    for names, group in alike.items():
        moved = connection.execute(_settling(held.token, names), group)
        if moved.rowcount != len(group):  # a receipt was faster for some of them: see settle
            for one in group:
                state, values = rows[one["b_id"]]
                settle(connection, held, one["b_id"], state, **values)


def _settling(token: str, names: Collection[str]) -> Update:
    columns: dict[str, Any] = {name: bindparam(name) for name in names if name != "b_id"}
    return (
        update(t.outbox)
        .where(
            t.outbox.c.id == bindparam("b_id"),
            t.outbox.c.claim == token,
            or_(*(t.outbox.c.state == one for one in ("submitting", "unknown", "pending"))),
        )
        .values(claim=None, claimed_until=None, **columns)
    )


def _still_mine(held: claims.Claim, row_id: int) -> ColumnElement[bool]:
    """Ours, or taken from us as abandoned while the gateway was still answering."""
    abandoned = t.outbox.c.claim.is_(None) & (t.outbox.c.state == "unknown")
    return (t.outbox.c.id == row_id) & ((t.outbox.c.claim == held.token) | abandoned)


def abandoned(connection: Connection, now: datetime) -> int:
    """Rows whose sender died between write-ahead and result. Returns how many.

    An SMS becomes unknown. A mail goes again: it keeps its Message-ID, so mailboxes show it once.
    """
    lost = (t.outbox.c.state == "submitting") & (t.outbox.c.claimed_until < now)
    is_mail = t.outbox.c.medium == "email"
    return connection.execute(
        update(t.outbox)
        .where(lost)
        .values(
            state=case((is_mail, "pending"), else_="unknown"),
            claim=None,
            claimed_until=None,
            attempts=0,
            due_at=case((is_mail, now), else_=now + ASK_AFTER),
            detail="the sender stopped between hand-over and result",
        )
    ).rowcount


def overdue(
    connection: Connection, state: str, medium: str, *, now: datetime, quiet: timedelta, limit: int
) -> list[int]:
    wanted = (t.outbox.c.state == state) & (t.outbox.c.medium == medium)
    return list(
        claims.overdue(connection, t.outbox, wanted, now=now, rung_before=now - quiet, limit=limit)
    )


def apply_receipt(
    connection: Connection,
    state: str,
    *,
    reference: str,
    provider_id: str,
    gateway: str,
    detail: str,
    now: datetime,
) -> bool:
    """Move the row that a receipt speaks of forward. False: we know no such row."""
    which = _named(reference, provider_id, gateway)
    found = connection.execute(select(t.outbox.c.id).where(which)).scalars().all()
    values: dict[str, Any] = {"state": state, "detail": storable_text(detail)[:500]}
    values["accepted_at" if state == "accepted" else "settled_at"] = now
    connection.execute(
        update(t.outbox)
        .where(among(t.outbox.c.id, found), t.outbox.c.state.in_(FORWARD[state]))
        .values(values)
    )
    return bool(found)


def _named(reference: str, provider_id: str, gateway: str) -> ColumnElement[bool]:
    if reference:
        return t.outbox.c.reference == reference
    return (t.outbox.c.provider_id == provider_id) & (t.outbox.c.gateway == gateway)


def awaiting_receipt(
    connection: Connection, *, since: datetime, limit: int
) -> list[tuple[str, datetime]]:
    """(provider id, accepted at) of SMS that were accepted since then and not settled yet."""
    rows = connection.execute(
        select(t.outbox.c.provider_id, t.outbox.c.accepted_at)
        .where(
            t.outbox.c.state == "accepted",
            t.outbox.c.medium == "sms",
            t.outbox.c.accepted_at >= since,
            t.outbox.c.provider_id.is_not(None),
        )
        .order_by(t.outbox.c.accepted_at)
        .limit(limit)
    )
    return [(row.provider_id, row.accepted_at) for row in rows]


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


def spent_since(connection: Connection, since: datetime) -> float:
    """Price of everything handed over since then."""
    total = connection.execute(
        select(func.coalesce(func.sum(t.outbox.c.price), 0.0)).where(
            t.outbox.c.submitted_at >= since
        )
    ).scalar_one()
    return float(total)


def owed_to(
    connection: Connection, keys: Collection[int], since: datetime
) -> dict[int, list[datetime]]:
    """Person key -> when acknowledgements to that person were written since then."""
    out: dict[int, list[datetime]] = {}
    if not keys:
        return out
    for row in connection.execute(
        select(t.person_key.c.key, t.outbox.c.created_at)
        .join(t.filing, t.filing.c.message_id == t.person_key.c.message_id)
        .join(t.outbox, t.outbox.c.application_id == t.filing.c.application_id)
        .where(
            among(t.person_key.c.key, keys),
            t.person_key.c.own,
            t.outbox.c.created_at >= since,
            t.outbox.c.purpose == "received",
            t.outbox.c.state != "suppressed",
            t.filing.c.how == "opened",
        )
    ):
        out.setdefault(row.key, []).append(row.created_at)
    return out
