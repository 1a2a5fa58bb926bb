"""Faxes that a gateway brings as mail: the attached document is the fax, the mail its envelope."""

import hashlib
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import islice

from ingest.contract import RawItem
from normalizers.pages.message import message
from normalizers.pages.read import Pages, read_document
from normalizers.reader import Options
from normalizers.schema import Attachment, Part, Reading

MAX_PARTS = 200
MAX_DOCUMENTS = 20
MAX_SUBJECT = 500
SUFFIXES = (".tif", ".tiff", ".pdf", ".jpg", ".jpeg", ".png")


def read(item: RawItem, options: Options) -> Reading:
    """Read the fax in a gateway's mail.

    Facts, besides those of a fax: ``fax_pattern``, a regular expression with a group ``number``
    that finds the caller in the subject where the gateway gives no ``fax_number``.
    """
    mail = message_from_bytes(item.body, policy=default)
    parts = _documents(mail)
    pages = Pages(error=None if parts else "the mail holds no fax document")
    for part in parts:
        pages += read_document(part.data, options, first=len(pages.pages) + 1)
    number = _caller(_subject(mail), item.facts.get("fax_pattern", ""))
    return Reading(message(item, pages, number=number, parts=tuple(parts)), tuple(parts))


def _documents(mail: EmailMessage) -> list[Part]:
    found = []
    for index, part in enumerate(islice(mail.walk(), MAX_PARTS)):
        name = _name(part, index)
        kind = part.get_content_type()
        if part.is_multipart() or not _may_be_fax(kind, name, part):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data:
            found.append(_part(name, kind, data))
    return found[:MAX_DOCUMENTS]


def _may_be_fax(kind: str, name: str, part: EmailMessage) -> bool:
    """Logos in the mail's text are inline; the fax is attached."""
    if part.get_content_disposition() == "inline" and part.get("Content-ID"):
        return False
    return kind == "application/pdf" or kind.startswith("image/") or name.endswith(SUFFIXES)


def _name(part: EmailMessage, index: int) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        name = ""  # the header is broken: the document counts, not its name
    name = re.sub(r"[^\w.\- ]", "_", name.replace("\\", "/").rpartition("/")[2])[:120].strip(". ")
    return name or f"fax-{index}"


def _part(name: str, kind: str, data: bytes) -> Part:
    digest = hashlib.sha256(data).hexdigest()
    return Part(Attachment(name=name, size=len(data), sha256=digest, content_type=kind), data)


def _subject(mail: EmailMessage) -> str:
    try:
        return str(mail.get("Subject", ""))[:MAX_SUBJECT]
    except (ValueError, LookupError, TypeError, IndexError):
        return ""  # a header that the library cannot parse names nobody


def _caller(subject: str, pattern: str) -> str | None:
    """The pattern is the operator's, from the settings: trusted, but perhaps wrong."""
    try:
        found = re.search(pattern, subject) if pattern else None
        return found["number"] if found else None
    except (re.error, IndexError):
        return None
