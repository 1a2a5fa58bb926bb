"""The internal clock stands still while we wait for the applicant. The legal one never does.

An application without an internal clock that runs (thanks; a colleague paused it before) stays as
it is: asking and answering never fail for the sake of a clock.
"""

from datetime import datetime

from cases.deadlines import service
from cases.deadlines.service import CannotPause
from storage.engine import Connection

REASON = "waiting_applicant"


def pause(connection: Connection, application_id: int, *, by: str, now: datetime) -> None:
    try:
        service.pause(connection, application_id, REASON, by=by, now=now)
    except CannotPause:
        # Nothing runs that could stand still; nothing was written.
        return


def resume(connection: Connection, application_id: int, *, by: str, now: datetime) -> None:
    """Its end moves by the working days that it stood still; a half holiday is one of them."""
    calendar = service.law(connection, half_day_counts=True).calendar
    try:
        service.resume(connection, application_id, calendar=calendar, by=by, now=now)
    except CannotPause:
        # It did not stand still, or is stopped; nothing was written.
        return


def restart(connection: Connection, application_id: int, *, by: str, now: datetime) -> None:
    """Opened again: a new internal clock from now on."""
    law = service.law(connection, half_day_counts=True)
    service.restart(connection, application_id, law=law, by=by, now=now)
