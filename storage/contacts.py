"""Contact details that applicants give us after the fact, and the one-time links for that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from normalizers.schema import Message
from storage import tables as t
from storage.dialect import insert


@dataclass(frozen=True, slots=True)
class Link:
    """A row of ``contact_link`` with what its page shows of the application."""

    id: int
    application_id: int
    message_id: int | None
    expires_at: datetime
    used_at: datetime | None
    number: str
    language: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody ticked, as it stood there."""

    version: str
    text: str


def new_link(
    connection: Connection,
    application_id: int,
    message_id: int | None,
    token_hash: str,
    *,
    expires_at: datetime,
    now: datetime,
) -> None:
    connection.execute(
        t.contact_link.insert().values(
            application_id=application_id,
            message_id=message_id,
            token_hash=token_hash,
            created_at=now,
            expires_at=expires_at,
        )
    )


def link(connection: Connection, token_hash: str, *, lock: bool = False) -> Link | None:
    """The link of this token. ``lock``: nobody else can use it before the transaction ends."""
    c = t.contact_link.c
    rows = (
        select(
            c.id,
            c.application_id,
            c.message_id,
            c.expires_at,
            c.used_at,
            t.application.c.number,
            t.application.c.language,
        )
        .join(t.application, t.application.c.id == c.application_id)
        .where(c.token_hash == token_hash)
    )
    if lock:
        rows = rows.with_for_update(of=t.contact_link)
    row = connection.execute(rows).mappings().first()
    return Link(**row) if row else None


def use_link(
    connection: Connection, link_id: int, policy: str, consent: Consent | None, now: datetime
) -> None:
    values: dict[str, Any] = {"used_at": now, "policy": policy or None}
    if consent is not None:
        values |= {
            "consent_version": consent.version,
            "consent_text": consent.text,
            "consent_at": now,
        }
    connection.execute(update(t.contact_link).where(t.contact_link.c.id == link_id).values(values))


@dataclass(frozen=True, slots=True)
class Applicant:
    """How an application is named to its applicant, and how he can be reached."""

    number: str
    language: str
    name: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)


def applicant(connection: Connection, application_id: int) -> Applicant:
    """The application's row stays locked until the transaction ends."""
    c = t.application.c
    row = connection.execute(
        select(
            c.number,
            c.language,
            c.applicant_name.label("name"),
            c.applicant_phone.label("phone"),
            c.applicant_email.label("email"),
        )
        .where(c.id == application_id)
        .with_for_update(key_share=True)
    ).one()
    return Applicant(**row._mapping)


def set_applicant(connection: Connection, application_id: int, given: Mapping[str, str]) -> None:
    """``given``: ``name``, ``phone``, ``email``; what is not in it stays as it is."""
    values = {f"applicant_{name}": value for name, value in given.items()}
    connection.execute(
        update(t.application).where(t.application.c.id == application_id).values(values)
    )


def add_keys(connection: Connection, message_id: int, keys: Mapping[int, str]) -> None:
    """Say of a message that it is from whom these keys name."""
    rows = [
        {"key": k, "message_id": message_id, "kind": kind, "own": True} for k, kind in keys.items()
    ]
    if rows:
        added = insert(connection, t.person_key).values(rows)
        connection.execute(
            added.on_conflict_do_update(index_elements=["key", "message_id"], set_={"own": True})
        )


def opening_message(connection: Connection, application_id: int) -> int | None:
    """The message that opened the application."""
    return connection.execute(
        select(t.filing.c.message_id)
        .where(t.filing.c.application_id == application_id, t.filing.c.how == "opened")
        .order_by(t.filing.c.message_id)
        .limit(1)
    ).scalar()


def documents(
    connection: Connection, application_id: int, without: Collection[str]
) -> list[tuple[int, Message]]:
    """(message id, message) of an application, oldest first; not those filed ``without``."""
    rows = connection.execute(
        select(t.message.c.id, t.message.c.document)
        .join(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(t.filing.c.application_id == application_id, t.filing.c.how.notin_(without))
        .order_by(t.message.c.id)
    )
    return [(row.id, Message.model_validate(row.document)) for row in rows]
