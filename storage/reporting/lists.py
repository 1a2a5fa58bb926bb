"""Applications as rows of a list: what may leave the company without naming anybody."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from storage import tables as t
from storage.dialect import chunks
from storage.keeping import is_restricted
from storage.reporting.counters import f

FIELDS: Sequence[str] = (
    *("received_day", "channel", "type", "branch", "topic", "province", "priority"),
    *("department", "status", "outcome", "cause", "justified"),
    *("legal_due_day", "settled_day", "transfers", "reopenings"),
)


def facts_of(connection: Connection, ids: Collection[int]) -> list[dict[str, Any]]:
    """Number and facts of applications, oldest first. No personal data."""
    columns = [f[name] for name in FIELDS]
    out: list[dict[str, Any]] = []
    for some in chunks(sorted(set(ids))):
        rows = connection.execute(
            select(t.application.c.id, t.application.c.number, *columns)
            .join(t.case_fact, f.application_id == t.application.c.id)
            .where(t.application.c.id.in_(some))
            .order_by(t.application.c.id)
        ).mappings()
        out += [dict(row) for row in rows]
    return out


def visible(
    connection: Connection,
    ids: Collection[int],
    *,
    department: str | None = None,
    restricted: bool = False,
) -> list[int]:
    """Which of these applications somebody may open: of one department (None: of all), and those
    that are restricted only where ``restricted`` says so."""
    a = t.application.c
    out: list[int] = []
    for some in chunks(sorted(set(ids))):
        wanted = select(a.id).where(a.id.in_(some)).order_by(a.id)
        if department is not None:
            wanted = wanted.where(a.department == department)
        if not restricted:
            wanted = wanted.where(~is_restricted())
        out += connection.execute(wanted).scalars()
    return out


def closed_between(connection: Connection, first: date, last: date) -> list[tuple[int, str, str]]:
    """(application, type, department) of everything closed in these days, once each."""
    m = t.case_movement.c
    rows = connection.execute(
        select(f.application_id, f.type, f.department)
        .join(t.case_movement, m.application_id == f.application_id)
        .where(m.kind == "closed", m.day.between(first, last))
        .distinct()
        .order_by(f.application_id)
    )
    return [(row[0], row[1], row[2] or "") for row in rows]
