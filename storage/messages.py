"""Raw items and what a reader made of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from config.clock import plausible
from normalizers.schema import Message
from storage import search
from storage import tables as t
from storage.dialect import among, insert_all
from storage.types import ReadyJson

MESSAGE_ID = 400
"""Characters of a Message-ID that are compared; RFC 5322 lines end at 998."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of ``raw_item``."""

    id: int
    channel: str
    source_key: str
    kind: str
    sha256: str
    size: int
    received_at: datetime
    landed_at: datetime
    facts: Mapping[str, str] = field(repr=False)
    problem: str | None
    trace: str


@dataclass(frozen=True, slots=True)
class Read:
    """A raw item that was read: what is stored of it."""

    raw: RawRow
    message: Message = field(repr=False)
    match_text: str = field(repr=False)
    keys: Mapping[int, str] = field(repr=False)
    own: Collection[int] = field(repr=False)
    things: Sequence[str] = field(default=(), repr=False)
    """What it is about: ``plate:...``, ``claim:...``, ``policy:...``."""


def raw_items(connection: Connection, ids: Collection[int]) -> list[RawRow]:
    """The raw items with these ids, oldest first."""
    rows = connection.execute(
        select(t.raw_item).where(among(t.raw_item.c.id, ids)).order_by(t.raw_item.c.id)
    )
    return [RawRow(**row) for row in rows.mappings()]


def save(connection: Connection, read: Sequence[Read]) -> None:
    """Store readings. The raw items must be held by the caller's claim."""
    if not read:
        return
    by_raw = {one.raw.id: one for one in read}
    rows = [_message_row(one) for one in read]
    inserted = insert_all(connection, t.message, rows, t.message.c.id, t.message.c.raw_id)
    attachments: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    for message_id, raw_id in inserted:
        one = by_raw[raw_id]
        attachments += _attachment_rows(message_id, one.message)
        keys += [
            {"key": key, "message_id": message_id, "kind": kind, "own": key in one.own}
            for key, kind in one.keys.items()
        ]
    insert_all(connection, t.attachment, attachments)
    insert_all(connection, t.person_key, keys)
    search.add(connection, {i: by_raw[raw_id].message for i, raw_id in inserted})


def item_key(network: str, number: str) -> str:
    """How something on a network is named in our rows: ``x:1900...``."""
    return f"{network}:{number}"[:MESSAGE_ID]


def _names(message: Message) -> dict[str, str | None]:
    """By what a message is found again: a mail by its Message-ID, a post by its ids."""
    mail, social = message.mail, message.social
    if social is None:
        return {"message_id": ((mail and mail.message_id) or "")[:MESSAGE_ID] or None}
    thread = social.conversation_id
    return {
        "message_id": item_key(social.network, social.external_id),
        "item": item_key(social.network, social.first_id),
        "thread": item_key(social.network, thread) if thread else None,
    }


def _message_row(one: Read) -> dict[str, Any]:
    return {
        "raw_id": one.raw.id,
        "channel": one.raw.channel,
        "kind": one.raw.kind,
        "received_at": plausible(one.message.received_at or one.raw.received_at, one.raw.landed_at),
        "item": None,
        "thread": None,
        **_names(one.message),
        "match_text": one.match_text,
        "things": list(one.things),
        "document": ReadyJson(one.message.model_dump_json(exclude_defaults=True)),
    }


def _attachment_rows(message_id: int, message: Message) -> list[dict[str, Any]]:
    return [
        {
            "message_id": message_id,
            "position": position,
            "name": file.name,
            "content_type": file.content_type[:200],
            "size": file.size,
            "sha256": file.sha256,
        }
        for position, file in enumerate(message.attachments)
    ]
