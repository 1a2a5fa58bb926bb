"""The live board: everything that is open, as it comes. Counts, ages and deadlines, no person.

One look at the database serves everybody who watches; figures are those of the reports
(:mod:`storage.reporting.stock`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.clock import local_date
from storage import worklist
from storage.engine import Connection
from storage.reporting import stock

DIMENSIONS = ("department", "channel", "type")
ARRIVALS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """What is open of one department, channel or kind."""

    code: str | None
    open: int
    overdue: int
    due_today: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The board at one moment. Two are equal where nothing that is shown has changed."""

    at: datetime
    """To the minute: ages are shown no finer."""
    total: Line
    today: Mapping[str, int]
    """``received``, ``reopened``, ``answered``, ``closed`` -> how many today."""
    by: Mapping[str, list[Line]]
    arrivals: list[Mapping[str, Any]]


def look(connection: Connection, now: datetime) -> Snapshot:
    """The board now."""
    found = stock.board(connection, now, local_date(now), by=DIMENSIONS)
    rows = found["open"]
    [total] = summed(rows, None) or [Line(None, 0, 0, 0, None)]
    return Snapshot(
        at=now.replace(second=0, microsecond=0),
        total=total,
        today={kind: found["today"].get(kind, 0) for kind in _MOVES},
        by={name: summed(rows, name) for name in DIMENSIONS},
        arrivals=list(worklist.arrivals(connection, ARRIVALS)),
    )


_MOVES = ("received", "reopened", "answered", "closed")


def summed(rows: Iterable[Mapping[str, Any]], dimension: str | None) -> list[Line]:
    """Rows of the board added up by one dimension (None: all), the most late first."""
    groups: dict[str | None, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[dimension] if dimension else None, []).append(row)
    lines = [
        Line(
            code,
            sum(int(row["open"]) for row in some),
            sum(int(row["overdue"]) for row in some),
            sum(int(row["due_today"]) for row in some),
            min(row["oldest"] for row in some),
        )
        for code, some in groups.items()
    ]
    return sorted(lines, key=lambda one: (-one.overdue, -one.open, one.code or ""))
