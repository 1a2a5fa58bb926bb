"""What rules may look at, for one application or for a year of them, in a few statements."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, FromClause, Subquery, func, select
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
        out += _read(connection, among(t.application.c.id, some), text=text, kinds=kinds)
    return out


def sweep(
    connection: Connection,
    start: datetime,
    end: datetime,
    names: Sequence[str],
    *,
    longest: int,
    kinds: Collection[str] = (),
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(id, values of ``names``) of every application that was recorded in between and is no
    duplicate, by id; read as they come, so a year needs the memory of a page.

    ``names``: fields of :class:`FactRow` that are worth reading, without the date of delivery.
    ``text``: at most ``longest`` characters of it. ``kinds``: those of identifiers that are asked
    for; others may be missing from a ``kinds`` that is among the names.
    """
    a, m = t.application.c, t.message.c
    within = (a.recorded_at >= start) & (a.recorded_at < end) & a.duplicate_of.is_(None)
    found = _people(connection, within, kinds) if "kinds" in names else {}
    rows: FromClause = t.application
    if not {"text", "kinds"}.isdisjoint(names):
        first = _first_messages(within)
        rows = rows.outerjoin(first, first.c.application_id == a.id)
        rows = rows.outerjoin(t.message, m.id == first.c.message_id)
    asked = {
        "text": func.coalesce(func.substr(m.match_text, 1, longest), ""),
        "kinds": m.things,
        "sender": a.applicant_email,
    }
    columns = [asked[name] if name in asked else a[name] for name in names]
    statement = select(a.id, *columns).select_from(rows).where(within).order_by(a.id)
    place = list(names).index("kinds") + 1 if "kinds" in names else None
    for row in connection.execute(statement, execution_options={"yield_per": PAGE}):
        values = list(row)
        if place is not None:
            things = {one.partition(":")[0] for one in values[place] or ()}
            values[place] = frozenset(things | found.get(row[0], set()))
        yield row[0], tuple(values[1:])


def _first_messages(within: ColumnElement[bool]) -> Subquery:
    """The message that each of these applications began with."""
    c = t.filing.c
    return (
        select(c.application_id, func.min(c.message_id).label("message_id"))
        .join(t.application, t.application.c.id == c.application_id)
        .where(within)
        .group_by(c.application_id)
        .subquery("first")
    )


def _people(
    connection: Connection, within: ColumnElement[bool], kinds: Collection[str]
) -> dict[int, set[str]]:
    """Application -> kinds of identifiers of people in its first message, of those asked for."""
    first, key = _first_messages(within), t.person_key.c
    rows = connection.execute(
        select(first.c.application_id, key.kind)
        .join(t.person_key, key.message_id == first.c.message_id)
        .where(key.kind.in_(kinds))
        .distinct()
    )
    out: dict[int, set[str]] = {}
    for application_id, kind in rows:
        out.setdefault(application_id, set()).add(kind)
    return out


def _read(
    connection: Connection,
    chosen: ColumnElement[bool],
    *,
    text: bool,
    kinds: bool,
) -> list[FactRow]:
    """Statement by statement over the ids of one page: each is one index scan, whatever the
    database knows of the tables' sizes."""
    a = t.application.c
    columns = [a.applicant_email.label(n) if n == "sender" else a[n] for n in _COLUMNS]
    rows = connection.execute(select(*columns).where(chosen).order_by(a.id)).all()
    first = _first(connection, [row.id for row in rows])
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
