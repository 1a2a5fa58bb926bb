"""Daemons that say they are alive, jobs that only one of them does, and gateways' callbacks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from storage import claims
from storage import tables as t
from storage.dialect import insert


def beat(
    connection: Connection, process_id: str, role: str, *, started_at: datetime, now: datetime
) -> None:
    row = insert(connection, t.process).values(
        id=process_id, role=role, started_at=started_at, beat_at=now
    )
    connection.execute(
        row.on_conflict_do_update(index_elements=["id"], set_={"beat_at": now, "role": role})
    )


def gone(connection: Connection, process_id: str) -> None:
    connection.execute(delete(t.process).where(t.process.c.id == process_id))


def forget_silent(connection: Connection, before: datetime) -> None:
    connection.execute(delete(t.process).where(t.process.c.beat_at < before))


def alive(connection: Connection, since: datetime) -> list[tuple[str, str, datetime]]:
    """(id, role, last beat) of processes that were heard since then."""
    rows = connection.execute(
        select(t.process.c.id, t.process.c.role, t.process.c.beat_at)
        .where(t.process.c.beat_at >= since)
        .order_by(t.process.c.role, t.process.c.id)
    )
    return [(row.id, row.role, row.beat_at) for row in rows]


def take_job(
    connection: Connection, name: str, holder: str, *, now: datetime, length: timedelta
) -> bool:
    """Whether this process does the job now: one holder at a time, over all machines."""
    row = insert(connection, t.lease).values(name=name, holder=holder, until=now + length)
    row = row.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "until": now + length},
        where=or_(t.lease.c.holder == holder, t.lease.c.until < now),
    )
    return bool(connection.execute(row.returning(t.lease.c.name)).scalar())


def drop_jobs(connection: Connection, holder: str) -> None:
    connection.execute(delete(t.lease).where(t.lease.c.holder == holder))


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """What a gateway posted to us, as it came."""

    id: int
    gateway: str
    reference: str
    method: str
    query: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str
    attempts: int


def keep_callback(
    connection: Connection,
    *,
    gateway: str,
    reference: str,
    method: str,
    query: Mapping[str, str],
    body: bytes,
    content_type: str,
    now: datetime,
) -> int:
    """Store a callback before it is answered. Returns its id."""
    return int(
        connection.execute(
            t.callback.insert()
            .values(
                gateway=gateway,
                reference=reference,
                method=method,
                query=dict(query),
                body=body,
                content_type=content_type[:200],
                at=now,
                due_at=now,
                rung_at=now,
            )
            .returning(t.callback.c.id)
        ).scalar_one()
    )


def claim_callbacks(
    connection: Connection,
    *,
    ids: Collection[int] | None,
    limit: int,
    now: datetime,
    hold: timedelta,
) -> tuple[claims.Claim, list[CallbackRow]]:
    waiting = t.callback.c.state == "waiting"
    held = claims.claim(connection, t.callback, waiting, ids=ids, limit=limit, now=now, hold=hold)
    names = CallbackRow.__slots__
    rows = connection.execute(
        select(*(t.callback.c[name] for name in names))
        .where(t.callback.c.id.in_(held.ids))
        .order_by(t.callback.c.id)
    ).mappings()
    return held, [CallbackRow(**row) for row in rows]


def settle_callback(
    connection: Connection, held: claims.Claim, callback_id: int, state: str, detail: str = ""
) -> None:
    mine = (t.callback.c.id == callback_id) & (t.callback.c.claim == held.token)
    connection.execute(
        update(t.callback)
        .where(mine)
        .values(state=state, detail=detail, claim=None, claimed_until=None)
    )


def overdue_callbacks(
    connection: Connection, *, now: datetime, quiet: timedelta, limit: int
) -> list[int]:
    waiting = t.callback.c.state == "waiting"
    return list(
        claims.overdue(
            connection, t.callback, waiting, now=now, rung_before=now - quiet, limit=limit
        )
    )
