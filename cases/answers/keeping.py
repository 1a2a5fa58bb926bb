"""How long an application is kept, who may see it meanwhile, and its end (domain rules: law 6698
article 7, regulation of 28.10.2017/30224).

A request to erase is refused with a reason while a legal basis lasts; the application is then
*restricted*: ordinary users no longer see it. A *hold* (court, arbitration, regulator) stops
everything. When its time is over it is made anonymous: number, branch, topic, dates and outcome
stay for the figures, whatever names a person goes, and a row says what went and under which rule.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.answers.shipped import data
from cases.answers.standing import CannotDo, taken
from storage import erasing, events, keeping
from storage.engine import Connection
from storage.events import Event

YEAR = timedelta(days=365, hours=6)


@dataclass(frozen=True, slots=True)
class Disposed:
    """What one destruction took: rows by table, and blobs that nothing needs any more."""

    application_id: int
    rows: dict[str, int]
    blobs: int


def hold(
    connection: Connection, application_id: int, reason: str, *, by: str, now: datetime
) -> None:
    """Nothing of it is erased until the hold is lifted. A second hold changes nothing."""
    taken(connection, application_id)
    if keeping.put_hold(connection, application_id, reason, by=by, now=now):
        _say(connection, application_id, "hold", by, now)


def lift_hold(connection: Connection, application_id: int, *, by: str, now: datetime) -> None:
    """Raises CannotDo while a proceeding is open, or when there is no hold."""
    taken(connection, application_id)
    if keeping.has_open_proceeding(connection, application_id):
        raise CannotDo("A proceeding is still open.")
    if not keeping.lift_hold(connection, application_id):
        raise CannotDo("There is no hold.")
    _say(connection, application_id, "hold_lifted", by, now)


def restrict(
    connection: Connection, application_id: int, reason: str, *, by: str, now: datetime
) -> None:
    """Ordinary users no longer see it; who does is a matter of rights. Raises: CannotDo."""
    taken(connection, application_id)
    if not reason.strip():
        raise CannotDo("Say why it is restricted.")
    keeping.restrict(connection, application_id, reason.strip(), by=by, now=now)
    _say(connection, application_id, "restricted", by, now)


def unrestrict(connection: Connection, application_id: int, *, by: str, now: datetime) -> None:
    """Raises: CannotDo."""
    taken(connection, application_id)
    if not keeping.unrestrict(connection, application_id):
        raise CannotDo("It is not restricted.")
    _say(connection, application_id, "restriction_lifted", by, now)


def due(connection: Connection, now: datetime, limit: int) -> list[tuple[int, str]]:
    """(application id, rule) of what may no longer be kept, oldest first."""
    years: dict[str, int] = dict(data()["retention"])
    limits = {type_: now - YEAR * count for type_, count in years.items()}
    return keeping.due(connection, limits, limit)


def erase(
    connection: Connection, application_id: int, rule: str, *, by: str, now: datetime
) -> Disposed | None:
    """Make an application anonymous, and those joined into it. None when it must stay, or was
    erased already: asked again under the lock. Safe to run twice."""
    if not keeping.may_erase(connection, application_id):
        return None
    rows, blobs = erasing.erase(connection, application_id, now)
    keeping.log(connection, application_id, rule, rows, blobs, by=by, now=now)
    event = Event(application_id, "erased", by, {"rule": rule})
    events.append(connection, [event], now)
    return Disposed(application_id, rows, blobs)


def _say(connection: Connection, application_id: int, what: str, by: str, now: datetime) -> None:
    events.append(connection, [Event(application_id, "keeping", by, {"what": what})], now)
