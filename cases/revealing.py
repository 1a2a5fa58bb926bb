"""Somebody looks at personal data: what is masked is opened with a reason, and all is recorded."""

from collections.abc import Sequence
from datetime import datetime

from config.errors import BasvuruError
from storage import applications, events, viewlog
from storage.engine import Connection
from storage.events import Event
from storage.viewlog import View

SHORTEST_REASON = 5
"""Characters; what is shorter says nothing to an auditor."""


class NoReason(BasvuruError):
    """Personal data are not opened without a reason. Whoever asked is asked for one."""


def view(
    connection: Connection, login: str, application_id: int, place: str, now: datetime
) -> None:
    """Record that somebody opened the page of an application."""
    viewlog.append(connection, View(login, "viewed", application_id, place=place), now)


def reveal(
    connection: Connection,
    login: str,
    application_id: int,
    fields: Sequence[str],
    *,
    reason: str,
    place: str,
    now: datetime,
) -> None:
    """Record that masked fields are shown whole. Call it before showing them; raises NoReason.

    The history of the application tells that it happened, the record of views what for.
    """
    why = " ".join(reason.split())
    if len(why) < SHORTEST_REASON:
        raise NoReason("A reason is needed.")
    applications.lock(connection, [application_id])
    # The reason is free text: it stays in the record that auditors read.
    told = Event(application_id, "revealed", f"staff:{login}", {"fields": list(fields)})
    events.append(connection, [told], now)
    data = {"fields": list(fields)}
    seen = View(login, "revealed", application_id, data, reason=why, place=place)
    viewlog.append(connection, seen, now)
