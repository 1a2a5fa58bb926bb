"""Copying raw items into a scratch database, and what became of each, for comparing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from storage import tables as t
from storage.messages import RawRow


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a raw item. ``matter`` is the first raw item of its application, so that two
    databases can be compared whose numbers differ; ``document`` is what was read."""

    raw_id: int
    channel: str
    source_key: str
    how: str
    matter: int | None
    document: Any
    by_person: bool


def raw_since(connection: Connection, since: datetime | None) -> Iterator[RawRow]:
    """Raw items that landed since then, in the order in which they landed."""
    rows = select(t.raw_item).order_by(t.raw_item.c.id)
    if since is not None:
        rows = rows.where(t.raw_item.c.landed_at >= since)
    for row in connection.execute(rows).mappings():
        yield RawRow(**row)


def copy_in(
    connection: Connection, raws: Sequence[RawRow], queues: Sequence[str], now: datetime
) -> None:
    """Put raw items, under their own ids, in front of the first stage."""
    rows = [{name: getattr(raw, name) for name in RawRow.__slots__} for raw in raws]
    connection.execute(t.raw_item.insert(), rows)
    connection.execute(
        t.work.insert(),
        [
            {"raw_id": raw.id, "stage": "normalise", "queue": queue, "due_at": now, "rung_at": now}
            for raw, queue in zip(raws, queues, strict=True)
        ],
    )


def fates(connection: Connection, since: datetime | None) -> dict[int, Fate]:
    """Raw id -> what became of it. What still waits is left out."""
    first = (
        select(t.filing.c.application_id, func.min(t.message.c.raw_id).label("matter"))
        .join(t.message, t.message.c.id == t.filing.c.message_id)
        .group_by(t.filing.c.application_id)
        .subquery()
    )
    cause = (
        select(t.quarantine.c.cause)
        .where(t.quarantine.c.raw_id == t.raw_item.c.id)
        .order_by(t.quarantine.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = (
        select(
            t.raw_item.c.id.label("raw_id"),
            t.raw_item.c.channel,
            t.raw_item.c.source_key,
            func.coalesce(t.filing.c.how, t.noted.c.what, cause).label("how"),
            first.c.matter,
            t.message.c.document,
            case((t.filing.c.by.notin_(("system",)), True), else_=False).label("by_person"),
        )
        .outerjoin(t.message, t.message.c.raw_id == t.raw_item.c.id)
        .outerjoin(t.filing, t.filing.c.message_id == t.message.c.id)
        .outerjoin(first, first.c.application_id == t.filing.c.application_id)
        .outerjoin(t.work, t.work.c.raw_id == t.raw_item.c.id)
        .outerjoin(t.noted, t.noted.c.raw_id == t.raw_item.c.id)
        .where(t.work.c.raw_id.is_(None))
    )
    if since is not None:
        rows = rows.where(t.raw_item.c.landed_at >= since)
    return {row["raw_id"]: Fate(**row) for row in connection.execute(rows).mappings()}
