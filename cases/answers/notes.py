"""Notes that colleagues leave each other; the applicant never sees them."""

from datetime import datetime

from cases.answers.standing import CannotDo, taken
from storage import contact, events
from storage.engine import Connection
from storage.events import Event

LONGEST = 20_000


def add_note(
    connection: Connection, application_id: int, text: str, *, by: str, now: datetime
) -> int:
    """Write a note; returns its id. Closed applications take notes too. Raises: CannotDo."""
    to = taken(connection, application_id)
    if not text.strip() or len(text) > LONGEST:
        raise CannotDo(f"A note has 1 to {LONGEST} characters.")
    row_id = contact.add_note(connection, to.id, text.strip(), by=by, now=now)
    events.append(connection, [Event(to.id, "note_added", by, {"note": row_id})], now)
    return row_id
