"""Things on networks: which messages are versions of one item, and what counts of it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from normalizers.schema import Message
from storage import tables as t
from storage.dialect import among, insert


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A message of an item; ``id`` is its row."""

    id: int
    external: str
    version: str
    edited_at: datetime | None


@dataclass(slots=True)
class StoredItem:
    """A row of ``social_item`` with its versions, oldest message first. ``application_id``: where
    its original is filed now; None for what is ours and answers nothing."""

    item: str
    counts_id: int | None
    deleted: bool
    application_id: int | None = None
    versions: list[StoredVersion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What recording found out about an item. ``original_id`` counts only if none is known."""

    item: str
    original_id: int | None
    counts_id: int | None
    deleted: bool


def items(connection: Connection, keys: Collection[str]) -> Iterator[StoredItem]:
    """The items with these keys that were recorded."""
    stored = select(t.social_item).where(among(t.social_item.c.item, keys))
    found = {
        row.item: (row.original_id, StoredItem(row.item, row.counts_id, bool(row.deleted_at)))
        for row in connection.execute(stored)
    }
    for row in connection.execute(_messages().where(among(t.message.c.item, list(found)))):
        original, item = found[row.item]
        social = Message.model_validate(row.document).social
        if social is None or social.deleted:
            continue
        item.versions.append(
            StoredVersion(row.id, row.message_id or "", social.version, social.edited_at)
        )
        if row.id == original:
            item.application_id = row.application_id
    yield from (item for _, item in found.values())


def _messages() -> Select[Any]:
    c = t.message.c
    return (
        select(c.id, c.item, c.message_id, c.document, t.filing.c.application_id)
        .outerjoin(t.filing, t.filing.c.message_id == c.id)
        .outerjoin(t.noted, t.noted.c.raw_id == c.raw_id)
        .where(or_(t.filing.c.message_id.is_not(None), t.noted.c.raw_id.is_not(None)))
        .order_by(c.id)
    )


def remember(connection: Connection, changes: Sequence[ItemChange], now: datetime) -> None:
    """Store what is known of items now; the first original and the first deletion stay."""
    if not changes:
        return
    rows = [
        {
            "item": one.item,
            "original_id": one.original_id,
            "counts_id": one.counts_id,
            "deleted_at": now if one.deleted else None,
        }
        for one in changes
    ]
    row = insert(connection, t.social_item).values(rows)
    c, new = t.social_item.c, row.excluded
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["item"],
            set_={
                "original_id": func.coalesce(c.original_id, new.original_id),
                "counts_id": func.coalesce(new.counts_id, c.counts_id),
                "deleted_at": func.coalesce(c.deleted_at, new.deleted_at),
            },
        )
    )
