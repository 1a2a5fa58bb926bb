"""The message around the pages of a fax or a letter."""

from dataclasses import replace
from datetime import date

from ingest.contract import RawItem
from normalizers.pages.read import Pages, read_document
from normalizers.reader import Options
from normalizers.schema import Message, Part, Reading, Sender
from normalizers.text import identifiers, phones

PAGE_BREAK = "\n\n"


def read(item: RawItem, options: Options) -> Reading:
    """Read one fax, scan or document: TIFF, PDF, JPEG, PNG, WebP or HEIC.

    Facts: ``fax_number`` (as the line gave it), ``fax_name``, ``sender_name``, ``fax_pages`` (pages
    that the other machine sent), ``fax_interrupted`` (why the call ended early), ``delivered_on``
    (ISO date on which a letter came), ``most_pages`` (bound for this one, below that of the
    settings).
    """
    most = item.facts.get("most_pages", "")
    if most.isdecimal():
        options = replace(options, max_pages=min(options.max_pages, int(most)))
    return Reading(message(item, read_document(item.body, options)))


def message(
    item: RawItem, pages: Pages, *, number: str | None = None, parts: tuple[Part, ...] = ()
) -> Message:
    """``number`` is the caller's, where it does not stand in the facts."""
    delivered, complaint = _delivered_on(item)
    notes = [note for note in (complaint, *_fax_notes(item, pages)) if note]
    return Message(
        source=item.source_key,
        kind="fax" if item.kind == "fax-mail" else item.kind,  # whatever brought it
        text=PAGE_BREAK.join(page.text for page in pages.pages if page.text),
        received_at=item.received_at,
        sender=_sender(item, number),
        identifiers=identifiers.merge(pages.found),
        attachments=tuple(part.attachment for part in parts),
        warnings=(*notes, *pages.warnings),
        error=pages.error,
        pages=tuple(pages.pages),
        needs_review=pages.poor or _says_nothing(pages) or "fax_interrupted" in item.facts,
        delivered_on=delivered,
    )


def _says_nothing(pages: Pages) -> bool:
    """An empty sheet among written ones is a back side; a letter of nothing else may be one that is
    too pale for us, or was scanned upside down: a person looks."""
    return not any(page.text.strip() for page in pages.pages)


def _sender(item: RawItem, number: str | None) -> Sender:
    facts = item.facts
    phone = phones.parse(facts.get("fax_number") or number or "")
    return Sender(
        name=facts.get("sender_name") or facts.get("fax_name") or None,
        phone=phone.e164 if phone else None,
    )


def _delivered_on(item: RawItem) -> tuple[date | None, str | None]:
    given = item.facts.get("delivered_on")
    if not given:
        return None, None
    try:
        return date.fromisoformat(given), None
    except ValueError:
        return None, "delivered_on is not a date (YYYY-MM-DD)"


def _fax_notes(item: RawItem, pages: Pages) -> list[str]:
    notes = []
    if reason := item.facts.get("fax_interrupted"):
        notes.append(f"the fax call was interrupted: {reason[:200]}")
    announced = item.facts.get("fax_pages", "")
    if announced.isdecimal() and len(announced) < 6 and int(announced) > len(pages.pages):
        notes.append(f"{announced} pages were sent, {len(pages.pages)} arrived")
    return notes
