"""What became of something that was brought to us: the number, as soon as there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage import tables as t


@dataclass(frozen=True, slots=True)
class Receipt:
    """``number`` is empty until it is recorded. ``how``: ``opened``, or how it joined another."""

    landed_at: datetime
    number: str = ""
    how: str = ""
    application_id: int | None = None
    status: str = ""
    acknowledgement: str = ""
    """State of the SMS or mail with the number; empty when none is owed."""


def find(connection: Connection, account: str, source_key: str) -> Receipt | None:
    """The receipt of one item; None when it never landed."""
    row = connection.execute(
        select(
            t.raw_item.c.landed_at,
            t.application.c.number,
            t.application.c.status,
            t.filing.c.how,
            t.filing.c.application_id,
            t.outbox.c.state,
        )
        .outerjoin(t.message, t.message.c.raw_id == t.raw_item.c.id)
        .outerjoin(t.filing, t.filing.c.message_id == t.message.c.id)
        .outerjoin(t.application, t.application.c.id == t.filing.c.application_id)
        .outerjoin(
            t.outbox,
            (t.outbox.c.application_id == t.filing.c.application_id)
            & (t.outbox.c.purpose == "received"),
        )
        .where(t.raw_item.c.channel == account, t.raw_item.c.source_key == source_key)
    ).first()
    if row is None:
        return None
    return Receipt(
        row.landed_at,
        row.number or "",
        row.how or "",
        row.application_id,
        row.status or "",
        row.state or "",
    )


def brought_by(connection: Connection, account: str, number: str) -> int | None:
    """Id of the application with this number, if something in it came through this account."""
    return connection.execute(
        select(func.coalesce(t.application.c.duplicate_of, t.application.c.id))
        .join(t.filing, t.filing.c.application_id == t.application.c.id)
        .join(t.message, t.message.c.id == t.filing.c.message_id)
        .where(t.application.c.number == number, t.message.c.channel == account)
        .limit(1)
    ).scalar()


def messages_of(connection: Connection, application_id: int) -> Sequence[int]:
    """Ids of the messages of an application, oldest first."""
    rows = connection.execute(
        select(t.filing.c.message_id)
        .where(t.filing.c.application_id == application_id)
        .order_by(t.filing.c.message_id)
    )
    return rows.scalars().all()
