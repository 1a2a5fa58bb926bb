"""Answers in the channel that a message came by: what they answer, and whether they arrived."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage import tables as t
from storage.dialect import among


@dataclass(frozen=True, slots=True)
class Target:
    """What a row answers: the message, and where it came from."""

    message_id: int
    account: str
    source_key: str
    facts: Mapping[str, str] = field(repr=False)


def targets(connection: Connection, ids: Collection[int]) -> dict[int, Target]:
    """Outbox id -> what it answers in its channel."""
    raw = t.raw_item.c
    rows = connection.execute(
        select(
            t.outbox.c.id,
            t.message.c.id.label("message_id"),
            raw.channel,
            raw.source_key,
            raw.facts,
        )
        .join(t.message, t.message.c.id == t.outbox.c.answers)
        .join(t.raw_item, raw.id == t.message.c.raw_id)
        .where(among(t.outbox.c.id, ids))
    )
    return {row.id: Target(row.message_id, row.channel, row.source_key, row.facts) for row in rows}


def unsettled(connection: Connection, application_ids: Collection[int]) -> list[Any]:
    """(id, application_id, text) of answers in channels of which nobody knows whether they went."""
    c = t.outbox.c
    return list(
        connection.execute(
            select(c.id, c.application_id, c.text).where(
                among(c.application_id, application_ids),
                c.answers.is_not(None),
                c.state == "unknown",
            )
        )
    )


def echoed(connection: Connection, row_id: int, provider_id: str, now: datetime) -> None:
    """Our own answer came back from the network: it was sent."""
    connection.execute(
        update(t.outbox)
        .where(t.outbox.c.id == row_id, t.outbox.c.state == "unknown")
        .values(
            state="accepted",
            provider_id=provider_id[:120],
            accepted_at=now,
            detail="it stands on the network",
        )
    )
