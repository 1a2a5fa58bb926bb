"""Claiming rows: who works on what, for how long, and how often it was tried.

A claim is a token and a time on the row. It is committed before the work starts, so a row that
kills its worker counts its attempts (the broker keeps no such count). Results are written only
where the token still stands: a worker that slept past its claim changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, Connection, Table, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage.dialect import among, skip_locked


@dataclass(frozen=True, slots=True)
class Claim:
    """``ids`` are held under ``token`` until ``until``; ``attempts`` counts this one too."""

    token: str
    ids: tuple[int, ...]
    attempts: dict[int, int]


def is_free(table: Table, now: datetime) -> ColumnElement[bool]:
    """Due, and held by nobody who is still alive."""
    until = table.c.claimed_until
    return (table.c.due_at <= now) & or_(until.is_(None), until < now)


def claim(
    connection: Connection,
    table: Table,
    wanted: ColumnElement[bool],
    *,
    ids: Collection[int] | None,
    limit: int,
    now: datetime,
    hold: timedelta,
) -> Claim:
    """Take up to ``limit`` free rows that are ``wanted``, of ``ids`` or (None) of all."""
    key = _key(table)
    free = select(key).where(wanted, is_free(table, now)).order_by(table.c.due_at, key).limit(limit)
    if ids is not None:
        free = free.where(among(key, ids))
    token = uuid4().hex
    taken = connection.execute(
        update(table)
        .where(key.in_(skip_locked(free).scalar_subquery()))
        .values(claim=token, claimed_until=now + hold, attempts=table.c.attempts + 1)
        .returning(key, table.c.attempts)
    ).all()
    attempts = {row[0]: row[1] for row in taken}
    return Claim(token, tuple(sorted(attempts)), attempts)


def release(
    connection: Connection, table: Table, held: Claim, ids: Collection[int], **values: Any
) -> set[int]:
    """Give rows back with ``values`` set. Returns those that were still ours."""
    if not ids:
        return set()
    key = _key(table)
    rows = connection.execute(
        update(table)
        .where(among(key, ids), table.c.claim == held.token)
        .values(claim=None, claimed_until=None, **values)
        .returning(key)
    )
    return set(rows.scalars())


def still_ours(connection: Connection, table: Table, held: Claim, ids: Collection[int]) -> set[int]:
    """Lock the rows that still carry our token: nobody can take them before we commit."""
    key = _key(table)
    rows = connection.execute(
        select(key).where(among(key, ids), table.c.claim == held.token).with_for_update()
    )
    return set(rows.scalars())


def overdue(
    connection: Connection,
    table: Table,
    wanted: ColumnElement[bool],
    *,
    now: datetime,
    rung_before: datetime,
    limit: int,
) -> Sequence[int]:
    """Free rows that were not rung for since ``rung_before``, marked as rung for now."""
    key = _key(table)
    rung = table.c.rung_at
    quiet = or_(rung.is_(None), rung < rung_before)
    found = (
        select(key)
        .where(wanted, is_free(table, now), quiet)
        .order_by(table.c.due_at, key)
        .limit(limit)
    )
    rows = connection.execute(
        update(table)
        .where(key.in_(skip_locked(found).scalar_subquery()))
        .values(rung_at=now)
        .returning(key)
    )
    return sorted(rows.scalars())


def _key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key.columns))
