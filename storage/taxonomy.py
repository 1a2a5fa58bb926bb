"""Branches, topics and causes, each version of them: rows are ended, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from storage import tables as t


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stood at some time. ``until``: it was renamed or retired then."""

    kind: str
    code: str
    parent: str | None
    name_tr: str
    name_en: str
    position: int
    regulator_code: str | None
    since: datetime
    until: datetime | None


_COLUMNS = [t.taxonomy.c[name] for name in Entry.__slots__]


def entries(connection: Connection, kind: str, at: datetime | None = None) -> list[Entry]:
    """The entries that can be chosen now, or that could at some time; in their order."""
    c = t.taxonomy.c
    chosen = select(*_COLUMNS).where(c.kind == kind).order_by(c.position, c.code)
    if at is None:
        chosen = chosen.where(c.until.is_(None))
    else:
        chosen = chosen.where(c.since <= at, or_(c.until.is_(None), c.until > at))
    return [Entry(*row) for row in connection.execute(chosen)]


def entry(connection: Connection, kind: str, code: str) -> Entry | None:
    """The entry in force, or the last that was: a retired code still has a name."""
    c = t.taxonomy.c
    newest = select(*_COLUMNS).where(c.kind == kind, c.code == code).order_by(c.id.desc()).limit(1)
    row = connection.execute(newest).first()
    return Entry(*row) if row else None


def history(connection: Connection, kind: str, code: str) -> list[dict[str, Any]]:
    c = t.taxonomy.c
    chosen = select(t.taxonomy).where(c.kind == kind, c.code == code).order_by(c.id)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def retired(connection: Connection, kind: str) -> list[Entry]:
    """Entries that cannot be chosen any more, as they were called last; by code."""
    c = t.taxonomy.c
    chosen = select(*_COLUMNS).where(c.kind == kind).order_by(c.code, c.id)
    newest = {one.code: one for one in (Entry(*row) for row in connection.execute(chosen))}
    return [one for one in newest.values() if one.until is not None]


def end(connection: Connection, kind: str, code: str, now: datetime) -> bool:
    c = t.taxonomy.c
    in_force = (c.kind == kind) & (c.code == code) & c.until.is_(None)
    return connection.execute(update(t.taxonomy).where(in_force).values(until=now)).rowcount > 0


def add(
    connection: Connection, values: Mapping[str, Any], *, by: str, note: str, now: datetime
) -> None:
    connection.execute(t.taxonomy.insert().values(**values, since=now, by=by, note=note))
