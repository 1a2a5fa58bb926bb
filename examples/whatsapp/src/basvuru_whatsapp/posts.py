"""What Meta posts: whether it is Meta, and which messages it brings.

Form: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks, reference
"messages". Signature: HMAC-SHA256 of the posted bytes with the app secret, in X-Hub-Signature-256.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

SIGNATURE = "x-hub-signature-256"
NO_MESSAGE = frozenset({"reaction", "system", "ephemeral"})
"""Types that nobody wrote to be read: a thumb on our answer, a customer's new number."""


class Unreadable(ValueError):
    """A post that is not what Meta describes. The text says nothing of what stands in it."""


class Media(BaseModel):
    """A file that came with a message, still at Meta."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
    mime_type: str = "application/octet-stream"
    caption: str = ""
    filename: str = ""


class Written(BaseModel):
    """Text, also that on a button which was pressed."""

    body: str = ""
    text: str = ""


class Place(BaseModel):
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class Choice(BaseModel):
    title: str = ""
    description: str = ""


class Interactive(BaseModel):
    """What was chosen from buttons or a list."""

    button_reply: Choice | None = None
    list_reply: Choice | None = None


class Message(BaseModel):
    """One message; what we do not use is left in the raw item."""

    id: Annotated[str, Field(min_length=1, max_length=1_000)]
    sender: Annotated[str, Field(alias="from", pattern=r"^([0-9]{5,20})?$")] = ""
    """The WhatsApp id: the number in E.164 without the plus. Empty for a customer who shows a user
    name instead."""
    timestamp: Annotated[int, Field(gt=0, lt=2**33)]
    """Seconds since 1970, sent as text."""
    type: str
    text: Written | None = None
    button: Written | None = None
    interactive: Interactive | None = None
    location: Place | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    document: Media | None = None
    sticker: Media | None = None

    @property
    def key(self) -> str:
        """Of the item. Meta's id has the sender's number in it, so its digest is used."""
        return f"message-{sha256(self.id.encode()).hexdigest()[:40]}"

    @property
    def media(self) -> Media | None:
        return self.image or self.video or self.audio or self.document or self.sticker

    @property
    def sent_at(self) -> datetime:
        return datetime.fromtimestamp(self.timestamp, UTC)


@dataclass(frozen=True, slots=True)
class Received:
    """One message of a post: read, or why it could not be (``message`` is None then)."""

    message: Message | None
    name: str
    number_id: str
    """Meta's id of our number that it was sent to."""


def is_signed(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Whether these very bytes were signed with the app secret."""
    given = headers.get(SIGNATURE, "")
    made = f"sha256={hmac.digest(secret.encode(), body, 'sha256').hex()}"
    return hmac.compare_digest(given.encode(), made.encode())


def received(body: bytes) -> Iterator[Received]:
    """The messages of a post, in its order. Raises Unreadable when it is no post of Meta's."""
    try:
        post = json.loads(body)
    except (ValueError, RecursionError):
        # `from None`: the library's text quotes what it could not read
        raise Unreadable("it is no JSON") from None
    if not isinstance(post, dict) or post.get("object") != "whatsapp_business_account":
        raise Unreadable("it is not of a WhatsApp account")
    for entry in _objects(post, "entry"):
        for change in _objects(entry, "changes"):
            if change.get("field") == "messages":
                yield from _received(_object(change, "value"))


def _received(value: Mapping[str, Any]) -> Iterator[Received]:
    number_id = str(_object(value, "metadata").get("phone_number_id", ""))[:30]
    names = {
        contact.get("wa_id"): _object(contact, "profile").get("name")
        for contact in _objects(value, "contacts")
        if isinstance(contact.get("wa_id"), str)
    }
    for row in _objects(value, "messages"):
        if row.get("type") in NO_MESSAGE:
            continue
        message = _message(row)
        name = names.get(message.sender) if message else None
        yield Received(message, name if isinstance(name, str) else "", number_id)


def _message(row: Mapping[str, Any]) -> Message | None:
    try:
        return Message.model_validate(row)
    except ValidationError:
        return None  # lands with a problem; the others of the post go on


def _object(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _objects(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    inner = value.get(key)
    return [row for row in inner if isinstance(row, dict)] if isinstance(inner, list) else []
