"""Keeping ``case_fact`` and ``case_movement`` true to the history.

:func:`follow` runs in the transaction that appends events, with the applications' rows locked by
that transaction: there is no moment at which a report could differ from the history. What is kept
for an application is always the projection of its whole history, so a defect is mended by
:func:`rebuild`, and :func:`differences` proves that there is none.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update

from storage import tables as t
from storage.dialect import among, chunks, insert_all
from storage.reporting.projection import Row, project

REPEAT = timedelta(days=90)
"""An application counts as a repeat when its person was recorded here within this time before."""

_CHUNK = 400
_LAST = 2000


def follow(connection: Connection, ids: Collection[int]) -> None:
    """Bring the facts of these applications to their history."""
    for some in chunks(sorted(set(ids)), _CHUNK):
        known = _flags(connection, some)
        if known:
            for table in (t.case_movement, t.case_fact):
                connection.execute(delete(table).where(among(table.c.application_id, some)))
        _insert(connection, some, known)


def rebuild(connection: Connection) -> int:
    """Make all facts anew. Returns how many applications there are."""
    ids = connection.execute(select(t.application.c.id).order_by(t.application.c.id)).scalars()
    everybody = list(ids)
    follow(connection, everybody)
    return len(everybody)


def fill(connection: Connection) -> None:
    """Count what was recorded before anything was counted: once, with an upgrade of the schema."""
    if connection.execute(select(t.case_fact.c.application_id).limit(1)).first() is None:
        rebuild(connection)


def differences(connection: Connection) -> list[int]:
    """Applications whose facts are not what their history says; empty: all is well.

    ``is_repeat`` is not compared: it was told by who wrote, which may have been erased since.
    """
    ids = list(connection.execute(select(t.application.c.id)).scalars())
    ids += connection.execute(select(t.case_fact.c.application_id)).scalars()
    wrong: set[int] = set()
    for some in chunks(sorted(set(ids)), _CHUNK):
        expected = {f["application_id"]: (f, m) for f, m in _projected(connection, some)}
        facts = _stored(connection, t.case_fact, some)
        movements = _stored(connection, t.case_movement, some)
        for one in some:
            fact, moved = expected.get(one, ({}, []))
            kept = [_without_flag(row) for row in facts.get(one, [])]
            if kept != ([fact] if fact else []) or movements.get(one, []) != moved:
                wrong.add(one)
    return sorted(wrong)


def _without_flag(fact: Row) -> Row:
    return {name: value for name, value in fact.items() if name != "is_repeat"}


def _flags(connection: Connection, ids: Sequence[int]) -> dict[int, bool]:
    """Application -> whether it was a repeat when it was recorded, of those that are counted."""
    rows = connection.execute(
        select(t.case_fact.c.application_id, t.case_fact.c.is_repeat).where(
            among(t.case_fact.c.application_id, ids)
        )
    )
    return {row.application_id: row.is_repeat for row in rows}


def _stored(connection: Connection, table: Table, ids: Sequence[int]) -> dict[int, list[Row]]:
    rows = connection.execute(
        select(table).where(among(table.c.application_id, ids)).order_by(*table.primary_key.columns)
    ).mappings()
    return {
        key: [dict(row) for row in some]
        for key, some in groupby(rows, key=lambda row: row["application_id"])
    }


def _projected(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[Row, list[Row]]]:
    a, e = t.application.c, t.event.c
    applications = connection.execute(
        select(a.id, a.kind, a.channel, a.received_at, a.recorded_at)
        .where(among(a.id, ids))
        .order_by(a.id)
    ).mappings()
    found = connection.execute(
        select(e.application_id, e.seq, e.at, e.kind, e.data)
        .where(among(e.application_id, ids))
        .order_by(e.application_id, e.seq)
    ).mappings()
    history = {
        key: [dict(row) for row in some]
        for key, some in groupby(found, key=lambda row: row["application_id"])
    }
    for application in applications:
        yield project(dict(application), history.get(application["id"], ()))


def _insert(connection: Connection, ids: Sequence[int], known: Mapping[int, bool]) -> None:
    facts: list[Row] = []
    movements: list[Row] = []
    for fact, moved in _projected(connection, ids):
        facts.append(fact | {"is_repeat": known.get(fact["application_id"], False)})
        movements += moved
    insert_all(connection, t.case_fact, facts)
    insert_all(connection, t.case_movement, movements)
    new = [one for one in ids if one not in known]
    if new and (repeats := _repeats(connection, new)):
        connection.execute(
            update(t.case_fact)
            .where(among(t.case_fact.c.application_id, repeats))
            .values(is_repeat=True)
        )


def _repeats(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Which of these have an earlier application of the same person, within :data:`REPEAT`.

    Told by the messages that opened them, which joining and parting do not change."""
    mine, other = t.person_key.alias("mine"), t.person_key.alias("other")
    now, before = t.case_fact.alias("now"), t.case_fact.alias("before")
    came, earlier = t.application.alias("came"), t.application.alias("earlier")
    rows = connection.execute(
        select(came.c.id, came.c.recorded_at, func.max(earlier.c.recorded_at).label("last"))
        .join(now, now.c.application_id == came.c.id)
        .join(mine, (mine.c.message_id == now.c.message_id) & mine.c.own)
        .join(other, (other.c.key == mine.c.key) & other.c.own)
        .join(before, before.c.message_id == other.c.message_id)
        .join(earlier, (earlier.c.id == before.c.application_id) & (earlier.c.id < came.c.id))
        .where(among(came.c.id, ids))
        .group_by(came.c.id, came.c.recorded_at)
    )
    return {row.id for row in rows if row.recorded_at - row.last <= REPEAT}


def known_agents(connection: Connection) -> list[str]:
    """Intermediaries of the applications that came last, to choose from."""
    c = t.case_fact.c
    last = select(c.agent).order_by(c.application_id.desc()).limit(_LAST).subquery()
    agents = select(last.c.agent).where(last.c.agent.is_not(None)).distinct()
    return sorted(connection.execute(agents).scalars())


def fact_row(connection: Connection, application_id: int) -> dict[str, Any] | None:
    """What is counted of one application."""
    row = connection.execute(
        select(t.case_fact).where(t.case_fact.c.application_id == application_id)
    ).mappings()
    found = row.first()
    return dict(found) if found else None
