"""The figures once more, by a plain reading of the history: no SQL of ours, none of its tables."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from config.clock import local_date
from storage import tables as t


@dataclass
class Case:
    received_at: datetime
    type: str = "unclassified"
    department: str | None = None
    agent: str | None = None
    legal_due_at: datetime | None = None
    settled_at: datetime | None = None
    outcome: str | None = None
    opened: list[date] = field(default_factory=list)
    shut: list[tuple[date, str]] = field(default_factory=list)
    is_open: bool = False

    def open_at_end_of(self, day: date) -> bool:
        ins = sum(one <= day for one in self.opened)
        return ins > sum(one <= day for one, _ in self.shut)


def cases(connection: Connection) -> list[Case]:
    """Every application as its events tell it."""
    found: dict[int, Case] = {}
    received = {
        row.id: row.received_at
        for row in connection.execute(select(t.application.c.id, t.application.c.received_at))
    }
    rows = connection.execute(
        select(t.event).order_by(t.event.c.application_id, t.event.c.seq)
    ).mappings()
    for row in rows:
        key = row["application_id"]
        one = found.setdefault(key, Case(received[key]))
        _tell(one, row["kind"], row["at"], row["data"])
    return list(found.values())


def _tell(one: Case, kind: str, at: datetime, data: dict[str, Any]) -> None:
    day = local_date(at)
    if kind == "assessed":
        one.type, one.agent = data["type"], data.get("agent", one.agent)
    elif kind == "routed":
        one.department = data["department"]
    elif kind == "deadlines_set" and data.get("legal_due_at"):
        one.legal_due_at = datetime.fromisoformat(data["legal_due_at"])
    elif kind == "answered":
        one.settled_at = one.settled_at or at
    elif kind in ("recorded", "reopened") and not one.is_open:
        one.is_open, one.outcome = True, None
        one.opened.append(day)
    elif kind in ("closed", "joined_into") and one.is_open:
        one.is_open = False
        one.outcome = data.get("outcome", "duplicate")
        one.settled_at = one.settled_at or at
        one.shut.append((day, one.outcome))


def balance(everything: Iterable[Case], first: date, last: date) -> dict[str, int]:
    before = first - timedelta(days=1)
    out: Counter[str] = Counter()
    for one in everything:
        out["opening"] += one.open_at_end_of(before)
        out["closing"] += one.open_at_end_of(last)
        out["received"] += first <= one.opened[0] <= last
        out["reopened"] += sum(first <= day <= last for day in one.opened[1:])
        out["closed"] += sum(first <= day <= last for day, _ in one.shut)
    return dict(out)
