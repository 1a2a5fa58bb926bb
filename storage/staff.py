"""Accounts of those who work here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage import tables as t


@dataclass(frozen=True, slots=True)
class Account:
    """A row of ``staff``."""

    id: int
    login: str
    name: str
    email: str
    department: str | None
    roles: Sequence[str]
    password: str | None = field(repr=False)
    code_key: bytes | None = field(repr=False)
    code_step: int
    recovery: Sequence[str] = field(repr=False)
    subject: str | None
    failures: int
    locked_until: datetime | None
    disabled_at: datetime | None
    created_at: datetime
    created_by: str
    signed_in_at: datetime | None


def add(
    connection: Connection,
    *,
    login: str,
    name: str,
    roles: Sequence[str],
    by: str,
    now: datetime,
    email: str = "",
    department: str | None = None,
) -> int | None:
    """Make an account that has no password yet. None when there is one of this login."""
    if find(connection, login) is not None:
        return None
    return int(
        connection.execute(
            t.staff.insert()
            .values(
                login=login,
                name=name,
                email=email,
                department=department,
                roles=list(roles),
                recovery=[],
                created_at=now,
                created_by=by,
            )
            .returning(t.staff.c.id)
        ).scalar_one()
    )


def find(connection: Connection, login: str) -> Account | None:
    """By login, whatever the case of its (ASCII) letters."""
    return _one(connection, func.lower(t.staff.c.login) == login.lower())


def by_id(connection: Connection, staff_id: int) -> Account | None:
    return _one(connection, t.staff.c.id == staff_id)


def by_subject(connection: Connection, subject: str) -> Account | None:
    """By the name that an identity provider has for somebody."""
    return _one(connection, t.staff.c.subject == subject)


def every(connection: Connection) -> list[Account]:
    rows = connection.execute(select(t.staff).order_by(t.staff.c.login)).mappings()
    return [Account(**row) for row in rows]


def is_empty(connection: Connection) -> bool:
    """Whether nobody has an account yet."""
    return connection.execute(select(t.staff.c.id).limit(1)).first() is None


def change(connection: Connection, staff_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of one account."""
    connection.execute(update(t.staff).where(t.staff.c.id == staff_id).values(**values))


def count_failure(connection: Connection, staff_id: int) -> int:
    """Note a wrong password or code. Returns how many there were since the last right one."""
    counted = (
        update(t.staff)
        .where(t.staff.c.id == staff_id)
        .values(failures=t.staff.c.failures + 1)
        .returning(t.staff.c.failures)
    )
    return int(connection.execute(counted).scalar_one())


def use_step(connection: Connection, staff_id: int, step: int) -> bool:
    """Take a one-time code's time step; False when it, or a later one, was used already."""
    c = t.staff.c
    taken = update(t.staff).where(c.id == staff_id, c.code_step < step).values(code_step=step)
    return bool(connection.execute(taken).rowcount)


def _one(connection: Connection, condition: Any) -> Account | None:
    row = connection.execute(select(t.staff).where(condition)).mappings().first()
    return Account(**row) if row else None
