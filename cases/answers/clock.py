"""What answers do to the clocks of an application (:mod:`cases.deadlines`).

The internal clock stands still while we wait for the applicant; the legal one never does. Both stop
when the answer went out. Whoever is not content gets a new internal clock.
"""

from contextlib import suppress
from datetime import datetime

from cases.deadlines import service
from cases.deadlines.service import CannotPause, Law
from config.clock import local_date
from storage.engine import Connection

REASON = "waiting_applicant"


def pause(connection: Connection, application_id: int, *, by: str, now: datetime) -> None:
    with suppress(CannotPause):  # no internal clock runs, or it stands still: as it is wanted
        service.pause(connection, application_id, REASON, by=by, now=now)


def resume(
    connection: Connection, application_id: int, *, half_days: bool, by: str, now: datetime
) -> None:
    calendar = _law(connection, half_days, now).calendar
    with suppress(CannotPause):  # it runs already, or there is none
        service.resume(connection, application_id, calendar=calendar, by=by, now=now)


def stop(connection: Connection, application_id: int, *, now: datetime) -> None:
    service.stop(connection, application_id, now=now)


def restart(
    connection: Connection, application_id: int, *, half_days: bool, by: str, now: datetime
) -> None:
    law = _law(connection, half_days, now)
    service.restart(connection, application_id, law=law, by=by, now=now)


def _law(connection: Connection, half_days: bool, now: datetime) -> Law:
    return service.law(connection, half_day_counts=half_days, around=local_date(now))
