"""What rules may look at, for one application or for a year of them, in a few statements."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.elements import ColumnElement

from storage import tables as t
from storage.dialect import among, chunks

PAGE = 2000
"""Applications that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One application. ``text`` (folded) and ``kinds`` (of identifiers) where they were asked."""

    id: int
    type: str
    channel: str
    kind: str
    branch: str | None
    topic: str | None
    priority: int | None
    language: str
    department: str | None
    sender: str | None = field(repr=False)
    received_at: datetime
    recorded_at: datetime
    delivered_on: date | None
    """The date of delivery that stands with a letter."""
    text: str = field(default="", repr=False)
    kinds: frozenset[str] = frozenset()


_COLUMNS = FactRow.__slots__[:12]
"""What the application's own row says."""


def of(
    connection: Connection, ids: Collection[int], *, text: bool = True, kinds: bool = True
) -> list[FactRow]:
    """Of these applications, by id."""
    out: list[FactRow] = []
    for some in chunks(sorted(ids), PAGE):
        out += _read(
            connection, among(t.application.c.id, some), text=text, kinds=kinds, delivery=True
        )
    return out


def since(
    connection: Connection, start: datetime, end: datetime, *, text: bool, kinds: bool
) -> Iterator[FactRow]:
    """Of every application that was recorded in between and is no duplicate, in pages. Without the
    date of delivery, which no rule looks at."""
    a = t.application.c
    within = (a.recorded_at >= start) & (a.recorded_at < end) & a.duplicate_of.is_(None)
    last = 0
    while True:
        beyond = within & (a.id > last)
        page = _read(connection, beyond, text=text, kinds=kinds, delivery=False, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].id


def _read(
    connection: Connection,
    chosen: ColumnElement[bool],
    *,
    text: bool,
    kinds: bool,
    delivery: bool,
    limit: int | None = None,
) -> list[FactRow]:
    """Statement by statement over the ids of one page: each is one index scan, whatever the
    database knows of the tables' sizes."""
    a = t.application.c
    columns = [a.applicant_email.label(n) if n == "sender" else a[n] for n in _COLUMNS]
    rows = connection.execute(select(*columns).where(chosen).order_by(a.id).limit(limit)).all()
    first = _first(connection, [row.id for row in rows]) if text or kinds or delivery else {}
    messages = [one for one in first.values() if one is not None]
    said = _said(connection, messages, text=text, things=kinds)
    found = _kinds(connection, said) if kinds else {}
    return [
        _row(row, said.get(first.get(row.id, 0)), found.get(first.get(row.id, 0), frozenset()))
        for row in rows
    ]


def _first(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Application -> its first message."""
    c = t.filing.c
    rows = connection.execute(
        select(c.application_id, func.min(c.message_id))
        .where(among(c.application_id, ids))
        .group_by(c.application_id)
    )
    return {row[0]: row[1] for row in rows}


def _said(
    connection: Connection, message_ids: Collection[int], *, text: bool, things: bool
) -> dict[int, Any]:
    m = t.message.c
    columns: list[Any] = [m.id, m.document["delivered_on"].as_string().label("delivered_on")]
    if text:
        columns.append(m.match_text)
    if things:
        columns.append(m.things)
    rows = connection.execute(select(*columns).where(among(m.id, message_ids)))
    return {row.id: row for row in rows}


def _row(row: Any, said: Any, kinds: frozenset[str]) -> FactRow:
    columns = {name: getattr(row, name) for name in _COLUMNS}
    delivered = date.fromisoformat(said.delivered_on) if said and said.delivered_on else None
    text = getattr(said, "match_text", "")
    return FactRow(**columns, delivered_on=delivered, text=text, kinds=kinds)


def _kinds(connection: Connection, said: Mapping[int, Any]) -> dict[int, frozenset[str]]:
    """Kinds of identifiers by message: of people from the index, of things from the message."""
    out = {i: {one.partition(":")[0] for one in row.things} for i, row in said.items()}
    people = connection.execute(
        select(t.person_key.c.message_id, t.person_key.c.kind).where(
            among(t.person_key.c.message_id, list(said))
        )
    )
    for message_id, kind in people:
        out[message_id].add(kind)
    return {message_id: frozenset(kinds) for message_id, kinds in out.items()}
