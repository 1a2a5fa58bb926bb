"""What the recording stage must know before it decides: everything that was filed earlier and
could be the same matter. A handful of set-based queries for a whole batch."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from normalizers.schema import Message
from storage import tables as t
from storage.dialect import among

PER_PERSON = 64
"""Newest messages of one person that a new one is compared with; bounds the cost of a decision."""


@dataclass(frozen=True, slots=True)
class ToFile:
    """A message that was read and belongs to no application yet."""

    id: int
    raw_id: int
    sha256: str
    channel: str
    kind: str
    received_at: datetime
    landed_at: datetime
    trace: str
    as_person: bool
    match_text: str = field(repr=False)
    things: Sequence[str] = field(repr=False)
    message: Message = field(repr=False)
    keys: Mapping[int, str] = field(repr=False)
    own: frozenset[int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message that was filed earlier."""

    id: int
    sha256: str
    channel: str
    kind: str
    received_at: datetime
    message_id: str | None
    thread: str | None
    application_id: int
    match_text: str = field(repr=False)
    things: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Person keys of one message: their kinds, and those that say who sent it."""

    kinds: Mapping[int, str]
    own: frozenset[int]


NOBODY = Person({}, frozenset())


def to_file(connection: Connection, raw_ids: Collection[int]) -> list[ToFile]:
    """Messages of these raw items that wait to be recorded, oldest first."""
    waiting = _readings(t.work.c.as_person).join(t.work, t.work.c.raw_id == t.message.c.raw_id)
    return _to_file_all(connection, waiting.where(among(t.message.c.raw_id, raw_ids)))


def by_row_id(connection: Connection, message_ids: Collection[int]) -> list[ToFile]:
    """Messages by their row ids, filed or not."""
    as_person = literal(False).label("as_person")
    return _to_file_all(connection, _readings(as_person).where(among(t.message.c.id, message_ids)))


def _readings(as_person: ColumnElement[bool]) -> Select[Any]:
    raw = t.raw_item.c
    return (
        select(t.message, raw.sha256, raw.trace, raw.landed_at, as_person)
        .join(t.raw_item, raw.id == t.message.c.raw_id)
        .order_by(t.message.c.received_at, t.message.c.id)
    )


def _to_file_all(connection: Connection, statement: Select[Any]) -> list[ToFile]:
    rows = connection.execute(statement).all()
    keys = keys_of_messages(connection, [row.id for row in rows])
    return [_to_file(row, keys.get(row.id, NOBODY)) for row in rows]


def _to_file(row: Row[Any], person: Person) -> ToFile:
    return ToFile(
        id=row.id,
        raw_id=row.raw_id,
        sha256=row.sha256,
        channel=row.channel,
        kind=row.kind,
        received_at=row.received_at,
        landed_at=row.landed_at,
        trace=row.trace,
        as_person=row.as_person,
        match_text=row.match_text,
        things=row.things,
        message=Message.model_validate(row.document),
        keys=person.kinds,
        own=person.own,
    )


def keys_of_messages(connection: Connection, message_ids: Collection[int]) -> dict[int, Person]:
    """Message id -> whom it names."""
    kinds: dict[int, dict[int, str]] = {}
    own: dict[int, set[int]] = {}
    if not message_ids:
        return {}
    named = select(t.person_key).where(among(t.person_key.c.message_id, message_ids))
    for row in connection.execute(named):
        kinds.setdefault(row.message_id, {})[row.key] = row.kind
        if row.own:
            own.setdefault(row.message_id, set()).add(row.key)
    return {i: Person(found, frozenset(own.get(i, ()))) for i, found in kinds.items()}


def keys_of_applications(
    connection: Connection, application_ids: Collection[int]
) -> dict[int, set[int]]:
    """Application id -> keys of everybody who wrote in it."""
    out: dict[int, set[int]] = {}
    if not application_ids:
        return out
    for row in connection.execute(
        select(t.filing.c.application_id, t.person_key.c.key)
        .join(t.person_key, t.person_key.c.message_id == t.filing.c.message_id)
        .where(among(t.filing.c.application_id, application_ids), t.person_key.c.own)
        .distinct()
    ):
        out.setdefault(row.application_id, set()).add(row.key)
    return out


def addressees(
    connection: Connection, application_ids: Collection[int]
) -> Iterator[tuple[int, str, str]]:
    """(application id, medium, recipient) of the SMS and mails that went out about these."""
    if not application_ids:
        return
    one = t.outbox.c
    rows = connection.execute(
        select(one.application_id, one.medium, one.recipient).where(
            among(one.application_id, application_ids),
            one.medium.in_(("sms", "email")),
            one.state.in_(("accepted", "delivered")),
        )
    )
    yield from ((row[0], row[1], row[2]) for row in rows)


def files_of(connection: Connection, message_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Message id -> hashes of its attachments."""
    out: dict[int, set[str]] = {}
    if not message_ids:
        return {}
    for row in connection.execute(
        select(t.attachment.c.message_id, t.attachment.c.sha256).where(
            among(t.attachment.c.message_id, message_ids)
        )
    ):
        out.setdefault(row.message_id, set()).add(row.sha256)
    return {message_id: frozenset(files) for message_id, files in out.items()}


