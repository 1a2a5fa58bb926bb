"""Gathers what :mod:`cases.duplicates` must know for a batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.matters import Filed, Incoming, Known, KnownItem, Policy, Version
from cases.person import NAME, blind
from storage import known as rows
from storage import social
from storage.engine import Connection
from storage.known import Earlier, Person


def load_known(
    connection: Connection, batch: Sequence[Incoming], policy: Policy, now: datetime
) -> Known:
    """Everything filed earlier that could be one matter with a message of the batch."""
    references = {r for message in batch for r in message.refers_to}
    own_ids = {message.message_id for message in batch if message.message_id}
    oldest = min((message.received_at for message in batch), default=now)
    earlier = _distinct(
        rows.by_sha256(connection, {message.sha256 for message in batch}),
        rows.by_message_id(connection, own_ids | references),
        rows.by_person(connection, people_of(batch), oldest - policy.window),
        rows.by_thread(connection, _our_threads(batch)),
    )
    ids = [one.id for one in earlier]
    people, files = rows.keys_of_messages(connection, ids), rows.files_of(connection, ids)
    known = Known()
    for one in earlier:
        person = people.get(one.id, rows.NOBODY)
        message = _as_incoming(one, person, files.get(one.id, frozenset()))
        known.add(Filed(message, one.application_id))
        if one.thread:
            known.by_thread.setdefault(one.thread, []).append(Filed(message, one.application_id))
    numbers = rows.by_number(connection, {n for m in batch for n in (*m.numbers, m.proved) if n})
    known.by_number.update(numbers)
    known.sent.update(_sent(connection, references))
    applications = {one.application_id for one in earlier} | set(numbers.values())
    for application, parties in rows.keys_of_applications(connection, applications).items():
        known.people.setdefault(application, set()).update(parties)
    _add_items(connection, batch, known)
    phones = {message.sms_from for message in batch if message.sms_from}
    for phone, application in rows.asked_by_sms(connection, phones, oldest - policy.window):
        known.asked.setdefault(phone, set()).add(application)
    return known


def _our_threads(batch: Iterable[Incoming]) -> set[str]:
    """Only what we wrote is looked up by its thread: a famous post has thousands of answers."""
    return {m.item.thread for m in batch if m.item is not None and m.item.own and m.item.thread}


def _add_items(connection: Connection, batch: Sequence[Incoming], known: Known) -> None:
    """What is known of the batch's things on networks, and of the posts that they answer."""
    on_networks = [m.item for m in batch if m.item is not None]
    if not on_networks:
        return
    keys = {item.key for item in on_networks} | {i.thread for i in on_networks if i.thread}
    for one in social.items(connection, keys):
        versions = [Version(v.id, v.external, v.version, v.edited_at) for v in one.versions]
        known.items[one.item] = KnownItem(one.application_id, versions, one.counts_id, one.deleted)
    references = {r for message in batch for r in message.refers_to if message.item is not None}
    known.sent.update(rows.by_provider_id(connection, references))
    theirs = {one.application for filed in known.by_key.values() for one in filed}
    known.closed = rows.closed(connection, {one for one in theirs if isinstance(one, int)})


def add_addressees(connection: Connection, known: Known, secret: bytes) -> None:
    """Whom we wrote to about an application may answer with its number: the phone that got our SMS
    is a party to it, also where its owner first wrote by mail."""
    applications = {one for one in known.by_number.values() if isinstance(one, int)}
    for application, medium, recipient in rows.addressees(connection, applications):
        kind, value = ("email", recipient.lower()) if medium == "email" else ("phone", recipient)
        known.people.setdefault(application, set()).add(blind(kind, value, secret))


def people_of(batch: Iterable[Incoming]) -> set[int]:
    """Keys that find a person; a name alone does not."""
    return {key for message in batch for key, kind in message.keys.items() if kind != NAME}


def _sent(connection: Connection, message_ids: Iterable[str]) -> dict[str, int]:
    """Our mails carry their outbox reference as the local part of the Message-ID."""
    local_parts = {m.partition("@")[0]: m for m in message_ids if m.startswith("bv")}
    found = rows.by_reference(connection, list(local_parts))
    return {local_parts[reference]: application for reference, application in found.items()}


def _distinct(*sources: Iterable[Earlier]) -> list[Earlier]:
    unique = {one.id: one for source in sources for one in source}
    return [unique[i] for i in sorted(unique)]


def _as_incoming(one: Earlier, person: Person, files: frozenset[str]) -> Incoming:
    return Incoming(
        id=one.id,
        sha256=one.sha256,
        channel=one.channel,
        kind=one.kind,
        received_at=one.received_at,
        keys=person.kinds,
        own=person.own,
        text=one.match_text,
        files=files,
        things=frozenset(one.things),
        message_id=one.message_id,
        thread=one.thread or "",
    )
