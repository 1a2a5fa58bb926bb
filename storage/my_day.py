"""What waits for somebody and their department: tasks, replies, approvals. Read-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select
from sqlalchemy.sql.elements import ColumnElement

from storage import tables as t
from storage.deadlines import OPEN

Row = dict[str, Any]
MOST = 20
"""Rows of each kind; whoever has more begins with these."""
_a, _t, _w = t.application.c, t.task.c, t.answer.c


def tasks(connection: Connection, login: str, department: str | None) -> list[Row]:
    """Open tasks that are theirs, and the department's that nobody took; the most urgent first."""
    free = _t.assignee.is_(None) & (_t.department == department)
    rows = connection.execute(
        select(_t.id, _t.kind, _t.due_at, _t.assignee, _a.number)
        .outerjoin(t.application, _a.id == _t.application_id)
        .where(_t.state == "open", or_(_t.assignee == login, free))
        .order_by(_t.due_at, _t.id)
        .limit(MOST)
    )
    return [dict(row) for row in rows.mappings()]


def replies(connection: Connection, login: str, since: datetime) -> list[Row]:
    """Applications of theirs to which the applicant wrote, the newest first."""
    c = t.event.c
    rows = connection.execute(
        select(_a.number, c.at)
        .join(t.application, _a.id == c.application_id)
        .where(_mine(login), c.kind == "applicant_replied", c.at >= since)
        .order_by(c.at.desc())
        .limit(MOST)
    )
    return [dict(row) for row in rows.mappings()]


def approvals(connection: Connection, login: str) -> list[Row]:
    """Drafted answers that a second person has to read; nobody approves their own."""
    rows = connection.execute(
        select(_a.number, _a.department, _w.changed_at, _w.changed_by)
        .join(t.application, _a.id == _w.application_id)
        .where(_w.state == "waiting", _w.changed_by != f"staff:{login}")
        .order_by(_w.changed_at)
        .limit(MOST)
    )
    return [dict(row) for row in rows.mappings()]


def _mine(login: str) -> ColumnElement[bool]:
    return (_a.assignee == login) & _a.status.in_(OPEN)
