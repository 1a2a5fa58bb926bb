"""A person decides that two messages are one matter, or that they are not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases import aftercare
from cases.recording import House, open_for
from config.errors import BasvuruError
from storage import applications, events, filings, known
from storage.engine import Connection
from storage.events import Event


class CannotJoin(BasvuruError):
    """The messages are not there, or the step makes no sense. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Parted:
    number: str
    to_send: Mapping[str, tuple[int, ...]]


def part(
    connection: Connection, message_id: int, house: House, *, by: str, now: datetime
) -> Parted:
    """Take a message out of its application and open one of its own. Raises CannotJoin."""
    application_id = _filed(connection, message_id)
    applications.lock(connection, [application_id])
    if filings.messages_of(connection, application_id) < 2:
        raise CannotJoin(f"Message {message_id} is alone in its application.")
    [one] = known.by_row_id(connection, [message_id])
    opened = open_for(connection, one, house, now)
    reasons = [{"code": "parted"}]
    filings.move(
        connection, message_id, opened.application_id, how="opened", reasons=reasons, by=by, now=now
    )
    left = {"message": message_id, "to": opened.application_id}
    came = {"message": message_id, "parted_from": application_id}
    parted = [
        Event(application_id, "message_parted", by, left),
        Event(opened.application_id, "recorded", by, came),
    ]
    begun = aftercare.begin(connection, [opened.application_id], house.aftercare, now)
    events.append(connection, [*parted, *begun], now)
    return Parted(opened.number, opened.to_send)


def join(connection: Connection, message_id: int, number: str, *, by: str, now: datetime) -> None:
    """Put a message, and all of the application that it opened, into another. Raises CannotJoin."""
    old = _filed(connection, message_id)
    new = known.by_number(connection, [digits(number)]).get(digits(number))
    if new is None:
        raise CannotJoin(f"There is no application {number}.")
    if new == old:
        raise CannotJoin("The message belongs to that application already.")
    applications.lock(connection, [old, new])
    if filings.is_duplicate(connection, new):
        raise CannotJoin(f"Application {number} was joined into another one itself.")
    filings.move_all(connection, old, new, by=by, now=now)
    filings.mark_duplicate(connection, old, new)
    filings.close_suggestions(connection, message_id, "joined", by=by, now=now)
    events.append(
        connection,
        [
            Event(old, "joined_into", by, {"application": new}),
            Event(new, "message_joined", by, {"message": message_id, "from": old}),
        ],
        now,
    )


def digits(number: str) -> str:
    return "".join(c for c in number if c.isdecimal())


def _filed(connection: Connection, message_id: int) -> int:
    found = filings.application_of(connection, message_id)
    if found is None:
        raise CannotJoin(f"There is no message {message_id} in any application.")
    return found[0]
