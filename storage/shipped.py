"""Puts into an empty database what is delivered with the product; never over what people edited.

Called with every upgrade of the schema. What is there already stays: a kind of rows is filled when
it is empty, and of the calendar the years that are missing (a newer library knows more of them).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from config import shipped
from storage import departments
from storage import tables as t
from storage.dialect import insert

SHIPPED = "shipped"
"""Who wrote the rows that come with the product."""
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
"""They hold from before the first application on."""
TAXONOMIES = ("branch", "topic", "cause")


def fill(connection: Connection) -> None:
    departments.fill(connection, shipped.load("departments")["department"])
    _calendar(connection)
    _fill(connection, t.deadline_rule, map(_deadline, shipped.load("deadlines")["rule"]))
    taxonomy = shipped.load("taxonomy")
    _fill(connection, t.taxonomy, (row for k in TAXONOMIES for row in _entries(k, taxonomy[k])))
    rules = shipped.load("rules")
    _fill(connection, t.rule, (row for use in rules for row in _rules(use, rules[use])))


def _fill(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    if connection.execute(select(table.c.id).limit(1)).first() is None:
        common = {"since": SINCE, "by": SHIPPED}
        connection.execute(insert(connection, table), [dict(row) | common for row in rows])


def _calendar(connection: Connection) -> None:
    there = set(connection.execute(select(t.calendar_year.c.year)).scalars())
    missing = set(range(shipped.FIRST_YEAR, shipped.LAST_YEAR + 1)) - there
    for year in sorted(missing):
        days = shipped.holidays(year)
        if not days:
            return
        common = {"source": "law", "at": SINCE, "by": SHIPPED}
        connection.execute(
            insert(connection, t.holiday).on_conflict_do_nothing(),
            [{"day": d.day, "kind": d.kind, "name": d.name} | common for d in days],
        )
        year_row = {"year": year, "source": shipped.holiday_source(), "at": SINCE}
        connection.execute(insert(connection, t.calendar_year).on_conflict_do_nothing(), [year_row])


def _deadline(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"valid_from": None, "valid_to": None} | dict(given)


def _entries(kind: str, given: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for position, one in enumerate(given):
        yield {"parent": None} | dict(one) | {"kind": kind, "position": position}


def _rules(use: str, given: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for position, one in enumerate(given, 1):
        yield dict(one) | {"use": use, "position": position * 10, "is_on": use == "suggest"}
