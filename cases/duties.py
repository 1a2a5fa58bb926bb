"""Open duties: applicants who may not know their number. A person says how one was met."""

from datetime import datetime

from cases.acknowledgement import PURPOSE
from config.errors import BasvuruError
from storage import applications, events, known
from storage import duties as open_duties
from storage.engine import Connection
from storage.events import Event


class NoSuchDuty(BasvuruError):
    """There is no open duty for this application; nothing was changed."""


def settle(
    connection: Connection, number: str, state: str, how: str, *, by: str, now: datetime
) -> dict[str, list[int]]:
    """Move an open duty to ``met`` or back to ``pending``; returns what to ring for.

    Raises: NoSuchDuty.
    """
    digits = "".join(c for c in number if c.isdecimal())
    application_id = known.by_number(connection, [digits]).get(digits)
    if application_id is None:
        raise NoSuchDuty(f"There is no application {number}.")
    applications.lock(connection, [application_id])
    row = open_duties.close_duty(connection, application_id, PURPOSE, state, how, now)
    if row is None:
        raise NoSuchDuty(f"Application {number} has no open duty, or nobody to send it to.")
    event = Event(application_id, f"acknowledgement_{state}", by, {"how": how})
    events.append(connection, [event], now)
    row_id, medium = row
    return {medium: [row_id]} if state == "pending" else {}
