"""The few statements that PostgreSQL and SQLite write differently."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Date,
    Select,
    Table,
    bindparam,
    cast,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.elements import ColumnElement


def insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def skip_locked(statement: Select[Any]) -> Select[Any]:
    """Pass over rows that another transaction holds. SQLite has one writer, and needs none."""
    return statement.with_for_update(skip_locked=True)


def lock_keys(connection: Connection, keys: Iterable[int]) -> None:
    """Hold these numbers until the transaction ends; whoever wants one of them waits.

    Taken in ascending order, so that two batches never wait for each other in a circle. On SQLite
    the transaction itself already excludes every other writer.
    """
    ordered = sorted(set(keys))
    if ordered and connection.dialect.name != "sqlite":
        given = select(func.unnest(bindparam("keys", type_=ARRAY(BigInteger))).label("key"))
        inner = given.order_by("key").subquery()
        statement = select(func.pg_advisory_xact_lock(inner.c.key))
        connection.execute(statement, {"keys": ordered})


def chunks(values: Sequence[Any], size: int = 500) -> Iterable[Sequence[Any]]:
    """Slices that stay below every driver's limit of bound values."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def local_day(connection: Connection, instant: ColumnElement[Any]) -> ColumnElement[date]:
    """The calendar day of an instant in Istanbul (UTC+3 all year since 2016)."""
    if connection.dialect.name == "sqlite":
        return type_coerce(func.date(instant, "+3 hours"), Date)
    return cast(func.timezone("Europe/Istanbul", instant), Date)
