"""Documents that come attached to a message: which are read, and what they are good for.

A mail says "my letter is attached", and the letter is a scan. The mail is recorded, numbered and
acknowledged at once; the letter is read afterwards, and what it says then stands beside the mail.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from cases.duplicates import things
from cases.person import OurSelves, keys
from normalizers.schema import Attachment, Message
from normalizers.text.turkish import fold
from storage import applications, enclosures, events, filings, reading_desk
from storage.claims import Claim
from storage.enclosures import FAILED, LEFT, READ, WAITING, Enclosure, NewEnclosure, Outcome
from storage.engine import Connection
from storage.events import Event
from storage.known import ToFile

MOST_FILES = 10
"""Documents of one message that are read; the rest is kept, and counted."""
MOST_PAGES = 20
"""Pages of each that are read."""
SMALLEST_PICTURE = 20_000
"""Bytes under which a picture is a logo: a photographed page has ten times as many."""

_DOCUMENTS = frozenset({"application/pdf", "image/tiff"})
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"})
_DOCUMENT_NAMES = (".pdf", ".tif", ".tiff")
_PICTURE_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")


def kind_of(file: Attachment) -> Literal["document", "picture"] | None:
    """What a file may hold, by type or, where that says nothing, by name."""
    kind, name = file.content_type, fold(file.name)
    if kind in _DOCUMENTS or name.endswith(_DOCUMENT_NAMES):
        return "document"
    picture = kind in _PICTURES or name.endswith(_PICTURE_NAMES)
    return "picture" if picture and file.size >= SMALLEST_PICTURE else None


def wanted(message: Message) -> list[int]:
    """Positions of the attachments that may hold a letter. A fax or a scan was read already."""
    if message.pages is not None:
        return []
    return [i for i, file in enumerate(message.attachments) if kind_of(file)]


def owed(filed: Sequence[ToFile]) -> Iterator[NewEnclosure]:
    for one in filed:
        for count, position in enumerate(wanted(one.message)):
            yield NewEnclosure(one.id, position, WAITING if count < MOST_FILES else LEFT)


def outcome(file: Attachment, read: Message) -> Outcome:
    """What to keep of a document that was read.

    It goes to the reading desk where a fax would. A picture in which nothing was read is no letter
    but a dented door: it bothers nobody.
    """
    document = kind_of(file) == "document"
    if read.error:
        return Outcome(FAILED, detail=read.error, needs_review=document)
    return Outcome(READ, read, needs_review=read.needs_review and (document or bool(read.text)))


def settle(
    connection: Connection,
    held: Claim,
    one: Enclosure,
    became: Outcome,
    who: tuple[OurSelves, bytes],
    now: datetime,
) -> None:
    """Write what became of a document, and what follows: whom and what it names is found under
    its message from now on, and its application hears of it. ``who``: ourselves, and the secret
    of the index of people."""
    filed = application_held(connection, one.message_id)
    if not enclosures.settle(connection, held, one.id, became, now):
        return
    if became.document:
        named = dict(keys(became.document, *who).kinds)
        enclosures.add_to_message(connection, one.message_id, named, things(became.document))
    if filed is not None:
        _tell(connection, filed, one, became, now)


def application_held(connection: Connection, message_id: int) -> int | None:
    """The application of a message, locked. Somebody may join it into another while we wait for
    the lock: then it is the other one."""
    held = None
    while (filed := filings.application_of(connection, message_id)) and filed[0] != held:
        held = filed[0]
        applications.lock(connection, [held])
    return held


def _tell(
    connection: Connection, application_id: int, one: Enclosure, became: Outcome, now: datetime
) -> None:
    if became.needs_review:
        reading_desk.mark(connection, [application_id], waits=True)
    pages = len(became.document.pages or ()) if became.document else 0
    data = {
        "message": one.message_id,
        "enclosure": one.id,
        "state": became.state,
        "pages": pages,
        "needs_review": became.needs_review,
    }
    events.append(connection, [Event(application_id, "enclosure_read", data=data)], now)
