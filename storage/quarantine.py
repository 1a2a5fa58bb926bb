"""The quarantine: raw items that no stage could see to, kept for ever with a cause."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from ingest.contract import ANNOUNCED
from storage import tables as t
from storage.dialect import chunks, insert

EXPECTED = ("machine-mail", ANNOUNCED)
"""Causes that say nothing is broken: they do not count against a channel's fuse."""

PARTIAL = ("oversized", "incomplete", "unreadable at the source")
"""Causes of items whose bytes are not all here: reading them again would change nothing."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One item in the quarantine, with what a person needs to decide."""

    id: int
    raw_id: int
    channel: str
    kind: str
    source_key: str
    sha256: str
    size: int
    received_at: datetime
    stage: str
    cause: str
    detail: str
    at: datetime
    closed_at: datetime | None
    closed_how: str | None
    trace: str


def items(
    connection: Connection,
    *,
    cause: str | None = None,
    channel: str | None = None,
    closed: bool = False,
    limit: int = 1000,
) -> list[Quarantined]:
    """Open (or also closed) items, newest first."""
    statement = _select().order_by(t.quarantine.c.id.desc()).limit(limit)
    if not closed:
        statement = statement.where(t.quarantine.c.closed_at.is_(None))
    if cause:
        statement = statement.where(t.quarantine.c.cause == cause)
    if channel:
        statement = statement.where(t.raw_item.c.channel == channel)
    return [Quarantined(**row) for row in connection.execute(statement).mappings()]


def item(connection: Connection, quarantine_id: int) -> Quarantined | None:
    row = connection.execute(_select().where(t.quarantine.c.id == quarantine_id)).mappings().first()
    return Quarantined(**row) if row else None


def _select() -> Select[Any]:
    own = ("id", "raw_id", "stage", "cause", "detail", "at", "closed_at", "closed_how")
    raw = ("channel", "kind", "source_key", "sha256", "size", "received_at", "trace")
    return select(
        *(t.quarantine.c[name] for name in own), *(t.raw_item.c[name] for name in raw)
    ).join(t.raw_item, t.raw_item.c.id == t.quarantine.c.raw_id)


def replay(
    connection: Connection,
    chosen: Sequence[Quarantined],
    queues: Mapping[int, str],
    *,
    by: str,
    now: datetime,
    as_person: bool = False,
) -> list[int]:
    """Put items back to the first stage. ``queues`` maps raw ids to the queue of their reader;
    ``as_person``: somebody looked, and a machine did not write them.

    Returns the raw ids that were open and go again. What was read of them before is dropped, so
    that they are read anew.
    """
    raw_ids = _close(connection, [one.id for one in chosen], "replayed", by, now)
    _forget_reading(connection, raw_ids)
    rows = [
        {
            "raw_id": i,
            "stage": "normalise",
            "queue": queues[i],
            "as_person": as_person,
            "due_at": now,
            "rung_at": now,
        }
        for i in raw_ids
    ]
    if rows:
        connection.execute(insert(connection, t.work).on_conflict_do_nothing(), rows)
    return raw_ids


def discard(
    connection: Connection, chosen: Sequence[Quarantined], *, by: str, now: datetime
) -> list[int]:
    """A person decided that nothing is to be done. The item and its bytes stay."""
    return _close(connection, [one.id for one in chosen], "discarded", by, now)


def ask_again(connection: Connection, chosen: Sequence[Quarantined]) -> None:
    """Ask the channel to fetch these items once more, whole."""
    for some in chunks([one.id for one in chosen]):
        wished = update(t.quarantine).where(t.quarantine.c.id.in_(some))
        connection.execute(wished.values(refetch=True))


def wanted_again(connection: Connection, channel: str) -> list[Quarantined]:
    """Items of a channel that an operator wants to be fetched again."""
    statement = _select().where(
        t.raw_item.c.channel == channel,
        t.quarantine.c.refetch,
        t.quarantine.c.closed_at.is_(None),
    )
    return [Quarantined(**row) for row in connection.execute(statement).mappings()]


def answer_again(connection: Connection, quarantine_id: int, detail: str | None) -> None:
    """The channel could not fetch it again: the wish is over, and ``detail`` says why."""
    connection.execute(
        update(t.quarantine)
        .where(t.quarantine.c.id == quarantine_id)
        .values(refetch=False, **({"detail": detail} if detail else {}))
    )


def recent_share(connection: Connection, since: datetime) -> dict[str, tuple[int, int]]:
    """Channel -> (set aside and not expected, landed) of what landed since then."""
    c = t.raw_item.c
    landed = select(c.channel, func.count()).where(c.landed_at >= since).group_by(c.channel)
    poisoned = landed.join(t.quarantine, t.quarantine.c.raw_id == c.id).where(
        t.quarantine.c.closed_at.is_(None), t.quarantine.c.cause.not_in(EXPECTED)
    )
    poison = {row[0]: row[1] for row in connection.execute(poisoned)}
    counts = connection.execute(landed)
    return {row[0]: (poison.get(row[0], 0), row[1]) for row in counts}


def _close(
    connection: Connection, ids: Collection[int], how: str, by: str, now: datetime
) -> list[int]:
    closed: list[int] = []
    for some in chunks(sorted(ids)):
        rows = connection.execute(
            update(t.quarantine)
            .where(t.quarantine.c.id.in_(some), t.quarantine.c.closed_at.is_(None))
            .values(closed_at=now, closed_how=how, closed_by=by)
            .returning(t.quarantine.c.raw_id)
        )
        closed += rows.scalars()
    return sorted(closed)


def _forget_reading(connection: Connection, raw_ids: Collection[int]) -> None:
    for some in chunks(sorted(raw_ids)):
        mine = t.message.c.raw_id.in_(some)
        ids = select(t.message.c.id).where(mine).scalar_subquery()
        for table in (t.attachment, t.person_key, t.search_text):
            connection.execute(table.delete().where(table.c.message_id.in_(ids)))
        connection.execute(t.message.delete().where(mine))
