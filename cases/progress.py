"""An application in the five words that its applicant sees (docs/life.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage import status
from storage.engine import Connection

STAGES = ("received", "examined", "answered", "closed")
"""The usual way; ``waiting`` stands beside it while we wait for the applicant."""

_COARSE: Mapping[str, str] = {
    "recorded": "received",
    "assessed": "received",
    "in_progress": "examined",
    "waiting_applicant": "waiting",
    "answered": "answered",
    "closed": "closed",
}
_TOLD: Mapping[str, str] = {
    "recorded": "received",
    "assessed": "examined",
    "asked": "asked",
    "answered": "answered",
    "reopened": "reopened",
    "closed": "closed",
    "contact_given": "contact_given",
    "message_joined": "message_joined",
}
"""Events that an applicant is told of; who did what inside the company is not among them."""


def coarse(status: str) -> str:
    """``received``, ``examined``, ``waiting``, ``answered`` or ``closed``."""
    return _COARSE.get(status, "examined")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened, as the applicant may know it."""

    what: str
    at: datetime


def steps(connection: Connection, application_id: int) -> list[Step]:
    """What happened so far, oldest first."""
    found = status.happened(connection, application_id, tuple(_TOLD))
    return [Step(_TOLD[kind], at) for kind, at, _ in found]
