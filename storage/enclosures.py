"""Rows of documents that came attached to a message, and what was read of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, exists, func, select, update

from normalizers.schema import Attachment, Message
from storage import claims
from storage import tables as t
from storage.dialect import chunks, insert, insert_all
from storage.types import ReadyJson

WAITING, READ, FAILED, LEFT = "waiting", "read", "failed", "left"
STATES = (WAITING, READ, FAILED, LEFT)
"""``left``: one more than are read of a message."""


@dataclass(frozen=True, slots=True)
class NewEnclosure:
    message_id: int
    position: int
    """Of the attachment within its message."""
    state: str = WAITING


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A document that waits to be read."""

    id: int
    message_id: int
    source_key: str
    trace: str
    received_at: datetime
    file: Attachment = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: ``document`` where it was read, ``detail`` (no personal data) else."""

    state: str
    document: Message | None = field(default=None, repr=False)
    detail: str = ""
    needs_review: bool = False


def owe_all(connection: Connection, new: Sequence[NewEnclosure], now: datetime) -> list[int]:
    """Insert rows; returns the ids of those that wait. Rows that exist stay as they are."""
    if not new:
        return []
    rows = [
        {
            "message_id": one.message_id,
            "position": one.position,
            "state": one.state,
            "due_at": now,
            "rung_at": now,
        }
        for one in new
    ]
    columns = t.enclosure.c
    returned = insert_all(connection, t.enclosure, rows, columns.id, columns.state, or_ignore=True)
    return [row.id for row in returned if row.state == WAITING]


def letters_wait(connection: Connection, now: datetime) -> bool:
    """Whether faxes or letters are due that nobody works on: they have no number yet."""
    due = (t.work.c.queue == "pages") & claims.is_free(t.work, now)
    return bool(connection.execute(select(exists().where(due))).scalar())


def claim(
    connection: Connection,
    *,
    ids: Collection[int] | None,
    limit: int,
    now: datetime,
    hold: timedelta,
) -> claims.Claim:
    wanted = t.enclosure.c.state == WAITING
    return claims.claim(connection, t.enclosure, wanted, ids=ids, limit=limit, now=now, hold=hold)


def overdue(connection: Connection, *, now: datetime, quiet: timedelta, limit: int) -> list[int]:
    wanted = t.enclosure.c.state == WAITING
    return list(
        claims.overdue(
            connection, t.enclosure, wanted, now=now, rung_before=now - quiet, limit=limit
        )
    )


def give_back(connection: Connection, held: claims.Claim, due_at: datetime) -> None:
    """Rows that could not be tried: the attempt does not count."""
    attempts = t.enclosure.c.attempts - 1
    claims.release(
        connection, t.enclosure, held, held.ids, due_at=due_at, rung_at=None, attempts=attempts
    )


def load(connection: Connection, ids: Collection[int]) -> list[Enclosure]:
    """What has to be read for these rows."""
    file = t.attachment.c
    rows = connection.execute(
        select(
            t.enclosure.c.id,
            t.enclosure.c.message_id,
            t.raw_item.c.source_key,
            t.raw_item.c.trace,
            t.message.c.received_at,
            file.name,
            file.content_type,
            file.size,
            file.sha256,
        )
        .join(t.message, t.message.c.id == t.enclosure.c.message_id)
        .join(t.raw_item, t.raw_item.c.id == t.message.c.raw_id)
        .join(
            t.attachment,
            (file.message_id == t.enclosure.c.message_id)
            & (file.position == t.enclosure.c.position),
        )
        .where(t.enclosure.c.id.in_(ids))
        .order_by(t.enclosure.c.id)
    ).mappings()
    files = ("name", "content_type", "size", "sha256")
    return [
        Enclosure(
            file=Attachment(**{key: row[key] for key in files}),
            **{key: value for key, value in row.items() if key not in files},
        )
        for row in rows
    ]


def settle(
    connection: Connection, held: claims.Claim, row_id: int, outcome: Outcome, now: datetime
) -> bool:
    """Write what became of a row, unless somebody else holds it by now."""
    document = outcome.document
    ours = claims.release(
        connection,
        t.enclosure,
        held,
        [row_id],
        state=outcome.state,
        document=document and ReadyJson(document.model_dump_json(exclude_defaults=True)),
        detail=outcome.detail,
        needs_review=outcome.needs_review,
        settled_at=now,
    )
    return bool(ours)


def add_to_message(
    connection: Connection, message_id: int, keys: dict[int, str], things: Collection[str]
) -> None:
    """People and things that a document names, beside those of the message. They say nothing of
    who sent it."""
    rows = [
        {"key": key, "message_id": message_id, "kind": kind, "own": False}
        for key, kind in keys.items()
    ]
    if rows:
        connection.execute(insert(connection, t.person_key).on_conflict_do_nothing(), rows)
    if things:
        mine = t.message.c.id == message_id
        have = connection.execute(select(t.message.c.things).where(mine).with_for_update())
        both = dict.fromkeys([*have.scalar_one(), *things])
        connection.execute(update(t.message).where(mine).values(things=list(both)))


def counts(connection: Connection, application_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Application -> state -> how many documents. Repeats of a message have none."""
    out: dict[int, dict[str, int]] = {}
    for some in chunks(application_ids):
        rows = connection.execute(
            select(t.filing.c.application_id, t.enclosure.c.state, func.count())
            .join(t.filing, t.filing.c.message_id == t.enclosure.c.message_id)
            .where(t.filing.c.application_id.in_(some))
            .group_by(t.filing.c.application_id, t.enclosure.c.state)
        )
        for application_id, state, count in rows:
            out.setdefault(application_id, dict.fromkeys(STATES, 0))[state] = count
    return out


def of_messages(
    connection: Connection, message_ids: Collection[int]
) -> dict[int, list[dict[str, Any]]]:
    """Message -> its documents: ``position, state, document, detail, needs_review``."""
    out: dict[int, list[dict[str, Any]]] = {}
    for some in chunks(sorted(message_ids)):
        rows = connection.execute(
            select(
                t.enclosure.c.message_id,
                t.enclosure.c.position,
                t.enclosure.c.state,
                t.enclosure.c.document,
                t.enclosure.c.detail,
                t.enclosure.c.needs_review,
            )
            .where(t.enclosure.c.message_id.in_(some))
            .order_by(t.enclosure.c.message_id, t.enclosure.c.position)
        ).mappings()
        for row in rows:
            one = dict(row)
            out.setdefault(one.pop("message_id"), []).append(one)
    return out


def waiting(connection: Connection, now: datetime) -> dict[str, Any] | None:
    """How many wait, since when, for the view of the stages; None where none does."""
    row = connection.execute(
        select(
            func.count().label("waiting"),
            func.min(t.raw_item.c.landed_at).label("oldest"),
            func.count().filter(t.enclosure.c.claimed_until >= now).label("held"),
            func.count().filter(t.enclosure.c.due_at > now).label("put_off"),
        )
        .select_from(t.enclosure)
        .join(t.message, t.message.c.id == t.enclosure.c.message_id)
        .join(t.raw_item, t.raw_item.c.id == t.message.c.raw_id)
        .where(t.enclosure.c.state == WAITING)
    ).one()
    return dict(row._mapping) if row.waiting else None
