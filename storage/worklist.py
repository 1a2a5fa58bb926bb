"""The list of applications: filtered, sorted by urgency, a page at a time. Read-only.

Open work is sorted by what is due first, the rest by what came last; both walk an index, and the
next page begins behind the last row of this one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, literal_column, or_, select, text, tuple_
from sqlalchemy.sql.elements import ColumnElement

from storage import tables as t
from storage.dialect import among
from storage.keeping import is_restricted
from storage.tables.board import DUE, OPEN_WORK
from storage.types import Utc

Row = dict[str, Any]
SHOWS = ("open", "answered", "closed", "all")
DUE_BY = ("late", "today", "week")
MOST_COUNTED = 1_000
"""Rows are counted as far as this: beyond it nobody asks how many."""

_due: ColumnElement[Any] = literal_column(DUE, Utc())
_a = t.application.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which applications. ``department`` and ``assignee``: ``-`` is nobody's yet. ``ids``: only
    these (what a search found). ``restricted``: also those that are hidden from most."""

    show: str = "open"
    department: str = ""
    assignee: str = ""
    type: str = ""
    kind: str = ""
    due: str = ""
    review: bool = False
    ids: Collection[int] | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """The last row of the page before. ``due`` is None where nothing is due, and where the list
    is sorted by what came last."""

    id: int
    due: datetime | None = None


def page(
    connection: Connection,
    wanted: Wanted,
    *,
    now: datetime,
    end_of_today: datetime,
    after: After | None = None,
    limit: int = 50,
) -> list[Row]:
    """Rows with ``number, received_at, due_at, status, type, kind, channel, department, assignee,
    subject, applicant_name, needs_review, priority, messages``."""
    chosen = _chosen(wanted, now, end_of_today).add_columns(*(_a[name] for name in _SHOWN))
    if wanted.show == "open":
        chosen = chosen.order_by(_due, _a.id)
        if after is not None:
            chosen = chosen.where(_behind(after))
    else:
        chosen = chosen.order_by(_a.id.desc())
        if after is not None:
            chosen = chosen.where(_a.id < after.id)
    rows = [dict(row) for row in connection.execute(chosen.limit(limit)).mappings()]
    counts = _messages(connection, [row["id"] for row in rows])
    return [
        row
        | {"due_at": row["sla_due_at"] or row["legal_due_at"], "messages": counts.get(row["id"], 0)}
        for row in rows
    ]


_SHOWN = (
    *("number", "received_at", "sla_due_at", "legal_due_at", "status", "type", "kind", "channel"),
    *("department", "assignee", "subject", "applicant_name", "needs_review", "priority"),
)


def count(connection: Connection, wanted: Wanted, *, now: datetime, end_of_today: datetime) -> int:
    """How many there are; ``MOST_COUNTED + 1`` stands for more."""
    some = _chosen(wanted, now, end_of_today).limit(MOST_COUNTED + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


_BY_HAND = {"phone", "counter", "post", "fax", "email", "social", "other"}


def arrivals(connection: Connection, limit: int) -> list[Row]:
    """The newest: ``number, recorded_at, type, kind, department``. No personal data."""
    names = ("number", "recorded_at", "type", "kind", "department")
    newest = select(*(_a[name] for name in names)).order_by(_a.id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(newest).mappings()]


def places(connection: Connection, ids: Collection[int]) -> dict[int, str | None]:
    """Application -> its department."""
    rows = connection.execute(select(_a.id, _a.department).where(among(_a.id, ids)))
    return {row.id: row.department for row in rows}


def kinds(connection: Connection) -> Sequence[str]:
    """Ways on which applications come: those of our accounts, and what is written by hand."""
    rows = set(connection.execute(select(t.channel.c.kind).distinct()).scalars())
    plain = {"text"} if "folder" in rows else set[str]()  # what lies in a folder is of this kind
    return sorted(rows - {"folder"} | plain | _BY_HAND)


def _chosen(wanted: Wanted, now: datetime, end_of_today: datetime) -> Select[Any]:
    return select(_a.id).where(*_conditions(wanted, now, end_of_today))


def _conditions(wanted: Wanted, now: datetime, end_of_today: datetime) -> list[ColumnElement[bool]]:
    out: list[ColumnElement[bool]] = []
    if wanted.show == "open":
        out.append(text(OPEN_WORK))  # type: ignore[arg-type]
    elif wanted.show != "all":
        out.append(_a.status == wanted.show)
    for column, value in (
        (_a.department, wanted.department),
        (_a.assignee, wanted.assignee),
        (_a.type, wanted.type),
        (_a.kind, wanted.kind),
    ):
        if value:
            out.append(column.is_(None) if value == "-" else column == value)
    until = _UNTIL[wanted.due](now, end_of_today) if wanted.due else None
    if until is not None:
        out.append(_due < until)
    if wanted.review:
        out.append(text("needs_review"))  # type: ignore[arg-type]
    if wanted.ids is not None:
        out.append(among(_a.id, wanted.ids))
    if not wanted.restricted:
        out.append(~is_restricted())
    return out


_UNTIL: Mapping[str, Any] = {
    "late": lambda now, _end: now,
    "today": lambda _now, end: end,
    "week": lambda _now, end: end + timedelta(days=6),
}


def _behind(after: After) -> ColumnElement[bool]:
    if after.due is not None:
        return tuple_(_due, _a.id) > tuple_(after.due, after.id)
    nothing_due = _a.sla_due_at.is_(None) & _a.legal_due_at.is_(None)
    return nothing_due & (_a.id > after.id)


def _messages(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    rows = connection.execute(
        select(t.filing.c.application_id, func.count())
        .where(among(t.filing.c.application_id, ids))
        .group_by(t.filing.c.application_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def readable(department: str | None) -> ColumnElement[bool]:
    """Applications whose text somebody of this department may read: its own, and nobody's."""
    return or_(_a.department.is_(None), _a.department == department)
