"""The reading desk: pages that OCR read poorly, read by a person.

The application was numbered and acknowledged long before. What the person read stands beside what
was read first, and neither is ever changed; from then on the application is found by it, and by
whom and what it names.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.duplicates import things
from cases.person import OurSelves, keys
from normalizers.schema import Message, Page
from normalizers.text import identifiers
from storage import applications, enclosures, events, reading_desk, search
from storage.engine import Connection
from storage.events import Event
from storage.reading_desk import Sheet

LONGEST = 20_000
"""Characters of a page: ten times as many as a dense one has."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One page that a person has to read. ``read``: what was read in it, empty where nothing
    was."""

    sheet: Sheet
    page: int
    read: Page

    @property
    def place(self) -> tuple[int, int | None, int]:
        return self.sheet.message_id, self.sheet.position, self.page


def pages_of(document: Mapping[str, Any] | None) -> list[Page]:
    """The pages of a document at which a person has to look: those that were read poorly; where the
    document as a whole is in doubt (a call that broke off, nothing read), all that are not blank,
    or else all."""
    known = Message.model_validate(document).pages or () if document else ()
    poor = [page for page in known if page.poor]
    written = [page for page in known if not page.blank]
    return poor or written or list(known) or [Page(page=1, text="")]


def left(connection: Connection, application_id: int) -> list[Waiting]:
    """The pages of an application that nobody has read yet."""
    sheets = reading_desk.sheets(connection, application_id)
    ids = {one.message_id for one in sheets}
    read = {
        (one["message_id"], one["position"], one["page"])
        for one in reading_desk.corrections(connection, ids)
    }
    return [one for one in _pages(sheets) if one.place not in read]


def follow(connection: Connection, application_ids: Collection[int]) -> None:
    """Messages moved from one of these applications to another, and their pages with them. The
    rows must be locked by the caller."""
    waits = {one for one in application_ids if left(connection, one)}
    reading_desk.mark(connection, waits, waits=True)
    reading_desk.mark(connection, set(application_ids) - waits, waits=False)


def _pages(sheets: Sequence[Sheet]) -> Iterator[Waiting]:
    for sheet in sheets:
        for page in pages_of(sheet.document):
            yield Waiting(sheet, page.page, page)


def correct(
    connection: Connection,
    one: Waiting,
    text: str,
    *,
    by: str,
    who: tuple[OurSelves, bytes],
    now: datetime,
) -> bool:
    """Keep what a person read; False when somebody read the page in the meantime, and nothing was
    kept. ``who``: ourselves, and the secret of the index of people."""
    mine = one.sheet.application_id
    applications.lock(connection, [mine])
    waiting = left(connection, mine)
    if one.place not in {other.place for other in waiting}:
        return False
    text = text.replace("\r\n", "\n").strip()[:LONGEST]
    changed = text != one.read.text.strip()
    reading_desk.keep(connection, one.sheet, one.page, text, changed=changed, by=by, now=now)
    if changed:
        _make_known(connection, one, text, who)
    reading_desk.mark(connection, [mine], waits=len(waiting) > 1)
    data = {"message": one.sheet.message_id, "page": one.page, "changed": changed}
    data |= {"left": len(waiting) - 1}
    events.append(connection, [Event(mine, "page_read", f"staff:{by}", data)], now)
    return True


def _make_known(
    connection: Connection, one: Waiting, text: str, who: tuple[OurSelves, bytes]
) -> None:
    """Whom and what the page names is found under its message from now on."""
    page = Page(page=one.page, text=text)
    found = identifiers.find(text, page=one.page)
    read = Message(source="desk", kind="post", text=text, identifiers=found, pages=(page,))
    named = dict(keys(read, *who).kinds)
    enclosures.add_to_message(connection, one.sheet.message_id, named, things(read))
    search.extend(connection, one.sheet.message_id, read)
