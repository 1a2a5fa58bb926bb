"""What rules may look at, for one application or for a year of them, in a few statements."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.sql.elements import ColumnElement

from storage import tables as t
from storage.dialect import chunks

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
        out += _read(connection, t.application.c.id.in_(some), text=text, kinds=kinds)
    return out


def since(
    connection: Connection, start: datetime, end: datetime, *, text: bool, kinds: bool
) -> Iterator[FactRow]:
    """Of every application that was recorded in between and is no duplicate, in pages."""
    a = t.application.c
    among = (a.recorded_at >= start) & (a.recorded_at < end) & a.duplicate_of.is_(None)
    last = 0
    while True:
        page = _read(connection, among & (a.id > last), text=text, kinds=kinds, limit=PAGE)
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
    limit: int | None = None,
) -> list[FactRow]:
    rows = connection.execute(_statement(chosen, text=text).limit(limit)).all()
    by_message = _kinds(connection, [r.message_id for r in rows]) if kinds else {}
    return [_row(row, by_message.get(row.message_id, frozenset())) for row in rows]


def _statement(chosen: ColumnElement[bool], *, text: bool) -> Select[Any]:
    a = t.application.c
    first = (
        select(func.min(t.filing.c.message_id))
        .where(t.filing.c.application_id == a.id)
        .correlate(t.application)
        .scalar_subquery()
    )
    columns = [a[name] for name in _COLUMNS if name != "sender"]
    return (
        select(
            *columns,
            a.applicant_email.label("sender"),
            t.message.c.id.label("message_id"),
            t.message.c.document["delivered_on"].as_string().label("delivered_on"),
            *((t.message.c.match_text,) if text else ()),
        )
        .select_from(t.application)
        .outerjoin(t.message, t.message.c.id == first)
        .where(chosen)
        .order_by(a.id)
    )


def _row(row: Any, kinds: frozenset[str]) -> FactRow:
    delivered = date.fromisoformat(row.delivered_on) if row.delivered_on else None
    columns = {name: getattr(row, name) for name in _COLUMNS}
    text = getattr(row, "match_text", "") or ""
    return FactRow(**columns, delivered_on=delivered, text=text, kinds=kinds)


def _kinds(connection: Connection, message_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Kinds of identifiers by message: of people from the index, of things from the message."""
    out: dict[int, set[str]] = {}
    for some in chunks([i for i in message_ids if i is not None], PAGE):
        people = connection.execute(
            select(t.person_key.c.message_id, t.person_key.c.kind).where(
                t.person_key.c.message_id.in_(some)
            )
        )
        for message_id, kind in people:
            out.setdefault(message_id, set()).add(kind)
        things = connection.execute(
            select(t.message.c.id, t.message.c.things).where(t.message.c.id.in_(some))
        )
        for message_id, found in things:
            out.setdefault(message_id, set()).update(one.partition(":")[0] for one in found)
    return {message_id: frozenset(kinds) for message_id, kinds in out.items()}
