"""When a letter was delivered: the day from which its deadlines run.

In order: ``delivered_on`` of the sidecar, the group ``delivered`` of the name pattern, a folder
named after a day, and, without any of them, the time of the file (the scan).
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ingest.spool import Document
from ingest.spool.documents import PROBLEM
from ingest.spool.sidecars import ISTANBUL, moment

_DAY_FOLDER = re.compile(r"\d{4}-\d{2}-\d{2}")

_AHEAD = timedelta(days=1)
"""A delivery that lies further ahead is a typing error: its deadlines would be missed."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """``at``: for ``received_at``. ``facts``: ``delivered_on`` (ISO 8601 day in Istanbul) where
    the delivery is known."""

    at: datetime
    facts: dict[str, str] = field(repr=False)


def arrival(document: Document, known: dict[str, str], now: datetime) -> Arrival:
    """``known``: what sidecar and name say about the document."""
    facts = {PROBLEM: known[PROBLEM]} if PROBLEM in known else {}
    stated = known.get("delivered_on") or known.get("delivered") or _day_of_folder(document)
    found = moment(stated)
    if stated and found is None:
        facts.setdefault(PROBLEM, "its delivery date cannot be read")
    elif found and found[0] > now + _AHEAD:
        facts.setdefault(PROBLEM, "its delivery date lies ahead")
    elif found:
        day = found[0].astimezone(ISTANBUL).date()
        return Arrival(found[0], facts | {"delivered_on": day.isoformat()})
    return Arrival(document.modified, facts)


def _day_of_folder(document: Document) -> str:
    """The innermost folder that is named after a day; empty without one."""
    folders = document.entry.relative.split("/")[:-1]
    return next((name for name in reversed(folders) if _DAY_FOLDER.fullmatch(name)), "")
