"""Whatever table the house has or gets: a person who was erased is in none of them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from peers.answering import an_application
from peers.world import World
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    select,
    update,
)

from cases.answers import keeping
from cases.answers.closing import Closing, close
from config.clock import local_date
from storage import calls, erasing, verifying
from storage import tables as t

MARK = "Gizli Kisi 0555"
OWNERS = {"application": 1, "message": 1, "raw_item": 1}
"""What a row may belong to, and the id of the one that is erased."""


NAMES_NOBODY = {
    "raw_item": ["source_key"],  # so that a source is never read twice
    "contact_link": ["consent_text"],  # our own text
    "answer": ["remedies"],  # codes
    "assessment": ["marks"],  # codes
    "call": ["call_id"],  # the telephone system's, so that its events are not taken twice
}
"""Columns with room for words that stay when all else goes."""


def free(column: Column[Any]) -> bool:
    """Whether somebody's words or names can stand in it: a code is short."""
    if column.foreign_keys:
        return False
    if isinstance(column.type, JSON | LargeBinary | Text):
        return True
    return isinstance(column.type, String) and (column.type.length or 999) >= 200


def belonging() -> Iterator[Table]:
    """Tables whose rows belong to an application, at one remove or more."""
    reached = set(OWNERS)
    for table in t.metadata.sorted_tables:
        if reached & {key.column.table.name for key in table.foreign_keys}:
            reached.add(table.name)
            yield table


def marked(column: Column[Any]) -> Any:
    kind = column.type
    if isinstance(kind, JSON):
        return {"said": MARK}
    return MARK.encode() if isinstance(kind, LargeBinary) else MARK


def owner_of(world: World, connection: Connection, column: Column[Any]) -> Any:
    """What a column points to; made where it is not there yet."""
    [key] = column.foreign_keys
    found = select(key.column).order_by(key.column).limit(1)
    if connection.execute(found).first() is None:
        fill(world, connection, key.column.table)
    return connection.execute(found).scalar_one()


def filler(world: World, connection: Connection, column: Column[Any]) -> Any:
    if column.foreign_keys:
        return owner_of(world, connection, column)
    if free(column):
        return marked(column)
    match column.type:
        case Boolean():
            return False
        case Date():
            return local_date(world.moment)
        case Integer() | BigInteger() | Float():
            return 77
        case String():
            return "x"
        case _:
            return world.moment


def fill(world: World, connection: Connection, table: Table) -> None:
    """Each row gets the mark in every column that can hold it; where there is none, one is made."""
    places = {column.name: marked(column) for column in table.columns if free(column)}
    if table.name == "event":
        return
    if not connection.execute(select(table).limit(1)).first():
        needed = {
            column.name: filler(world, connection, column)
            for column in table.columns
            if not (column.primary_key and column.name == "id")
        }
        connection.execute(table.insert().values(**needed))
    elif places and not any(column.primary_key and free(column) for column in table.columns):
        connection.execute(update(table).values(**places))


def still_there(connection: Connection) -> dict[str, list[str]]:
    """Table -> columns that hold the mark."""
    out: dict[str, list[str]] = {}
    for table in t.metadata.sorted_tables:
        for row in connection.execute(select(table)).mappings():
            found = [n for n, value in row.items() if MARK in str(value)]
            if found:
                out.setdefault(table.name, []).extend(found)
    return out


def test_every_table_is_decided_about():
    every = set(t.metadata.tables)
    assert every - erasing.EMPTIED - set(erasing.KEPT) == set(), "decide in storage/erasing.py"
    assert (erasing.EMPTIED | set(erasing.KEPT)) - every == set()
    assert erasing.EMPTIED & set(erasing.KEPT) == set()


def test_a_person_who_is_erased_is_in_no_table(world: World):
    one = an_application(world, "thanks")
    with world.database.write() as connection:
        close(connection, one, Closing("noted"), by="staff:elif", now=world.moment)
        for table in (t.raw_item, t.message, t.application, *belonging()):
            fill(world, connection, table)
        connection.execute(update(t.keeping).values(hold_since=None, erased_at=None))
        connection.execute(update(t.proceeding).values(closed_on=local_date(world.moment)))
        connection.execute(update(t.application).values(duplicate_of=None, status="closed"))
        connection.execute(update(t.callback).values(reference=_reference(connection)))
        assert {"task", "hint", "contact_link"} <= set(still_there(connection))
        assert keeping.erase(connection, one, "test", by="system", now=world.moment)
        left = still_there(connection)
    kept = {name: columns for name, columns in left.items() if name not in erasing.KEPT}
    assert kept == NAMES_NOBODY


def test_a_history_that_was_erased_verifies(world: World):
    one = an_application(world, "thanks")
    with world.database.write() as connection:
        close(connection, one, Closing("noted"), by="staff:elif", now=world.moment)
        keeping.erase(connection, one, "test", by="system", now=world.moment)
    with world.database.read() as connection:
        assert set(verifying.walk_history(connection)) == {None}


def _reference(connection: Connection) -> str:
    return str(connection.execute(select(t.outbox.c.reference).limit(1)).scalar_one())


def test_what_was_begun_and_left_lying_goes_after_a_month(world: World):
    with world.database.write() as connection:
        calls.save_draft(connection, "elif", "call", {"name": MARK}, world.moment)
        erasing.forget_unfinished(connection, world.moment)
        assert calls.draft(connection, "elif")
        erasing.forget_unfinished(connection, world.moment + timedelta(days=31))
        assert calls.draft(connection, "elif") is None


def test_a_stack_goes_with_the_last_letter_that_was_cut_from_it(world: World):
    one = an_application(world, "thanks")
    other = an_application(world, "thanks", key="2", message_id="2", text="Bambaşka bir konu.")
    stack = "ab" * 32
    with world.database.write() as connection:
        connection.execute(update(t.raw_item).values(facts={"batch_sha256": stack}))
        for each in (one, other):
            close(connection, each, Closing("noted"), by="staff:elif", now=world.moment)
        keeping.erase(connection, one, "test", by="system", now=world.moment)
        assert stack not in erasing.doomed(connection, 100)
        keeping.erase(connection, other, "test", by="system", now=world.moment)
        assert stack in erasing.doomed(connection, 100)
