"""The internal clock stands still while we wait for the applicant. The legal one never does."""

from datetime import datetime

from storage import events
from storage.engine import Connection
from storage.events import Event

REASON = "waiting_applicant"


def pause(connection: Connection, application_id: int, *, by: str, now: datetime) -> None:
    events.append(connection, [Event(application_id, "clock_paused", by, {"reason": REASON})], now)


def resume(connection: Connection, application_id: int, *, by: str, now: datetime) -> None:
    events.append(connection, [Event(application_id, "clock_resumed", by, {"reason": REASON})], now)
