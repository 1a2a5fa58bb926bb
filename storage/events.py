"""The history of each application: append-only, each event chained to the one before by hash."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select

from storage import tables as t
from storage.dialect import among, insert_all
from storage.reporting import facts

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an application. ``data`` is JSON; personal data stays in the
    message that it came with, and is not repeated here."""

    application_id: int
    kind: str
    actor: str = "system"
    data: Mapping[str, Any] = field(default_factory=dict)


def append(connection: Connection, events: Sequence[Event], now: datetime) -> None:
    """Add events in order, and bring what is counted to them. The applications' rows must be locked
    by the caller."""
    if not events:
        return
    last = _last(connection, {event.application_id for event in events})
    rows = []
    for event in events:
        seq, previous = last.get(event.application_id, (0, FIRST))
        row = _row(event, seq + 1, previous, now)
        last[event.application_id] = (seq + 1, row["hash"])
        rows.append(row)
    insert_all(connection, t.event, rows)
    facts.follow(connection, last)


def chain_hash(previous: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the hash before and what happened, as canonical JSON."""
    content = [
        row["application_id"],
        row["seq"],
        row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        row["kind"],
        row["actor"],
        row["data"],
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256((previous + text).encode()).hexdigest()


def _row(event: Event, seq: int, previous: str, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "application_id": event.application_id,
        "seq": seq,
        "at": now,
        "kind": event.kind,
        "actor": event.actor,
        "data": dict(event.data),
        "previous": previous,
    }
    return row | {"hash": chain_hash(previous, row)}


def _last(connection: Connection, ids: Collection[int]) -> dict[int, tuple[int, str]]:
    newest = (
        select(t.event.c.application_id, func.max(t.event.c.seq).label("seq"))
        .where(among(t.event.c.application_id, ids))
        .group_by(t.event.c.application_id)
        .subquery()
    )
    rows = connection.execute(
        select(t.event.c.application_id, t.event.c.seq, t.event.c.hash).join(
            newest,
            (newest.c.application_id == t.event.c.application_id) & (newest.c.seq == t.event.c.seq),
        )
    )
    return {row.application_id: (row.seq, row.hash) for row in rows}
