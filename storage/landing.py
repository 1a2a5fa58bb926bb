"""The first promise: what reached a channel is on our disk before the source is told so.

Blobs are durable first; then rows, ledger and checkpoint are one transaction, fenced by the lease
of the channel account. The unique key (channel, source_key) decides what is new.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, update

from config.clock import local_date, plausible
from config.errors import BasvuruError
from ingest.contract import MAX_SOURCE_KEY, Delivery, RawItem, Refusal
from normalizers.clean import storable_text
from storage import board
from storage import tables as t
from storage.blobs import BlobStore
from storage.dialect import insert, insert_all
from storage.engine import Database


class Fenced(BasvuruError):
    """Another process holds this channel account now: nothing was stored, stop reading."""


@dataclass(frozen=True, slots=True)
class Landed:
    """What one delivery became. ``new`` maps the queue of the next stage to row ids."""

    new: Mapping[str, tuple[int, ...]]
    already_had: int
    refused: int
    traces: tuple[str, ...] = ()
    """One for each new row; every later step names it."""

    @property
    def count(self) -> int:
        return sum(map(len, self.new.values()))


@dataclass(frozen=True, slots=True)
class Lander:
    """Stores deliveries. ``queue_of`` names the queue that reads a kind."""

    database: Database
    blobs: BlobStore
    queue_of: Callable[[str], str]

    def land(self, account: str, delivery: Delivery, *, epoch: int | None, now: datetime) -> Landed:
        """Store one delivery. ``epoch`` is the lease under which it was read; None for items that
        are pushed to us (web, import), which no lease guards.

        Raises: Fenced; storage.engine.Unavailable, OSError: nothing was stored, try later.
        """
        keys = self.blobs.put([item.body for item in delivery.items])
        self.blobs.put(delivery.originals)
        with self.database.write() as connection:
            _move_checkpoint(connection, account, delivery, epoch, now)
            new, had = _insert(connection, account, delivery.items, keys, now)
            queues = self._queue_work(connection, new, now)
            board.add_gaps(connection, account, delivery.gaps, now)
            refused = _refuse(connection, account, delivery.refusals, now)
            already = had + len(delivery.refusals) - refused
            traces = tuple(trace for _, trace in new.values())
            landed = Landed(queues, already, refused, traces)
            seen = len(delivery.items) + len(delivery.refusals)
            _count(connection, account, seen, landed, now)
        return landed

    def _queue_work(
        self, connection: Connection, new: Mapping[int, tuple[RawItem, str]], now: datetime
    ) -> dict[str, tuple[int, ...]]:
        queues: dict[str, list[int]] = {}
        for raw_id, (item, _) in new.items():
            queues.setdefault(self.queue_of(item.kind), []).append(raw_id)
        rows = [
            {"raw_id": i, "stage": "normalise", "queue": queue, "due_at": now, "rung_at": now}
            for queue, ids in queues.items()
            for i in ids
        ]
        insert_all(connection, t.work, rows)
        return {queue: tuple(ids) for queue, ids in queues.items()}


def _move_checkpoint(
    connection: Connection, account: str, delivery: Delivery, epoch: int | None, now: datetime
) -> None:
    values: dict[str, Any] = {"last_ok_at": now}
    if delivery.checkpoint is not None:
        values["checkpoint"] = dict(delivery.checkpoint)
    if delivery.items:
        values["last_item_at"] = now
    mine = t.channel.c.name == account
    if epoch is not None:
        mine = mine & (t.channel.c.lease_epoch == epoch)
    moved = connection.execute(update(t.channel).where(mine).values(values))
    if epoch is not None and moved.rowcount != 1:
        raise Fenced(f"{account}: another process reads this channel now")


def _insert(
    connection: Connection,
    account: str,
    items: Sequence[RawItem],
    keys: Sequence[str],
    now: datetime,
) -> tuple[dict[int, tuple[RawItem, str]], int]:
    """(new row id -> item and trace, how many were here already)."""
    if not items:
        return {}, 0
    by_key = {stored_key(item.source_key): item for item in items}
    rows = {
        stored_key(item.source_key): _row(account, item, key, now)
        for item, key in zip(items, keys, strict=True)
    }
    raw = t.raw_item
    inserted = insert_all(
        connection, raw, list(rows.values()), raw.c.id, raw.c.source_key, or_ignore=True
    )
    ordered = sorted((raw_id, source_key) for raw_id, source_key in inserted)
    new = {raw_id: (by_key[key], rows[key]["trace"]) for raw_id, key in ordered}
    doubled = len(items) - len(rows)
    return new, len(rows) - len(inserted) + doubled


def _row(account: str, item: RawItem, sha256: str, now: datetime) -> dict[str, Any]:
    return {
        "channel": account,
        "source_key": stored_key(item.source_key),
        "kind": item.kind[:40],
        "sha256": sha256,
        "size": len(item.body),
        "received_at": plausible(item.received_at, now),
        "landed_at": now,
        "facts": {storable_text(k): storable_text(v) for k, v in item.facts.items()},
        "problem": storable_text(item.problem) if item.problem else None,
        "trace": uuid4().hex,
    }


def stored_key(key: str) -> str:
    """The source key as it is stored: itself, unless a channel breaks the contract, when one bad
    key must not stop the whole channel."""
    if len(key) <= MAX_SOURCE_KEY and storable_text(key) == key:
        return key
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{storable_text(key)[:300]}#{digest}"


def _refuse(
    connection: Connection, account: str, refusals: Sequence[Refusal], now: datetime
) -> int:
    if not refusals:
        return 0
    rows = [
        {
            "channel": account,
            "source_key": stored_key(r.source_key),
            "reason": storable_text(r.reason),
            "at": now,
        }
        for r in refusals
    ]
    return len(insert_all(connection, t.refusal, rows, t.refusal.c.source_key, or_ignore=True))


def _count(connection: Connection, account: str, seen: int, landed: Landed, now: datetime) -> None:
    counts = {
        "seen": seen,
        "landed": landed.count,
        "already_had": landed.already_had,
        "refused": landed.refused,
    }
    if not any(counts.values()):
        return
    row = insert(connection, t.ledger).values(channel=account, day=local_date(now), **counts)
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["channel", "day"],
            set_={name: t.ledger.c[name] + row.excluded[name] for name in counts},
        )
    )
