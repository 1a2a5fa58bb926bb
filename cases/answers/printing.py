"""The print list: letters that were made, printed, posted, and that came back."""

from datetime import datetime

from cases.answers.standing import CannotDo, taken
from storage import contact, events
from storage import duties as open_duties
from storage.engine import Connection
from storage.events import Event


def printed(connection: Connection, outbox_id: int, *, by: str, now: datetime) -> None:
    """It lies in the tray. It may be printed again. Raises: CannotDo."""
    _move(
        connection,
        outbox_id,
        ("made", "printed"),
        by,
        now,
        state="printed",
        printed_at=now,
        printed_by=by,
    )


def posted(
    connection: Connection, outbox_id: int, tracking: str, *, by: str, now: datetime
) -> None:
    """It is with the post. ``tracking``: the barcode of a registered letter, or empty."""
    _move(
        connection,
        outbox_id,
        ("made", "printed"),
        by,
        now,
        state="posted",
        posted_at=now,
        posted_by=by,
        tracking=tracking.strip()[:40],
    )
    open_duties.settle_by_person(connection, outbox_id, "delivered", "posted", now)


def came_back(connection: Connection, outbox_id: int, *, by: str, now: datetime) -> None:
    """The post brought it back: what it says is still owed. Raises: CannotDo."""
    _move(connection, outbox_id, ("posted",), by, now, state="returned", returned_at=now)
    open_duties.reopen_duty(connection, outbox_id, "the letter came back")


def _move(
    connection: Connection,
    outbox_id: int,
    states: tuple[str, ...],
    by: str,
    now: datetime,
    **values: object,
) -> None:
    found = contact.application_of(connection, outbox_id)
    if found is None:
        raise CannotDo(f"There is no letter {outbox_id}.")
    taken(connection, found[0])
    if contact.move_letter(connection, outbox_id, states, **values) is None:
        raise CannotDo("This letter is not at that step.")
    data = {"outbox": outbox_id, "state": values["state"]}
    events.append(connection, [Event(found[0], "letter", by, data)], now)
