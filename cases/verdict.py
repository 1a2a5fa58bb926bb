"""What the applicant thinks of the answer (ISO 10002 §7.9): accepted, or not."""

from datetime import datetime

from config.errors import BasvuruError
from storage import applications, events, status
from storage.engine import Connection
from storage.events import Event

VERDICTS = ("accepted", "rejected")


class NotNow(BasvuruError):
    """There is no answer to judge, or it was judged already. Nothing was changed."""


def give(
    connection: Connection,
    application_id: int,
    verdict: str,
    *,
    now: datetime,
    by: str = "applicant",
) -> None:
    """Write down the verdict on the newest answer. Raises NotNow."""
    applications.lock(connection, [application_id])
    seen = status.seen(connection, application_id)
    if verdict not in VERDICTS or seen is None or seen.status not in ("answered", "closed"):
        raise NotNow("There is no answer to judge.")
    if given(connection, application_id):
        raise NotNow("The answer was judged already.")
    said = Event(application_id, "verdict", by, {"verdict": verdict})
    events.append(connection, [said], now)


def given(connection: Connection, application_id: int) -> bool:
    """Whether the newest answer has its verdict."""
    found = status.happened(connection, application_id, ("answered", "verdict", "reopened"))
    return bool(found) and found[-1][0] == "verdict"
