"""The reader of kind ``social``: one thing from a social network, in an envelope.

The body is a JSON object ``{"network", "kind", "external_id", "first_id", "version", "deleted",
"data"}``; ``data`` is the network's own JSON as it was received, which one table a network says
how to read. Both field dialects of X are understood (``note_tweet`` and ``note_post``).

Facts of the item that it understands, each before what the JSON says: ``author`` (id),
``author_name``, ``handle`` (without the network in front), ``conversation``, ``in_reply_to``,
``url``, ``public`` (``0`` or ``1``), ``own`` (``1``), ``edited_at`` (ISO 8601).
"""

import html
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ingest.contract import RawItem
from normalizers.reader import Options, Reader
from normalizers.schema import Identifiers, Message, Reading, Sender, SocialFacts
from normalizers.text import identifiers

MAX_BODY = 4_000_000
"""Bytes of an envelope that is read; no network lets people write a thousandth of it."""
MAX_TEXT = 200_000
_PRIVATE = frozenset({"dm", "message"})
"""Kinds that only the sender and we can read."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"\s+")

Path = str
"""Names of nested objects with dots between them: ``data.note_tweet.text``."""


@dataclass(frozen=True, slots=True)
class Table:
    """Where one network has what. The first path that leads to a text or a number wins."""

    text: tuple[Path, ...]
    author: tuple[Path, ...]
    name: tuple[Path, ...] = ()
    handle: tuple[Path, ...] = ()
    conversation: tuple[Path, ...] = ()
    in_reply_to: tuple[Path, ...] = ()
    url: tuple[Path, ...] = ()
    created: tuple[Path, ...] = ()
    media: tuple[Path, ...] = ()
    """Lists of pictures, films and files that stay on the network."""


_META = Table(
    text=(
        "message.text",
        "message_edit.text",
        "message",
        "text",
        "caption",
        "value.message",
        "value.text",
    ),
    author=("from.id", "value.from.id", "value.sender_id", "sender.id"),
    name=("from.name", "value.from.name", "value.sender_name"),
    handle=("from.username", "username", "value.from.username"),
    conversation=("conversation", "value.post_id", "post_id", "media.id", "value.media.id"),
    in_reply_to=("reply_to.mid", "message.reply_to.mid", "parent.id", "value.parent_id"),
    url=("permalink_url", "permalink", "value.permalink_url"),
    created=("created_time", "timestamp", "value.created_time"),
    media=("attachments.data", "message.attachments", "attachment", "media_url"),
)
TABLES: Mapping[str, Table] = {
    "x": Table(
        text=("data.note_tweet.text", "data.note_post.text", "data.text"),
        author=("data.author_id", "data.sender_id"),
        conversation=("data.conversation_id", "data.dm_conversation_id"),
        created=("data.created_at", "data.created_timestamp"),
        media=("data.attachments.media_keys",),
    ),
    "linkedin": Table(
        text=(
            "message.text",
            "decoratedGeneratedActivity.comment.text",
            "comment.message.text",
            "decoratedGeneratedActivity.share.text",
            "commentary",
        ),
        author=(
            "actor",
            "decoratedGeneratedActivity.comment.owner",
            "comment.actor",
            "decoratedGeneratedActivity.share.owner",
            "author",
        ),
        conversation=("sourcePost", "object", "decoratedGeneratedActivity.comment.object"),
        in_reply_to=("parentComment", "comment.parentComment"),
        created=("created.time", "lastModifiedAt"),
    ),
    "facebook": _META,
    "instagram": _META,
}


def read(item: RawItem, options: Options) -> Reading:  # noqa: ARG001  posts need no options
    """Read one. Never raises on content."""
    envelope = _object(item.body)
    network = envelope.get("network")
    if not isinstance(network, str) or not isinstance(envelope.get("data"), dict):
        error = "this is not an envelope of a social network"
        return Reading(Message(source=item.source_key, kind="social", error=error))
    found = _Found(envelope, item.facts, TABLES.get(network, _META))
    text = found.text()
    message = Message(
        source=item.source_key,
        kind="social",
        text=text,
        received_at=item.received_at or found.moment("", found.table.created),
        sender=_sender(found, network),
        identifiers=identifiers.find(text) if text else Identifiers(),
        warnings=tuple(_warnings(found, text)),
        social=_facts(found, network),
    )
    return Reading(message)


@dataclass(frozen=True, slots=True)
class _Found:
    """An envelope with what the channel knows besides. Values are never trusted to have a type."""

    envelope: Mapping[str, Any]
    facts: Mapping[str, str] = field(repr=False)
    table: Table

    @property
    def data(self) -> Mapping[str, Any]:
        data: Mapping[str, Any] = self.envelope["data"]
        return data

    def one(self, fact: str, paths: tuple[Path, ...]) -> str | None:
        """What the channel says, else what the JSON says; on one line."""
        told = self.facts.get(fact, "") if fact else ""
        return _one_line(told or _first(self.data, paths)) or None

    def word(self, name: str) -> str:
        """A field of the envelope itself."""
        value = self.envelope.get(name)
        return _one_line(value) if isinstance(value, str) else ""

    def text(self) -> str:
        text = _tidy(_first(self.data, self.table.text)[:MAX_TEXT])
        # X escapes the three characters of HTML in texts, and nothing else
        return html.unescape(text) if self.word("network") == "x" else text

    def moment(self, fact: str, paths: tuple[Path, ...]) -> datetime | None:
        return _moment(self.one(fact, paths) or "")


def _sender(found: _Found, network: str) -> Sender:
    author = found.one("author", found.table.author)
    name = found.one("author_name", found.table.name)
    handle = found.one("handle", found.table.handle)
    if network == "x":
        user = _x_user(found.data, author)
        name = name or _one_line(_text_of(user.get("name"))) or None
        handle = handle or _one_line(_text_of(user.get("username"))) or None
    # an id, where there is no name to show: it can still be answered and recognised
    shown = f"@{handle.removeprefix('@')}" if handle else author
    return Sender(name=name, handle=f"{network}:{shown}" if shown else None)


def _facts(found: _Found, network: str) -> SocialFacts:
    external = found.word("external_id")
    public = found.facts.get("public") or ("0" if found.word("kind") in _PRIVATE else "1")
    replied = found.one("in_reply_to", found.table.in_reply_to)
    return SocialFacts(
        network=network,
        external_id=external,
        first_id=found.word("first_id") or external,
        author_id=found.one("author", found.table.author),
        conversation_id=found.one("conversation", found.table.conversation),
        in_reply_to=replied or (_x_replied(found.data) if network == "x" else None),
        url=_url(found, network) if public == "1" else None,
        public=public == "1",
        version=found.word("version"),
        edited_at=found.moment("edited_at", ()),
        deleted=found.envelope.get("deleted") is True,
        own=found.facts.get("own") == "1",
    )


def _url(found: _Found, network: str) -> str | None:
    url = found.one("url", found.table.url)
    if url and url.startswith("https://"):
        return url
    post = found.word("external_id")
    if network == "x" and post.isascii() and post.isdigit():
        return f"https://x.com/i/status/{post}"  # X leads from "i" to the author, whatever the name
    return None


def _warnings(found: _Found, text: str) -> list[str]:
    warnings = []
    if any(_at(found.data, path) for path in found.table.media):
        warnings.append("pictures or files that came with it are only on the network")
    cut = found.word("network") == "x" and text.endswith("…")
    if cut and not _first(found.data, found.table.text[:2]):
        warnings.append("the text may be cut off: the network did not give the long form")
    return warnings


def _x_user(data: Mapping[str, Any], author: str | None) -> Mapping[str, Any]:
    users = _at(data, "includes.users")
    for user in users if isinstance(users, list) else ():
        if isinstance(user, dict) and author and user.get("id") == author:
            return user
    return {}


def _x_replied(data: Mapping[str, Any]) -> str | None:
    for path in ("data.referenced_tweets", "data.referenced_posts"):
        references = _at(data, path)
        for one in references if isinstance(references, list) else ():
            if isinstance(one, dict) and one.get("type") == "replied_to":
                return _one_line(_text_of(one.get("id"))) or None
    return None


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        envelope = json.loads(body) if len(body) <= MAX_BODY else None
    except (ValueError, RecursionError):  # said in ``error`` of the message
        return {}
    return envelope if isinstance(envelope, dict) else {}


def _first(data: Any, paths: tuple[Path, ...]) -> str:
    return next((text for path in paths if (text := _text_of(_at(data, path)))), "")


def _at(data: Any, path: Path) -> Any:
    for name in path.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _text_of(value: Any) -> str:
    """A text or a whole number (ids come as both) as a text; anything else is none."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _moment(text: str) -> datetime | None:
    """ISO 8601, or seconds or milliseconds since 1970."""
    try:
        if text.isascii() and text.isdigit() and len(text) < 15:
            seconds = int(text) / (1000 if len(text) > 11 else 1)
            return datetime.fromtimestamp(seconds, UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):  # no time that we know: the moment of landing counts
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _tidy(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()  # JSON may hold half of a surrogate pair
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNPRINTABLE.sub("", text).strip()


def _one_line(text: str) -> str:
    return _BLANKS.sub(" ", _tidy(text[:2_000]))


READER = Reader("social", read, queue="social")
