"""A person decides that two messages are one matter, or that they are not; and takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases import aftercare, reading_desk
from cases.answers.replies import joined as see_to_reply
from cases.recording import House, open_for
from config.errors import BasvuruError
from storage import answers, applications, events, filings, known, pairs, standing
from storage.engine import Connection
from storage.events import Event
from storage.standing import Standing

ANSWERED = ("answered", "closed")


class CannotJoin(BasvuruError):
    """The messages are not there, or the step makes no sense. Nothing was changed. ``code``: which
    of the reasons it is, for pages."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


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
    if _filed(connection, message_id) != application_id:
        raise CannotJoin(f"Somebody moved message {message_id} at the same moment.")
    if filings.messages_of(connection, application_id) < 2:
        raise CannotJoin(f"Message {message_id} is alone in its application.")
    [one] = known.by_row_id(connection, [message_id])
    opened = open_for(connection, one, house, now)
    reasons = [{"code": "parted"}]
    filings.move(
        connection, message_id, opened.application_id, how="opened", reasons=reasons, by=by, now=now
    )
    reading_desk.follow(connection, [application_id, opened.application_id])
    left = {"message": message_id, "to": opened.application_id}
    came = {"message": message_id, "parted_from": application_id}
    parted = [
        Event(application_id, "message_parted", by, left),
        Event(opened.application_id, "recorded", by, came),
    ]
    begun = aftercare.begin(connection, [opened.application_id], house.aftercare, now)
    events.append(connection, [*parted, *begun], now)
    return Parted(opened.number, opened.to_send)


def join(
    connection: Connection,
    message_id: int,
    number: str,
    *,
    by: str,
    now: datetime,
    half_days: bool = True,
) -> None:
    """Put a message, and all of the application that it opened, into another. Raises CannotJoin."""
    old = _filed(connection, message_id)
    new = known.by_number(connection, [digits(number)]).get(digits(number))
    if new is None:
        raise CannotJoin(f"There is no application {number}.")
    join_applications(connection, old, new, by=by, now=now, half_days=half_days)


def join_applications(
    connection: Connection, old: int, new: int, *, by: str, now: datetime, half_days: bool
) -> None:
    """All of one application goes into another. What its applicant wrote after we last spoke in
    that one is heard there: it opens again what was answered. Raises CannotJoin."""
    if new == old:
        raise CannotJoin("The message belongs to that application already.", "one")
    applications.lock(connection, [old, new])
    gone, stays = _standing(connection, old), _standing(connection, new)
    if stays.duplicate_of is not None or gone.duplicate_of is not None:
        raise CannotJoin(f"Application {stays.number} was joined into another one itself.", "moved")
    if gone.status in ANSWERED or _answer_is_going(connection, old):
        raise CannotJoin(f"Application {gone.number} was answered: it stays.", "answered")
    before = filings.in_full(connection, old)
    followers = filings.duplicates_of(connection, old)
    filings.move_all(connection, old, new, by=by, now=now)
    filings.mark_duplicate(connection, old, new)
    reading_desk.follow(connection, [old, new])
    pairs.joined(connection, old, new, by=by, now=now)
    into = {"application": new, "from": gone.status, "filings": before, "followers": followers}
    came = [{"message": one["message"], "from": old} for one in before]
    told = [Event(new, "message_joined", by, data) for data in came]
    events.append(connection, [Event(old, "joined_into", by, into), *told], now)
    _hear(connection, before, new, half_days=half_days, now=now)


def _standing(connection: Connection, application_id: int) -> Standing:
    found = standing.take(connection, application_id)
    if found is None:
        raise CannotJoin(f"There is no application with the id {application_id}.")
    return found


def _answer_is_going(connection: Connection, application_id: int) -> bool:
    states = {one.state for one in answers.of_application(connection, application_id)}
    return bool(states & {"waiting", "calling", "sent"})


def _hear(
    connection: Connection,
    before: list[dict[str, object]],
    application_id: int,
    *,
    half_days: bool,
    now: datetime,
) -> None:
    """What came after our last word is a word to us, on whatever way it was found out."""
    said = filings.last_said(connection, application_id)
    if said is None:
        return
    wrote = {one["message"] for one in before if one["how"] in ("opened", "reply", "near")}
    for one in known.by_row_id(connection, [int(str(key)) for key in wrote]):
        if one.received_at > said:
            see_to_reply(
                connection,
                application_id,
                one.id,
                one.message,
                "near",
                half_days=half_days,
                now=now,
            )


def unjoin(connection: Connection, application_id: int, *, by: str, now: datetime) -> None:
    """Undo a joining: the application stands for itself again, with its number, its messages and
    its clocks. What was done in the other one meanwhile stays there. Raises CannotJoin."""
    found = _standing(connection, application_id)
    data = filings.last_joining(connection, application_id)
    if found.duplicate_of is None or data is None:
        raise CannotJoin(f"Application {found.number} is joined into none.", "not_joined")
    if "filings" not in data:
        raise CannotJoin("It was joined by an older version: part its messages.", "older")
    into = found.duplicate_of
    applications.lock(connection, [application_id, into])
    moved = filings.put_back(
        connection, data["filings"], old=application_id, new=into, by=by, now=now
    )
    if not moved:
        raise CannotJoin("Its messages were parted since.", "parted")
    filings.unmark_duplicate(connection, application_id, data["from"], data["followers"])
    reading_desk.follow(connection, [application_id, into])
    pairs.open_again(connection, application_id)
    again = {"reason": "parted", "by": by, "status": data["from"]}
    left = [{"message": one, "to": application_id} for one in moved]
    told = [Event(into, "message_parted", by, one) for one in left]
    events.append(connection, [Event(application_id, "reopened", by, again), *told], now)


def digits(number: str) -> str:
    return "".join(c for c in number if c.isdecimal())


def _filed(connection: Connection, message_id: int) -> int:
    found = filings.application_of(connection, message_id)
    if found is None:
        raise CannotJoin(f"There is no message {message_id} in any application.")
    return found[0]
