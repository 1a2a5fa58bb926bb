"""Running the definitions of :mod:`storage.reporting.counters`: one statement for each source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, FromClause, and_, func, select
from sqlalchemy.sql.elements import ColumnElement

from storage import tables as t
from storage.dialect import minutes_between
from storage.reporting.counters import (
    CODE,
    COUNTERS,
    DIMENSIONS,
    PERIODS,
    SPREADS,
    Source,
    amount,
    code_of,
    d,
    f,
    has,
    o,
    source,
)

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """Which rows are looked at: days from first to last, and values that dimensions must have."""

    first: date
    last: date
    where: Mapping[str, Any] = field(default_factory=dict)
    """Dimension -> its value, or a list of values; None stands for "not set"."""


def count(
    connection: Connection, names: Iterable[str], part: Slice, by: Sequence[str] = ()
) -> dict[Key, dict[str, int | float]]:
    """Values of the dimensions in ``by`` -> counter -> sum. Without ``by`` the key is ``()``.

    Splits without a row are left out; a counter that has none there is 0. Raises KeyError for
    names that are not defined, or that this source cannot be split by.
    """
    per_source: dict[str, list[str]] = {}
    for name in names:
        per_source.setdefault(COUNTERS[name].source, []).append(name)
    out: dict[Key, dict[str, int | float]] = {}
    everything = [name for some in per_source.values() for name in some]
    for origin, some in per_source.items():
        for row in _sums(connection, origin, some, part, by):
            key = tuple(row[: len(by)])
            values = out.setdefault(key, dict.fromkeys(everything, 0))
            values |= dict(zip(some, map(_plain, row[len(by) :]), strict=True))
    return out if out or by else {(): dict.fromkeys(everything, 0)}


def _sums(
    connection: Connection, origin: str, names: Sequence[str], part: Slice, by: Sequence[str]
) -> Sequence[Any]:
    found = source(connection, origin)
    keys = [_dimension(origin, name).label(f"by_{name}") for name in by]
    sums = [func.coalesce(func.sum(amount(COUNTERS[name])), 0).label(name) for name in names]
    rows = _with_calendar(found, by)
    statement = select(*keys, *sums).select_from(rows).where(_wanted(found, origin, part))
    return connection.execute(statement.group_by(*keys) if keys else statement).all()


def spread(
    connection: Connection, name: str, part: Slice, by: Sequence[str] = ()
) -> dict[Key, dict[int, int]]:
    """Values of the dimensions -> how often each value (working days, minutes) occurs."""
    one = SPREADS[name]
    found = source(connection, one.source)
    keys = [_dimension(one.source, n).label(f"by_{n}") for n in by]
    rows, value = found.rows, _minutes(connection)
    if one.kind == "working_days":
        rows, value = _working_days(found.rows)
    statement = (
        select(*keys, value.label("measured"), func.count().label("rows"))
        .select_from(rows)
        .where(_wanted(found, one.source, part), one.where)
        .group_by(*keys, "measured")
    )
    out: dict[Key, dict[int, int]] = {}
    for row in connection.execute(statement):
        out.setdefault(tuple(row[: len(by)]), {})[int(row.measured)] = row.rows
    return out


def ids(connection: Connection, name: str, part: Slice) -> list[int]:
    """The applications behind a counter or a spread, oldest first."""
    one = COUNTERS.get(name) or SPREADS[name]
    found = source(connection, one.source)
    statement = (
        select(f.application_id)
        .select_from(found.rows)
        .where(_wanted(found, one.source, part), one.where)
        .distinct()
        .order_by(f.application_id)
    )
    return list(connection.execute(statement).scalars())


def _wanted(found: Source, origin: str, part: Slice) -> ColumnElement[bool]:
    wanted = [found.day.between(part.first, part.last), found.always]
    wanted += [has(_dimension(origin, name), value) for name, value in part.where.items()]
    return and_(*wanted)


def _dimension(origin: str, name: str) -> ColumnElement[Any]:
    if name == CODE:
        return code_of(origin)
    return PERIODS[name] if name in PERIODS else DIMENSIONS[name]


def _with_calendar(found: Source, by: Sequence[str]) -> FromClause:
    if not set(by) & set(PERIODS):
        return found.rows
    return found.rows.join(t.report_day, d.day == found.day)


def _working_days(rows: FromClause) -> tuple[FromClause, ColumnElement[int]]:
    """Working days after the day of receipt, up to and including the day of the movement; the day
    of receipt is not counted (Turkish Code of Obligations, art. 92)."""
    arrived, done = t.report_day.alias("arrived"), t.report_day.alias("done")
    rows = rows.join(arrived, arrived.c.day == f.received_day).join(
        done, done.c.day == t.case_movement.c.day
    )
    return rows, done.c.ordinal - arrived.c.ordinal


def _minutes(connection: Connection) -> ColumnElement[int]:
    handed_over = func.coalesce(o.submitted_at, o.accepted_at, o.settled_at)
    return minutes_between(connection, f.received_at, handed_over)


def _plain(value: Any) -> int | float:
    return value if isinstance(value, int) else _number(value)


def _number(value: Any) -> int | float:
    """PostgreSQL adds big integers up as Decimal."""
    return float(value) if value % 1 else int(value)
