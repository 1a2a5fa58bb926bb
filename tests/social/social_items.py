"""Items of social networks as channels bring them, in a few words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ingest.contract import RawItem
from ingest.social.envelope import Network, Seen, raw_item

ALI, AYSE = "1700000000000000099", "1700000000000000077"


def item(
    text: str,
    *,
    external: str = "1900000000000000001",
    first: str = "",
    network: Network = "x",
    kind: str = "post",
    author: str = ALI,
    thread: str = "",
    reply_to: str = "",
    version: str = "",
    at: datetime | None = None,
    deleted: bool = False,
    facts: Mapping[str, str] | None = None,
) -> RawItem:
    """A post, comment or direct message (``kind="dm"``). An edit on X has an ``external`` of its
    own and the ``first`` of the original."""
    first = first or external
    said: dict[str, Any] = {"text": text, "author_id": author, "created_at": None}
    data = {"data": said} if network == "x" else {"message": text, "from": {"id": author}}
    told = {"author": author, "conversation": thread or first, "in_reply_to": reply_to}
    told |= {"summoned": "1"} if network == "x" else {}
    told |= {"at": at.isoformat()} if at else {}
    return raw_item(
        Seen(
            network=network,
            kind=kind,
            external_id=external,
            first_id=first,
            data={} if deleted else data,
            version=version or (external if external != first else ""),
            at=at,
            facts={n: v for n, v in (told | dict(facts or {})).items() if v},
            deleted=deleted,
        )
    )
