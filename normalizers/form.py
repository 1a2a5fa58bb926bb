"""The reader of kinds ``web`` and ``phone``: what was said in fields (:mod:`ingest.forms`).

A field says what it is, so nothing has to be guessed from it; what else stands in the text is found
as in any other text.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ingest.contract import RawItem
from normalizers.email.attachments import safe_name
from normalizers.reader import Options, Reader
from normalizers.schema import (
    Attachment,
    FormFacts,
    Identifier,
    Identifiers,
    Message,
    Reading,
    Sender,
)
from normalizers.text import identifiers, phones

MAX_BODY = 4_000_000
"""Bytes of a form without its files; the largest text that the portal takes is far below."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"\s+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read(item: RawItem, options: Options) -> Reading:  # noqa: ARG001  fields need no options
    """Read one form. Never raises on content."""
    said = _object(item.body)
    if said is None:
        return Reading(Message(source=item.source_key, kind=item.kind, error="it is no form"))
    text, subject = _tidy(_str(said, "text")), _line(said, "subject")
    whole = f"{subject}\n\n{text}".strip() if not text.startswith(subject) else text
    sender = _sender(said)
    return Reading(
        Message(
            source=item.source_key,
            kind=item.kind,
            text=whole,
            received_at=item.received_at,
            sender=sender,
            identifiers=_identifiers(said, sender, whole),
            attachments=tuple(_files(said.get("files"))),
            form=_facts(said, subject),
        )
    )


def _facts(said: Mapping[str, Any], subject: str) -> FormFacts:
    names = ("type", "medium", "entered_by", "call", "recording", "notice", "proved")
    return FormFacts(subject=subject, **{name: _line(said, name)[:200] for name in names})


def _sender(said: Mapping[str, Any]) -> Sender:
    email, phone = _line(said, "email"), _line(said, "phone")
    parsed = phones.parse(phone) if phone else None
    return Sender(
        name=_line(said, "name") or None,
        email=(email.lower() if email.isascii() else email) or None,
        phone=(parsed.e164 if parsed else phone) or None,
    )


def _identifiers(said: Mapping[str, Any], sender: Sender, text: str) -> Identifiers:
    """What the fields say comes first: it is the sender's own."""
    named = {
        "policy": _line(said, "policy"),
        "claim": _line(said, "claim"),
        "tckn": re.sub(r"\D", "", _line(said, "identity")),
        "phone": sender.phone or "",
        "email": sender.email or "",
        "name": sender.name or "",
        "application_number": _line(said, "proved"),
    }
    given = {
        kind: (Identifier(value=_normal(kind, value), raw=value),)
        for kind, value in named.items()
        if value
    }
    return identifiers.merge([Identifiers(**given), identifiers.find(text)])


def _normal(kind: str, value: str) -> str:
    """Numbers of policies and claims without the blanks and marks that people put into them."""
    return re.sub(r"[\s./-]", "", value)[:60] if kind in ("policy", "claim") else value


def _files(found: Any) -> list[Attachment]:
    files = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return [
        Attachment(
            name=safe_name(_line(one, "name")) or f"file-{place}",
            size=one["size"],
            sha256=one["sha256"],
            content_type=_line(one, "content_type")[:200],
        )
        for place, one in enumerate(files[:100], 1)
        if isinstance(one.get("size"), int) and _SHA256.fullmatch(_str(one, "sha256"))
    ]


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        said = json.loads(body) if len(body) <= MAX_BODY else None
    except (ValueError, RecursionError):  # said in ``error`` of the message
        return None
    return said if isinstance(said, dict) else None


def _str(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _line(said: Mapping[str, Any], name: str) -> str:
    return _BLANKS.sub(" ", _tidy(_str(said, name)[:2_000])).strip()


def _tidy(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()  # JSON may hold half of a surrogate pair
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNPRINTABLE.sub("", text).strip()


WEB = Reader("web", read, queue="mail")
PHONE = Reader("phone", read, queue="mail")