def _filed() -> Select[Any]:
    return (
        select(
            t.message.c.id,
            t.message.c.channel,
            t.message.c.kind,
            t.message.c.received_at,
            t.message.c.message_id,
            t.message.c.thread,
            t.message.c.match_text,
            t.message.c.things,
            t.raw_item.c.sha256,
            t.filing.c.application_id,
        )
        .join(t.raw_item, t.raw_item.c.id == t.message.c.raw_id)
        .join(t.filing, t.filing.c.message_id == t.message.c.id)
        .order_by(t.message.c.id)
    )


def by_sha256(connection: Connection, digests: Collection[str]) -> Iterator[Earlier]:
    """Filed messages of these bytes, the newest of each."""
    yield from _newest(connection, t.raw_item.c.sha256, digests)


def by_message_id(connection: Connection, message_ids: Collection[str]) -> Iterator[Earlier]:
    """Filed messages with these Message-IDs, the newest of each: some mailers use one for all."""
    yield from _newest(connection, t.message.c.message_id, message_ids)


def by_thread(connection: Connection, threads: Collection[str]) -> Iterator[Earlier]:
    """Filed messages that stand in these threads of networks, the newest of each."""
    yield from _newest(connection, t.message.c.thread, threads)


def by_person(connection: Connection, keys: Collection[int], since: datetime) -> Iterator[Earlier]:
    """The newest messages of these people since then, at most ``PER_PERSON`` for each key."""
    if not keys:
        return
    newest = (
        select(
            t.person_key.c.message_id,
            func.row_number()
            .over(partition_by=t.person_key.c.key, order_by=t.person_key.c.message_id.desc())
            .label("place"),
        )
        .where(among(t.person_key.c.key, keys))
        .subquery()
    )
    chosen = select(newest.c.message_id).where(newest.c.place <= PER_PERSON)
    statement = _filed().where(t.message.c.id.in_(chosen), t.message.c.received_at >= since)
    for row in connection.execute(statement):
        yield Earlier(**row._mapping)


def by_number(connection: Connection, numbers: Collection[str]) -> dict[str, int]:
    """Application number -> id; of a duplicate, that of the application it was joined into."""
    if not numbers:
        return {}
    rows = connection.execute(
        select(t.application.c.number, _final()).where(among(t.application.c.number, numbers))
    )
    return {row.number: row.final for row in rows}


def asked_by_sms(
    connection: Connection, phones: Collection[str], since: datetime
) -> Iterator[tuple[str, int]]:
    """(phone, application id) of questions and surveys that went there by SMS since then."""
    if not phones:
        return
    one = t.outbox.c
    rows = connection.execute(
        select(one.recipient, _final())
        .join(t.application, t.application.c.id == one.application_id)
        .where(
            one.medium == "sms",
            among(one.recipient, phones),
            one.created_at >= since,
            one.state.in_(("accepted", "delivered", "unknown")),
            one.purpose.like("question:%") | one.purpose.like("survey%"),
        )
        .distinct()
    )
    yield from ((row.recipient, row.final) for row in rows)


def by_reference(connection: Connection, references: Collection[str]) -> dict[str, int]:
    """Reference of something that we sent -> application id, as above."""
    if not references:
        return {}
    rows = connection.execute(
        select(t.outbox.c.reference, _final())
        .join(t.application, t.application.c.id == t.outbox.c.application_id)
        .where(among(t.outbox.c.reference, references))
    )
    return {row.reference: row.final for row in rows}


def by_provider_id(connection: Connection, references: Collection[str]) -> dict[str, int]:
    """``NETWORK:ID`` of an answer of ours on a network -> application id, as above."""
    ids = {reference.partition(":")[2]: reference for reference in references}
    if not ids:
        return {}
    rows = connection.execute(
        select(t.outbox.c.provider_id, _final())
        .join(t.application, t.application.c.id == t.outbox.c.application_id)
        .where(among(t.outbox.c.provider_id, sorted(ids)), t.outbox.c.answers.is_not(None))
    )
    return {ids[row.provider_id]: row.final for row in rows}


def closed(connection: Connection, application_ids: Collection[int]) -> frozenset[int]:
    """Those of these applications that are closed."""
    if not application_ids:
        return frozenset()
    c = t.application.c
    those = select(c.id).where(among(c.id, application_ids), c.status == "closed")
    return frozenset(connection.execute(those).scalars())


def _final() -> ColumnElement[int]:
    application = t.application.c
    return func.coalesce(application.duplicate_of, application.id).label("final")


def _newest(
    connection: Connection, column: ColumnElement[Any], values: Collection[str]
) -> Iterator[Earlier]:
    if not values:
        return
    place = func.row_number().over(partition_by=column, order_by=t.message.c.id.desc())
    ranked = (
        select(t.message.c.id, place.label("place"))
        .join(t.raw_item, t.raw_item.c.id == t.message.c.raw_id)
        .join(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(among(column, values))
        .subquery()
    )
    chosen = select(ranked.c.id).where(ranked.c.place <= PER_PERSON)
    for row in connection.execute(_filed().where(t.message.c.id.in_(chosen))):
        yield Earlier(**row._mapping)
