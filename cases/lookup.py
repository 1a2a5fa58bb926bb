"""Gathers what :mod:`cases.duplicates` must know for a batch."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cases.duplicates import Filed, Incoming, Known, Policy
from storage import known as rows
from storage.engine import Connection
from storage.known import Earlier


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
        rows.by_person(connection, {k for m in batch for k in m.keys}, oldest - policy.window),
    )
    keys = rows.keys_of_messages(connection, [one.id for one in earlier])
    known = Known()
    for one in earlier:
        known.add(Filed(_as_incoming(one, keys.get(one.id, {})), one.application_id))
    numbers = rows.by_number(connection, {n for m in batch for n in m.numbers})
    known.by_number.update(numbers)
    known.sent.update(_sent(connection, references))
    applications = {one.application_id for one in earlier} | set(numbers.values())
    for application, people in rows.keys_of_applications(connection, applications).items():
        known.people.setdefault(application, set()).update(people)
    return known


def _sent(connection: Connection, message_ids: Iterable[str]) -> dict[str, int]:
    """Our mails carry their outbox reference as the local part of the Message-ID."""
    local_parts = {m.partition("@")[0]: m for m in message_ids if m.startswith("bv")}
    found = rows.by_reference(connection, list(local_parts))
    return {local_parts[reference]: application for reference, application in found.items()}


def _distinct(*sources: Iterable[Earlier]) -> list[Earlier]:
    unique = {one.id: one for source in sources for one in source}
    return [unique[i] for i in sorted(unique)]


def _as_incoming(one: Earlier, keys: dict[int, str]) -> Incoming:
    return Incoming(
        id=one.id,
        sha256=one.sha256,
        channel=one.channel,
        kind=one.kind,
        received_at=one.received_at,
        keys=keys,
        text=one.match_text,
        message_id=one.message_id,
    )
