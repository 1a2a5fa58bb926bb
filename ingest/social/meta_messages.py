"""Direct messages of Messenger and Instagram: the same edges and events, two platforms.

Graph gives the details of the newest 20 messages of a conversation only: when more came while we
were not reading, the older ones are lost to polling, and a gap says so.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from ingest.contract import Gap
from ingest.social.graph import Graph
from ingest.social.meta_said import Json, Said, inner, moment, rows, text_of

OVERLAP = timedelta(hours=1)
FIELDS = "id,updated_time"
DETAILS = "messages.limit(100){id,created_time,from,to,message,attachments,reply_to}"
MESSAGE = "id,created_time,from,to,message,attachments,reply_to"
UNREADABLE = "More than 20 messages came in one conversation; the older ones cannot be read."


def conversations(
    graph: Graph, page: str, platform: str, down_to: datetime
) -> Iterator[tuple[str, datetime]]:
    """(id, time of the last message), newest first, down to those that did not move since."""
    for listed in graph.pages(page, "conversations", FIELDS, platform=platform):
        for row in listed:
            moved = moment(row.get("updated_time"))
            if moved is not None and moved < down_to:
                return
            if moved is not None:
                yield text_of(row.get("id")), moved


def messages(graph: Graph, conversation: str, down_to: datetime) -> list[Json]:
    """The messages that came since, newest first, the unreadable ones among them."""
    told = graph.object(conversation, DETAILS)
    found = rows(inner(told, "messages", "data"))
    return [row for row in found if (moment(row.get("created_time")) or down_to) >= down_to]


def readable(message: Json) -> bool:
    return "message" in message or "from" in message or "attachments" in message


def gap(unreadable: list[Json], feature: str) -> Gap | None:
    """The time of which nothing can be read, if there is one."""
    times = [at for row in unreadable if (at := moment(row.get("created_time")))]
    return Gap(feature, min(times), max(times), UNREADABLE) if times else None


def polled(
    network: Literal["facebook", "instagram"], account: str, conversation: str, row: Json
) -> Said:
    """A message as the conversation shows it. Its ``email`` is no address: it is left alone."""
    author = text_of(inner(row, "from", "id"))
    others = [text_of(to.get("id")) for to in rows(inner(row, "to", "data"))]
    return Said(
        network=network,
        account=account,
        what="message",
        id=message_id(row.get("id")),
        text=text_of(row.get("message")),
        at=moment(row.get("created_time")),
        author=author,
        name=text_of(inner(row, "from", "name")),
        username=text_of(inner(row, "from", "username")),
        thread=author if author != account else next(iter(others), ""),
        raw=row,
    )


def pushed(network: Literal["facebook", "instagram"], account: str, event: Json) -> Said | None:
    """A messaging event of a webhook; None when it is a receipt, a reaction or the like."""
    author = text_of(inner(event, "sender", "id"))
    other = text_of(inner(event, "recipient", "id"))
    told = event.get("message") or event.get("message_edit")
    mid = message_id(inner(told, "mid"))
    if not mid:
        return None
    echo = inner(told, "is_echo") is True
    said = Said(
        network=network,
        account=account,
        what="message",
        id=mid,
        text=text_of(inner(told, "text")),
        at=moment(event.get("timestamp")),
        author=account if echo else author,
        thread=other if echo or author == account else author,
        raw=event,
    )
    return replace(said, removed=True) if inner(told, "is_deleted") is True else said


def message_id(value: object) -> str:
    """Webhooks and the conversation once differed in the ``m_`` in front."""
    return text_of(value).removeprefix("m_")
