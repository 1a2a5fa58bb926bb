"""What the rows say about each other and about the blob store: read-only, in streams."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, func, select

from storage import tables as t
from storage.events import FIRST, chain_hash


@dataclass(frozen=True, slots=True)
class Broken:
    """An event whose hash, place or predecessor is not what it has to be."""

    application_id: int
    seq: int


def named_blobs(connection: Connection) -> Iterator[str]:
    """SHA-256 of everything that rows need of the blob store; some more than once.

    What was erased by law is not needed: its raw row stays for the ledger, its bytes are gone.
    """
    erased = select(t.keeping.c.application_id).where(t.keeping.c.erased_at.is_not(None))
    raw = (
        select(t.raw_item.c.sha256, t.raw_item.c.facts)
        .outerjoin(t.message, t.message.c.raw_id == t.raw_item.c.id)
        .outerjoin(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(t.filing.c.application_id.is_(None) | t.filing.c.application_id.not_in(erased))
    )
    for row in _stream(connection, raw):
        yield row.sha256
        if original := row.facts.get("batch_sha256"):  # the stack that the letter was cut from
            yield original
    letters = select(t.letter.c.sha256).where(t.letter.c.application_id.not_in(erased))
    for keys in (select(t.attachment.c.sha256).distinct(), letters):
        yield from (row.sha256 for row in _stream(connection, keys))
    for content in (select(t.answer.c.content), select(t.outbox.c.envelope)):
        for (value,) in _stream(connection, content):
            yield from (file["sha256"] for file in value.get("files", ()))


def doomed(connection: Connection) -> set[str]:
    """What is on its way out of the store, or has left it."""
    return set(connection.execute(select(t.doomed_blob.c.sha256)).scalars())


def count_events(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(t.event)).scalar_one())


def walk_history(connection: Connection) -> Iterator[Broken | None]:
    """Every event in order: None where it is as it was written."""
    rows = select(t.event).order_by(t.event.c.application_id, t.event.c.seq)
    application, seq, previous = 0, 0, FIRST
    for row in _stream(connection, rows):
        event = row._mapping
        if event["application_id"] != application:
            application, seq, previous = event["application_id"], 0, FIRST
        seq += 1
        whole = event["seq"] == seq and event["previous"] == previous
        whole = whole and event["hash"] == chain_hash(previous, event)
        yield None if whole else Broken(application, event["seq"])
        seq, previous = event["seq"], event["hash"]


def filings_without_raw(connection: Connection) -> list[int]:
    """Ids of messages that were filed and whose raw item, or who themselves, are not there."""
    rows = (
        select(t.filing.c.message_id)
        .outerjoin(t.message, t.message.c.id == t.filing.c.message_id)
        .outerjoin(t.raw_item, t.raw_item.c.id == t.message.c.raw_id)
        .where(t.raw_item.c.id.is_(None))
        .order_by(t.filing.c.message_id)
    )
    return list(connection.execute(rows).scalars())


def numbers_without_record(connection: Connection) -> list[str]:
    """Numbers of applications in which there is no message at all."""
    filed = exists().where(t.filing.c.application_id == t.application.c.id)
    rows = (
        select(t.application.c.number)
        .where(t.application.c.duplicate_of.is_(None), ~filed)
        .order_by(t.application.c.id)
    )
    return list(connection.execute(rows).scalars())


def _stream(connection: Connection, rows: Any) -> Iterator[Any]:
    """Row by row, so that ten years of history do not have to fit into memory."""
    yield from connection.execution_options(yield_per=1_000).execute(rows)
