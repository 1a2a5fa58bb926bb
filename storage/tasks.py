"""Tasks: what somebody has to do, by when, and who did it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """``kind``: ``call_back``, ``find_phone``, ``consultation`` … ``data``: ids and codes that the
    kind needs; no personal data."""

    kind: str
    due_at: datetime
    application_id: int | None = None
    department: str | None = None
    assignee: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    by: str = "system"


@dataclass(frozen=True, slots=True)
class Task:
    """A row of ``task``."""

    id: int
    application_id: int | None
    kind: str
    department: str | None
    assignee: str | None
    due_at: datetime
    state: str
    data: Mapping[str, Any]
    created_at: datetime
    created_by: str
    done_at: datetime | None
    done_by: str | None


def add(connection: Connection, task: NewTask, now: datetime) -> int:
    """Write a task down. Returns its id."""
    return int(
        connection.execute(
            t.task.insert()
            .values(
                application_id=task.application_id,
                kind=task.kind,
                department=task.department,
                assignee=task.assignee,
                due_at=task.due_at,
                data=dict(task.data),
                created_at=now,
                created_by=task.by,
            )
            .returning(t.task.c.id)
        ).scalar_one()
    )


def find(connection: Connection, task_id: int) -> Task | None:
    row = connection.execute(select(t.task).where(t.task.c.id == task_id)).mappings().first()
    return Task(**row) if row else None


def open_ones(
    connection: Connection,
    *,
    kind: str | None = None,
    department: str | None = None,
    application_id: int | None = None,
    limit: int = 200,
) -> list[Task]:
    """Open tasks that fit, the most urgent first."""
    wanted = select(t.task).where(t.task.c.state == "open")
    for column, value in (
        (t.task.c.kind, kind),
        (t.task.c.department, department),
        (t.task.c.application_id, application_id),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    ordered = wanted.order_by(t.task.c.due_at, t.task.c.id).limit(limit)
    return [Task(**row) for row in connection.execute(ordered).mappings()]


def done(connection: Connection, task_id: int, *, by: str, now: datetime) -> bool:
    """Close an open task. False: somebody did before, or there is no such task."""
    moved = connection.execute(
        update(t.task)
        .where(t.task.c.id == task_id, t.task.c.state == "open")
        .values(state="done", done_at=now, done_by=by)
    )
    return moved.rowcount == 1
