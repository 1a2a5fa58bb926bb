"""Where applications are, who was asked about them, and who must not decide on them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage import tables as t
from storage.deadlines import OPEN
from storage.dialect import among, insert

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an application is. Its row is locked."""

    id: int
    department: str | None
    assignee: str | None
    status: str


def take(connection: Connection, ids: Collection[int]) -> dict[int, Place]:
    """Lock applications, in ascending order, and say where they are."""
    columns = [t.application.c[name] for name in Place.__slots__]
    rows = connection.execute(
        select(*columns)
        .where(among(t.application.c.id, ids))
        .order_by(t.application.c.id)
        .with_for_update(key_share=True)
    )
    return {row.id: Place(*row) for row in rows}


def put(
    connection: Connection, application_id: int, *, department: str | None, assignee: str | None
) -> None:
    of = t.application.c.id == application_id
    values = {"department": department, "assignee": assignee}
    connection.execute(update(t.application).where(of).values(**values))


def hand_over(connection: Connection, departments: Mapping[int, str]) -> None:
    """Application -> the department that has it from now on, and in it nobody yet."""
    together: dict[str, list[int]] = {}
    for application_id, department in departments.items():
        together.setdefault(department, []).append(application_id)
    for department, ids in together.items():
        of = among(t.application.c.id, ids)
        values = {"department": department, "assignee": None}
        connection.execute(update(t.application).where(of).values(**values))


def routed_by_hand(connection: Connection, ids: Collection[int]) -> set[int]:
    """Which of these were routed by a person the last time that they were routed."""
    c = t.event.c
    rows = connection.execute(
        select(c.application_id, c.actor)
        .where(among(c.application_id, ids), c.kind == "routed")
        .order_by(c.application_id, c.seq)
    )
    last = {row.application_id: row.actor for row in rows}
    return {i for i, actor in last.items() if actor.startswith("staff:")}


def transfers(connection: Connection, application_ids: Collection[int]) -> dict[int, int]:
    """How often each was handed from one department to another; those never handed on are not in
    it."""
    handed_on = t.event.c.data["from"].as_string().is_not(None)
    rows = connection.execute(
        select(t.event.c.application_id, func.count())
        .where(t.event.c.application_id.in_(application_ids), t.event.c.kind == "routed", handed_on)
        .group_by(t.event.c.application_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def loads(connection: Connection, logins: Collection[str]) -> dict[str, int]:
    """Open applications that each of them has."""
    a = t.application.c
    rows = connection.execute(
        select(a.assignee, func.count())
        .where(a.assignee.in_(logins), a.status.in_(OPEN), a.duplicate_of.is_(None))
        .group_by(a.assignee)
    )
    return dict.fromkeys(logins, 0) | {row[0]: int(row[1]) for row in rows}


def add_conflict(
    connection: Connection, application_id: int, login: str, reason: str, *, by: str, now: datetime
) -> None:
    values = {"application_id": application_id, "login": login, "reason": reason}
    row = insert(connection, t.conflict).values(**values, at=now, by=by)
    connection.execute(row.on_conflict_do_nothing())


def conflicts(connection: Connection, application_id: int) -> list[Row]:
    rows = connection.execute(
        select(t.conflict).where(t.conflict.c.application_id == application_id)
    )
    return [dict(row) for row in rows.mappings()]


def barred(connection: Connection, login: str) -> set[int]:
    """Applications on which this colleague must not decide."""
    c = t.conflict.c
    return set(connection.execute(select(c.application_id).where(c.login == login)).scalars())


def add_absence(
    connection: Connection,
    login: str,
    first: date,
    last: date,
    deputy: str | None,
    *,
    by: str,
    now: datetime,
) -> int:
    added = t.absence.insert().values(
        login=login, first_day=first, last_day=last, deputy=deputy, at=now, by=by
    )
    return int(connection.execute(added.returning(t.absence.c.id)).scalar_one())


def drop_absence(connection: Connection, absence_id: int) -> bool:
    gone = t.absence.delete().where(t.absence.c.id == absence_id)
    return connection.execute(gone).rowcount > 0


def absent(connection: Connection, day: date) -> dict[str, str | None]:
    """Who is away on a day -> who stands in."""
    c = t.absence.c
    rows = connection.execute(
        select(c.login, c.deputy).where(c.first_day <= day, c.last_day >= day).order_by(c.id)
    )
    return {row.login: row.deputy for row in rows}


def ask(
    connection: Connection,
    application_id: int,
    department: str,
    question: str,
    *,
    due_at: datetime,
    by: str,
    now: datetime,
) -> int:
    asked = t.consultation.insert().values(
        application_id=application_id,
        department=department,
        question=question,
        asked_at=now,
        asked_by=by,
        due_at=due_at,
    )
    return int(connection.execute(asked.returning(t.consultation.c.id)).scalar_one())


def consultation(connection: Connection, consultation_id: int) -> Row | None:
    row = (
        connection.execute(
            select(t.consultation).where(t.consultation.c.id == consultation_id).with_for_update()
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def answer(
    connection: Connection, consultation_id: int, answer: str, *, by: str, now: datetime
) -> None:
    of = t.consultation.c.id == consultation_id
    values = {"answer": answer, "answered_at": now, "answered_by": by}
    connection.execute(update(t.consultation).where(of).values(**values))


def consultations(
    connection: Connection, *, application_id: int | None = None, department: str | None = None
) -> Sequence[Row]:
    """Of an application all, of a department those that wait for an answer; the first due first."""
    c = t.consultation.c
    chosen = select(t.consultation, t.application.c.number).join(
        t.application, t.application.c.id == c.application_id
    )
    if application_id is not None:
        chosen = chosen.where(c.application_id == application_id)
    if department is not None:
        chosen = chosen.where(c.department == department, c.answered_at.is_(None))
    return [dict(row) for row in connection.execute(chosen.order_by(c.due_at, c.id)).mappings()]


def absences(connection: Connection, since: date) -> list[Row]:
    """Absences that end on this day or later, the next to begin first: id, login, first_day,
    last_day, deputy, by."""
    c = t.absence.c
    rows = connection.execute(
        select(t.absence).where(c.last_day >= since).order_by(c.first_day, c.login)
    )
    return [dict(row) for row in rows.mappings()]


def absence(connection: Connection, absence_id: int) -> Row | None:
    row = connection.execute(select(t.absence).where(t.absence.c.id == absence_id)).mappings()
    found = row.first()
    return dict(found) if found else None


def every_conflict(connection: Connection, limit: int = 200) -> list[Row]:
    """Who must not decide on what, newest first: with number, status and assignee."""
    a = t.application.c
    rows = connection.execute(
        select(t.conflict, a.number, a.status, a.department)
        .join(t.application, a.id == t.conflict.c.application_id)
        .order_by(t.conflict.c.at.desc(), t.conflict.c.login)
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]
