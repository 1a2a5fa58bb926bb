"""Finding applications by what is written in their messages and by whom they are from.

Words are folded (Turkish-aware), and stand in one row for a message: PostgreSQL finds them through
an index over their lexemes, SQLite (small installations) by reading. Identity numbers, phones and
addresses are found through the blind index of people, which does not tell them to anybody.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Select, func, intersect, literal_column, select, union, update
from sqlalchemy.sql.elements import ColumnElement

from normalizers.schema import Message
from storage import tables as t
from storage.dialect import among, insert_all

LONGEST = 200_000
"""Characters that are kept of a message and its documents."""
_CHUNK = 500
_RECENT = 20_000
"""Newest messages that are searched first: a word that stands everywhere fills the list from them
alone, and of a rare one the second look, at all, costs little."""
_WHOLE = 3
"""Characters under which a word must be written out: too many begin with them."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be found: any of these ways will do.

    ``words``: all of them; ``pieces``: all of them, for what is written with and without blanks.
    """

    numbers: Sequence[str] = ()
    keys: Sequence[int] = ()
    words: Sequence[str] = field(default=(), repr=False)
    pieces: Sequence[str] = field(default=(), repr=False)


def add(connection: Connection, read: Mapping[int, Message]) -> None:
    """Make messages findable. ``read``: message id -> what was read."""
    rows = [{"message_id": i, "words": message.words} for i, message in read.items()]
    insert_all(connection, t.search_text, rows, or_ignore=True)


def extend(connection: Connection, message_id: int, message: Message) -> None:
    """A document of the message was read, or a page of it was put right."""
    mine = t.search_text.c.message_id == message_id
    if more := message.words:
        both = func.substr(t.search_text.c.words + " " + more, 1, LONGEST)
        connection.execute(update(t.search_text).where(mine).values(words=both))


def fill(connection: Connection) -> None:
    """Make findable what came before anything was: once, with an upgrade of the schema."""
    if connection.execute(select(t.search_text.c.message_id).limit(1)).first() is not None:
        return
    last = 0
    while some := _documents(connection, last):
        add(connection, some)
        for message_id, document in _enclosed(connection, some):
            extend(connection, message_id, document)
        last = max(some)


def _documents(connection: Connection, after: int) -> dict[int, Message]:
    m = t.message.c
    rows = connection.execute(
        select(m.id, m.document).where(m.id > after).order_by(m.id).limit(_CHUNK)
    )
    return {row.id: Message.model_validate(row.document) for row in rows}


def _enclosed(
    connection: Connection, message_ids: Collection[int]
) -> Iterator[tuple[int, Message]]:
    e = t.enclosure.c
    rows = connection.execute(
        select(e.message_id, e.document).where(among(e.message_id, message_ids), e.state == "read")
    )
    yield from ((row.message_id, Message.model_validate(row.document)) for row in rows.all())


def hits(
    connection: Connection,
    terms: Sequence[Term],
    *,
    limit: int,
    readable: ColumnElement[bool] | None = None,
) -> list[int]:
    """Ids of the newest applications in which every term is found, at most ``limit``.

    ``readable``: condition on ``application`` that must hold where something is found by words:
    who may not read a text shall not learn what is in it by searching.
    """
    if not terms:
        return []
    newest = connection.execute(select(func.max(t.search_text.c.message_id))).scalar() or 0
    found: list[int] = []
    for since in (newest - _RECENT, 0):
        each = [_found(connection, term, readable, since) for term in terms]
        together = (intersect(*each) if len(each) > 1 else each[0]).subquery()
        chosen = select(together.c.id).order_by(together.c.id.desc()).limit(limit)
        found = list(connection.execute(chosen).scalars())
        if len(found) == limit or since <= 0:
            break
    return found


def _found(
    connection: Connection, term: Term, readable: ColumnElement[bool] | None, since: int
) -> Select[tuple[int]]:
    a, f = t.application.c, t.filing.c
    ways: list[Select[tuple[int]]] = []
    if term.numbers:
        ways.append(select(a.id).where(a.number.in_(term.numbers)))
    if term.keys:
        named = t.person_key.c.message_id == f.message_id
        people = select(f.application_id.label("id")).join(t.person_key, named)
        ways.append(people.where(among(t.person_key.c.key, term.keys)))
    for words in filter(None, (term.words, term.pieces)):
        said = select(f.application_id.label("id")).join(
            t.search_text, t.search_text.c.message_id == f.message_id
        )
        if readable is not None:
            said = said.join(t.application, a.id == f.application_id).where(readable)
        recent = [t.search_text.c.message_id > since] if since > 0 else []
        ways.append(said.where(_matches(connection, words), *recent))
    anyhow = union(*ways).subquery()
    return select(anyhow.c.id)


def _matches(connection: Connection, words: Sequence[str]) -> ColumnElement[bool]:
    """Every word begins one of the message's; a very short one is one of them."""
    column = t.search_text.c.words
    if connection.dialect.name == "sqlite":
        padded: ColumnElement[str] = literal_column("' '") + column + literal_column("' '")
        ends = [" " if len(word) < _WHOLE else "" for word in words]
        pairs = zip(words, ends, strict=True)
        return _all([padded.contains(f" {word}{end}", autoescape=True) for word, end in pairs])
    asked = " & ".join(
        f"{word}{':*' if len(word) >= _WHOLE else ''}" for word in words
    )  # letters and digits only: nothing to quote
    vector: ColumnElement[bool] = literal_column(
        "to_tsvector('simple'::regconfig, search_text.words)"
    )
    return vector.op("@@")(func.to_tsquery(literal_column("'simple'::regconfig"), asked))


def _all(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = conditions
    for one in rest:
        first = first & one
    return first
