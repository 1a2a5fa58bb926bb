"""From a post to raw items: one for each message, one for each file that is still to be fetched."""

from collections.abc import Iterator
from hashlib import sha256

from basvuru.plugin import ANNOUNCED, RawItem

from basvuru_whatsapp.posts import Received, Unreadable, received

MESSAGE, MEDIA = "whatsapp", "whatsapp-media"
"""Kinds of items, and the names of their readers."""
MEDIA_KEY = "media-"
"""In front of Meta's id of the file, which ``fetch_again`` needs."""


def items(body: bytes) -> Iterator[RawItem]:
    """The items of a signed post. Each has the whole post as its body: what was signed stays whole,
    and equal bytes are kept once."""
    try:
        for number, one in enumerate(received(body)):
            yield from _of_message(body, one) if one.message else _unreadable(body, number)
    except Unreadable as error:
        yield _with_problem(body, f"unreadable: {error}")


def _of_message(body: bytes, one: Received) -> Iterator[RawItem]:
    message, facts = one.message, facts_of(one)
    assert message is not None
    yield RawItem(message.key, MESSAGE, body, message.sent_at, facts)
    if media := message.media:
        facts |= {"content_type": media.mime_type[:100], "file_name": media.filename[:400]}
        yield RawItem(
            source_key=f"{MEDIA_KEY}{media.id}",
            kind=MEDIA,
            body=body,
            received_at=message.sent_at,
            facts=facts,
            problem=f"{ANNOUNCED}: a file that is still at Meta",
        )


def facts_of(one: Received) -> dict[str, str]:
    """What an answer needs (:mod:`basvuru_whatsapp.replies`), and who wrote."""
    message = one.message
    assert message is not None
    return {
        "message_id": message.id,
        "sender_phone": f"+{message.sender}" if message.sender else "",
        "sender_name": one.name[:200],
        "phone_number_id": one.number_id,
        "sent_at": message.sent_at.isoformat(),
    }


def _unreadable(body: bytes, number: int) -> Iterator[RawItem]:
    yield _with_problem(body, f"unreadable: message {number + 1} of its post", f"-{number}")


def _with_problem(body: bytes, problem: str, end: str = "") -> RawItem:
    return RawItem(f"post-{sha256(body).hexdigest()[:40]}{end}", MESSAGE, body, problem=problem)
