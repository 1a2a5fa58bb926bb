"""Faxes that a gateway brings as mail: the attached document is the fax, the mail its envelope."""

import re
from itertools import islice

from ingest.contract import RawItem
from normalizers.email import attachments, mime, words
from normalizers.email.mime import Entity
from normalizers.pages.message import message
from normalizers.pages.read import Pages, read_document
from normalizers.reader import Options
from normalizers.schema import Part, Reading
from normalizers.text.turkish import fold

MAX_DOCUMENTS = 20
MAX_SUBJECT = 500
SUFFIXES = (".tif", ".tiff", ".pdf", ".jpg", ".jpeg", ".png")


def read(item: RawItem, options: Options) -> Reading:
    """Read the fax in a gateway's mail.

    Facts, besides those of a fax: ``fax_pattern``, a regular expression with a group ``number``
    that finds the caller in the subject where the gateway gives no ``fax_number``.
    """
    mail = mime.parse(item.body).root
    parts = _documents(mail)
    pages = Pages(error=None if parts else "the mail holds no fax document")
    for part in parts:
        pages += read_document(part.data, options, first=len(pages.pages) + 1)
    number = _caller(
        words.decode(mail.headers.first(b"subject"))[:MAX_SUBJECT],
        item.facts.get("fax_pattern", ""),
    )
    return Reading(message(item, pages, number=number, parts=tuple(parts)), tuple(parts))


def _documents(mail: Entity) -> list[Part]:
    faxes = (entity for entity in mail.walk() if not entity.children and _may_be_fax(entity))
    files = (
        attachments.File(attachments.name_of(entity), entity.type, entity.data())
        for entity in islice(faxes, MAX_DOCUMENTS)
    )
    return [attachments.part(file, number) for number, file in enumerate(files, 1) if file.data]


def _may_be_fax(entity: Entity) -> bool:
    """Logos in the mail's text are inline; the fax is attached."""
    if entity.disposition.value == b"inline" and entity.headers.first(b"content-id"):
        return False
    if entity.type == "application/pdf" or entity.type.startswith("image/"):
        return True
    return fold(attachments.name_of(entity)).endswith(SUFFIXES)


def _caller(subject: str, pattern: str) -> str | None:
    """The pattern is the operator's, from the settings: trusted, but perhaps wrong."""
    try:
        found = re.search(pattern, subject) if pattern else None
        return found["number"] if found else None
    except (re.error, IndexError):
        return None
