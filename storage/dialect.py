"""The few statements that PostgreSQL and SQLite write differently."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    case,
    cast,
    column,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal

from storage.types import Many, ReadyJson, Utc, encode_json


def insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


class _Among(ColumnElement[bool]):
    inherit_cache = True
    type = Boolean()
    # what makes two of them the same statement
    _traverse_internals = [  # noqa: RUF012  as the base class has it
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: ColumnElement[Any], values: Iterable[Any]) -> None:
        self.column = column
        self.values = bindparam(None, list(values), type_=Many(column.type), unique=True)

    def self_group(self, against: Any = None) -> "_Among":  # noqa: ARG002
        """As it is: ``... = 1``, which is put after a truth value on SQLite, hides the index."""
        return self


@compiles(_Among)
def _any(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"({column} = ANY ({values}))"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608  names and a place


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column has one of these values (none of them None). Unlike ``in_`` one statement
    for any number of values: both the driver and the server keep it prepared."""
    return _Among(column, values)


def insert_all(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *returning: Column[Any],
    or_ignore: bool = False,
) -> Sequence[Any]:
    """Insert rows that name the same columns, in their order; ``or_ignore``: but those that are
    there already. Returns ``returning`` of what was inserted.

    PostgreSQL gets all of them as one JSON value: a statement with a bound value for each field is
    written and read anew each time, which took a third of a worker's time.
    """
    if not rows:
        return []
    if connection.dialect.name == "sqlite":
        statement: Any = sqlite.insert(table)
        values: Any = list(rows)
    else:
        names = tuple(rows[0])
        statement = _from_json(table, names)
        encode = {name: _ENCODE.get(type(table.c[name].type), _plain) for name in names}
        ready = [{name: encode[name](value) for name, value in row.items()} for row in rows]
        values = {"rows": ReadyJson(json.dumps(ready, ensure_ascii=False))}
    if or_ignore:
        statement = statement.on_conflict_do_nothing()
    if not returning:
        connection.execute(statement, values)
        return []
    return connection.execute(statement.returning(*returning), values).all()


@cache
def _from_json(table: Table, names: tuple[str, ...]) -> postgresql.Insert:
    as_text = {name for name in names if isinstance(table.c[name].type, JSON)}
    columns = [column(n, Text() if n in as_text else table.c[n].type) for n in names]
    given = func.jsonb_to_recordset(bindparam("rows", type_=postgresql.JSONB()))
    rows = given.table_valued(*columns, name="given").render_derived(with_types=True)
    chosen = [cast(rows.c[n], postgresql.JSONB) if n in as_text else rows.c[n] for n in names]
    return postgresql.insert(table).from_select(names, select(*chosen))


def _plain(value: Any) -> Any:
    return value


def _instant(value: datetime | None) -> str | None:
    if value is not None and value.tzinfo is None:
        raise ValueError("an instant without a zone")
    return None if value is None else value.isoformat()


def _json(value: Any) -> str | None:
    return None if value is None else str(encode_json(value))


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


_ENCODE: Mapping[type, Callable[[Any], Any]] = {Utc: _instant, JSON: _json, Date: _day}


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


def minutes_between(
    connection: Connection, start: ColumnElement[Any], end: ColumnElement[Any]
) -> ColumnElement[int]:
    """Whole minutes from one instant to another, rounded down; negative becomes 0."""
    if connection.dialect.name == "sqlite":
        days = func.julianday(end) - func.julianday(start)
        # milliseconds, which is what SQLite keeps of a moment
        seconds: ColumnElement[Any] = func.round(days * 86_400, 3)
    else:
        seconds = func.extract("epoch", end - start)
    minutes = cast(func.floor(seconds / 60), Integer)
    return case((minutes < 0, 0), else_=minutes)
