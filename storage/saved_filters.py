"""Filters of the list that somebody kept, alone or for the department. Codes only: what somebody
searched for is kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select

from storage import tables as t
from storage.dialect import insert


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """``department``: whose people see it too; None: only its owner."""

    id: int
    login: str
    department: str | None
    name: str
    filter: Mapping[str, str]


def of(connection: Connection, login: str, department: str | None) -> list[SavedFilter]:
    """One's own, and what colleagues share with the department."""
    c = t.saved_filter.c
    shared = [c.department == department] if department else []
    rows = connection.execute(
        select(c.id, c.login, c.department, c.name, c.filter)
        .where(or_(c.login == login, *shared))
        .order_by(c.name, c.id)
    )
    return [SavedFilter(**row) for row in rows.mappings()]


def keep(
    connection: Connection,
    login: str,
    name: str,
    values: Mapping[str, str],
    *,
    department: str | None,
    now: datetime,
) -> None:
    """Keep a filter; one of the same name is replaced."""
    row = {"department": department, "filter": dict(values), "at": now}
    statement = insert(connection, t.saved_filter).values(login=login, name=name, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["login", "name"], set_=row))


def drop(connection: Connection, filter_id: int, login: str) -> bool:
    """Forget one's own filter. False: there is none of this person."""
    mine = (t.saved_filter.c.id == filter_id) & (t.saved_filter.c.login == login)
    return connection.execute(delete(t.saved_filter).where(mine)).rowcount > 0
