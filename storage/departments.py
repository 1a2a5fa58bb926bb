"""Departments: code, names, mail, and whom they escalate to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select, update

from storage import tables as t
from storage.dialect import insert


@dataclass(frozen=True, slots=True)
class Department:
    """A row of ``department``."""

    code: str
    name_tr: str
    name_en: str
    email: str
    escalates_to: str | None
    closed_at: datetime | None

    def name(self, language: Literal["tr", "en"]) -> str:
        return self.name_tr if language == "tr" else self.name_en


def fill(connection: Connection, given: Sequence[Mapping[str, str]]) -> None:
    """Put the departments that come with the product into a database that has none."""
    if connection.execute(select(t.department.c.code).limit(1)).first() is None:
        connection.execute(insert(connection, t.department).on_conflict_do_nothing(), given)


def every(connection: Connection, *, closed: bool = False) -> list[Department]:
    """By Turkish name; ``closed``: also those that are no longer."""
    chosen = select(t.department).order_by(t.department.c.name_tr)
    if not closed:
        chosen = chosen.where(t.department.c.closed_at.is_(None))
    return [Department(**row) for row in connection.execute(chosen).mappings()]


def one(connection: Connection, code: str) -> Department | None:
    chosen = select(t.department).where(t.department.c.code == code)
    row = connection.execute(chosen).mappings().first()
    return Department(**row) if row else None


def mail_addresses(connection: Connection) -> dict[str, str]:
    """Department -> where it is written to; those without an address are left out."""
    return {one.code: one.email for one in every(connection, closed=True) if one.email}


def lines(connection: Connection) -> dict[str, str]:
    """Department -> whom it escalates to; those that escalate to nobody are left out."""
    return {d.code: d.escalates_to for d in every(connection, closed=True) if d.escalates_to}


def save(connection: Connection, department: Department) -> None:
    """Write the row, new or changed. ``escalates_to`` must be a department."""
    values = {name: getattr(department, name) for name in Department.__slots__}
    row = insert(connection, t.department).values(values)
    changed = {name: value for name, value in values.items() if name != "code"}
    connection.execute(row.on_conflict_do_update(index_elements=["code"], set_=changed))


def close(connection: Connection, code: str, now: datetime | None) -> None:
    """Nothing is routed to it any more; None opens it again."""
    connection.execute(
        update(t.department).where(t.department.c.code == code).values(closed_at=now)
    )
