"""The reader of kinds ``text`` (a message that came as plain text: a plugin's) and ``sms``.

Facts of the item that it understands: ``sender_name``, ``sender_email``, ``sender_phone``,
``sender_handle`` (as in :class:`normalizers.schema.Sender`), ``subject``, which becomes the first
line of the text, and ``charset``, where the source says one.
"""

import re
import unicodedata

from ingest.contract import RawItem
from normalizers.reader import Options, Reader
from normalizers.schema import Message, Reading, Sender
from normalizers.text import identifiers, phones, repair

MAX_TEXT = 2_000_000
"""Characters of a text that are used; the raw item keeps all of it."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"\s+")


def read(item: RawItem, options: Options) -> Reading:  # noqa: ARG001  plain text needs no options
    """Read one text. Never raises on content."""
    decoded = _decoded(item)
    text = _tidy(repair.repair_mojibake(decoded[:MAX_TEXT]))
    subject = _one_line(item.facts.get("subject", ""))
    if subject and not text.startswith(subject):
        text = f"{subject}\n\n{text}".rstrip()
    warnings = ("the text was too long: its end is only in the raw item",)
    message = Message(
        source=item.source_key,
        kind=item.kind,
        text=text,
        received_at=item.received_at,
        sender=_sender(item),
        identifiers=identifiers.find(text),
        warnings=warnings if len(decoded) > MAX_TEXT else (),
    )
    return Reading(message)


def _decoded(item: RawItem) -> str:
    """As the source says where that works, else by evidence."""
    try:
        return item.body.decode(item.facts["charset"])
    except (KeyError, LookupError, UnicodeDecodeError):
        return repair.decode(item.body)[0]


def _sender(item: RawItem) -> Sender:
    facts = {name: _one_line(value) or None for name, value in item.facts.items()}
    email, phone = facts.get("sender_email"), facts.get("sender_phone")
    parsed = phones.parse(phone) if phone else None
    return Sender(
        name=facts.get("sender_name"),
        email=email.lower() if email and email.isascii() else email,
        phone=parsed.e164 if parsed else phone,
        handle=facts.get("sender_handle"),
    )


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNPRINTABLE.sub("", text).strip()


def _one_line(text: str) -> str:
    return _BLANKS.sub(" ", _UNPRINTABLE.sub("", unicodedata.normalize("NFC", text))).strip()


READER = Reader("text", read, queue="mail")
SMS = Reader("sms", read, queue="mail")
