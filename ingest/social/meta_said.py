"""What somebody said on one of Meta's networks, whichever way we heard of it.

One form for polls and webhooks, so that the same thing has the same source key.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from ingest.contract import RawItem
from ingest.social.envelope import Seen, raw_item

ANNOUNCED = "announced"
"""Version of something of which the network told us no more than that it is there."""

Json = Mapping[str, Any]
Network = Literal["facebook", "instagram"]
_ID = re.compile(r"[\w.:$=-]{1,300}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """One post, comment, picture or direct message, in one version of its text.

    ``account``  our own id there: the Page's, or the Instagram account's.
    ``kind``     ``post``, ``comment``, ``media`` or ``dm``.
    ``thread``   what it stands in: post, picture, or the other side of a conversation.
    ``mention``  it stands somewhere else and names us.
    ``removed``  the author took it back.
    ``problem``  why this is not the whole of it.
    """

    network: Network
    account: str
    kind: Literal["post", "comment", "media", "dm"]
    id: str
    text: str = field(default="", repr=False)
    at: datetime | None = None
    author: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    thread: str = ""
    parent: str = ""
    mention: bool = False
    removed: bool = False
    problem: str | None = None
    data: Json = field(default_factory=dict, repr=False)

    def item(self, own: frozenset[str]) -> RawItem:
        """The raw item. The version is a hash of the text, since no network of Meta numbers its
        edits: a poll, a webhook and a redelivery of one text have one key, an edited text has
        another. ``own``: ids and user names of our accounts."""
        known = _safe(self.id)
        seen = Seen(
            network=self.network,
            kind=self.kind,
            external_id=known,
            first_id=known,
            data={} if self.removed else self.data,
            version=ANNOUNCED if self.problem else _hash(self.text),
            at=self.at,
            facts=self._facts(own),
            deleted=self.removed,
        )
        return raw_item(seen, self.problem)

    def is_own(self, own: frozenset[str]) -> bool:
        """By id, not by what it says: answers of ours, and their echoes from other programs."""
        return self.author in own | {self.account} or (self.username != "" and self.username in own)

    def _facts(self, own: frozenset[str]) -> dict[str, str]:
        facts = {
            "account": self.account,
            "author": self.author,
            "author_name": self.name,
            "handle": self.username,
            "conversation": self.thread,
            "in_reply_to": self.parent,
            "at": self.at.isoformat() if self.at else "",
            "public": "0" if self.kind == "dm" else "1",
            "own": "1" if self.is_own(own) else "",
            "mention": "1" if self.mention else "",
        }
        return {name: _encodable(fact) for name, fact in facts.items() if fact}


def moment(value: object) -> datetime | None:
    """A time as Meta writes it: ISO 8601 with ``+0000``, seconds, or milliseconds. Aware."""
    try:
        if isinstance(value, str) and not value.isdigit():
            told = datetime.fromisoformat(value)
            return told if told.tzinfo else told.replace(tzinfo=UTC)
        number = float(value) if isinstance(value, str | int | float) else -1.0
        seconds = number / 1000 if number > 100_000_000_000 else number
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):  # no time at all: that of the landing counts
        return None


def text_of(value: object) -> str:
    """A string, or what stands for one: Meta writes ids as numbers too. Else nothing."""
    if isinstance(value, bool):
        return ""
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def inner(value: object, *path: str) -> Any:
    """``value[path[0]][path[1]]...``, or None where that is not there."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def rows(value: object) -> list[Json]:
    """The objects of a list, nothing else."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _safe(thing: str) -> str:
    """An id of the network's, or a hash in place of what is none: it stands in keys and logs."""
    return thing if _ID.fullmatch(thing) else _hash(thing)


def _encodable(text: str) -> str:
    """JSON may hold half of a surrogate pair, a database may not."""
    return text.encode("utf-8", "replace").decode()
