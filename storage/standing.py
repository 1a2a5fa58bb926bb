"""How an application stands: taken (locked) before it is changed, and moved on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from storage import tables as t


@dataclass(frozen=True, slots=True)
class Standing:
    """One application as it is now. Its row is locked until the transaction ends."""

    id: int
    number: str
    type: str
    status: str
    kind: str
    channel: str
    language: str
    department: str | None
    received_at: datetime
    legal_due_at: datetime | None
    duplicate_of: int | None
    subject: str = field(repr=False)
    applicant_name: str | None = field(repr=False)
    applicant_email: str | None = field(repr=False)
    applicant_phone: str | None = field(repr=False)


def take(connection: Connection, application_id: int) -> Standing | None:
    """Lock an application and read it; None when there is none."""
    row = connection.execute(_one(application_id).with_for_update(key_share=True)).first()
    return Standing(*row) if row else None


def look(connection: Connection, application_id: int) -> Standing | None:
    """The same for whoever only looks: nothing is locked, and it may change at once."""
    row = connection.execute(_one(application_id)).first()
    return Standing(*row) if row else None


def _one(application_id: int) -> Select[Any]:
    columns = [t.application.c[name] for name in Standing.__slots__]
    return select(*columns).where(t.application.c.id == application_id)


def move(connection: Connection, application_id: int, status: str) -> None:
    connection.execute(
        update(t.application).where(t.application.c.id == application_id).values(status=status)
    )


@dataclass(frozen=True, slots=True)
class Said:
    """A message of an application, as far as an answer to it must know."""

    id: int
    kind: str
    channel: str
    received_at: datetime
    how: str
    document: dict[str, object] = field(repr=False)


def said(connection: Connection, application_id: int) -> list[Said]:
    """What the applicant said in this application, oldest first, without copies."""
    rows = connection.execute(
        select(
            t.message.c.id,
            t.message.c.kind,
            t.message.c.channel,
            t.message.c.received_at,
            t.filing.c.how,
            t.message.c.document,
        )
        .join(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(
            t.filing.c.application_id == application_id,
            t.filing.c.how.not_in(("repeat", "machine")),
        )
        .order_by(t.message.c.received_at, t.message.c.id)
    )
    return [Said(*row) for row in rows]
