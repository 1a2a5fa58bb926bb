"""Calls as the telephone system tells of them, and what colleagues write down meanwhile.

Events may come twice, late, or in the wrong order: a state only moves forward.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from storage import tables as t
from storage.dialect import insert

FORWARD: Mapping[str, tuple[str, ...]] = {
    "answered": ("ringing",),
    "ended": ("ringing", "answered"),
    "missed": ("ringing",),
}
"""State -> states that may move to it."""


@dataclass(frozen=True, slots=True)
class Call:
    """A row of ``call``. ``caller`` is E.164, or empty when it was withheld."""

    id: int
    account: str
    call_id: str
    state: str
    caller: str = field(repr=False)
    called: str
    agent: str
    recording: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    task_id: int | None
    application_id: int | None


def begin(
    connection: Connection,
    account: str,
    call_id: str,
    *,
    caller: str,
    called: str,
    agent: str,
    now: datetime,
) -> Call:
    """The call, written down when it is first heard of; what is known of it is not overwritten by
    nothing."""
    row = insert(connection, t.call).values(
        account=account,
        call_id=call_id,
        state="ringing",
        caller=caller,
        called=called,
        agent=agent,
        started_at=now,
    )
    known = {
        name: func.coalesce(func.nullif(row.excluded[name], ""), t.call.c[name])
        for name in ("caller", "called", "agent")
    }
    found = connection.execute(
        row.on_conflict_do_update(index_elements=["account", "call_id"], set_=known).returning(
            t.call
        )
    )
    return Call(**found.mappings().one())


def move(connection: Connection, call: Call, state: str, **values: Any) -> bool:
    """Move a call forward. False when it is there or further already."""
    moved = connection.execute(
        update(t.call)
        .where(t.call.c.id == call.id, t.call.c.state.in_(FORWARD[state]))
        .values(state=state, **values)
    )
    return moved.rowcount == 1


def note(connection: Connection, call_id: int, **values: Any) -> None:
    """Keep more about a call: its recording, its task, its application."""
    connection.execute(update(t.call).where(t.call.c.id == call_id).values(**values))


def find(connection: Connection, row_id: int) -> Call | None:
    row = connection.execute(select(t.call).where(t.call.c.id == row_id)).mappings().first()
    return Call(**row) if row else None


def by_task(connection: Connection, task_ids: Collection[int]) -> dict[int, Call]:
    """Task id -> the missed call that it is about."""
    rows = connection.execute(select(t.call).where(t.call.c.task_id.in_(task_ids))).mappings()
    return {row["task_id"]: Call(**row) for row in rows}


def open_call_back(connection: Connection, caller: str, kind: str) -> int | None:
    """The open task to call this number back, if there is one."""
    return connection.execute(
        select(t.task.c.id)
        .join(t.call, t.call.c.task_id == t.task.c.id)
        .where(t.call.c.caller == caller, t.task.c.kind == kind, t.task.c.state == "open")
        .limit(1)
    ).scalar()


def missed_times(connection: Connection, task_ids: Collection[int]) -> dict[int, int]:
    """Task id -> how often the caller tried."""
    rows = connection.execute(
        select(t.call.c.task_id, func.count().label("times"))
        .where(t.call.c.task_id.in_(task_ids))
        .group_by(t.call.c.task_id)
    )
    return {row.task_id: row.times for row in rows}


def at_the_line(connection: Connection, agent: str, since: datetime) -> list[Call]:
    """Calls that ring or are talked on now, for this colleague or for nobody in particular; those
    that began before ``since`` were forgotten by the telephone system."""
    rows = connection.execute(
        select(t.call)
        .where(
            t.call.c.state.in_(("ringing", "answered")),
            t.call.c.started_at >= since,
            t.call.c.agent.in_((agent, "")),
        )
        .order_by(t.call.c.started_at.desc())
        .limit(10)
    ).mappings()
    return [Call(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class OpenApplication:
    """An application of somebody who calls."""

    id: int
    number: str
    type: str
    status: str
    subject: str = field(repr=False)
    received_at: datetime
    department: str | None
    name: str | None = field(repr=False)


def applications_of(
    connection: Connection, keys: Collection[int], phone: str, limit: int = 8
) -> Sequence[OpenApplication]:
    """The newest applications of a caller: by blind index over what came from this number, and by
    the number that is on file. Joined duplicates are left out."""
    written = (
        select(t.filing.c.application_id)
        .join(t.person_key, t.person_key.c.message_id == t.filing.c.message_id)
        .where(t.person_key.c.key.in_(keys), t.person_key.c.own)
    )
    rows = connection.execute(
        select(
            *(
                t.application.c[name]
                for name in (
                    "id",
                    "number",
                    "type",
                    "status",
                    "subject",
                    "received_at",
                    "department",
                )
            ),
            t.application.c.applicant_name.label("name"),
        )
        .where(
            t.application.c.id.in_(written) | (t.application.c.applicant_phone == phone),
            t.application.c.duplicate_of.is_(None),
        )
        .order_by(t.application.c.id.desc())
        .limit(limit)
    )
    return [OpenApplication(**row._mapping) for row in rows]


def save_draft(
    connection: Connection, staff: str, key: str, fields: Mapping[str, str], now: datetime
) -> None:
    """Keep what a colleague is writing down, over what was kept before."""
    row = insert(connection, t.draft).values(staff=staff, key=key, fields=dict(fields), at=now)
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["staff"], set_={"key": key, "fields": row.excluded.fields, "at": now}
        )
    )


def draft(connection: Connection, staff: str) -> tuple[str, Mapping[str, str], datetime] | None:
    """(key of the form, fields, when) of what a colleague began."""
    row = connection.execute(select(t.draft).where(t.draft.c.staff == staff)).first()
    return (row.key, row.fields, row.at) if row else None


def drop_draft(connection: Connection, staff: str) -> None:
    connection.execute(delete(t.draft).where(t.draft.c.staff == staff))
