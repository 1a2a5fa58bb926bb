"""Applications: opening them with their numbers, and filing messages in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage import tables as t
from storage.dialect import among, insert, insert_all


@dataclass(frozen=True, slots=True)
class NewApplication:
    """What is known of an application when it is recorded."""

    number: str
    type: str
    channel: str
    kind: str
    received_at: datetime
    subject: str = field(repr=False)
    applicant_name: str | None = field(repr=False)
    applicant_email: str | None = field(repr=False)
    applicant_phone: str | None = field(repr=False)
    language: str
    needs_review: bool


@dataclass(frozen=True, slots=True)
class Filing:
    """A message goes into an application; ``how`` as in :data:`cases.matters.How`."""

    message_id: int
    application_id: int
    how: str
    score: float | None = None
    reasons: Sequence[Mapping[str, Any]] = ()
    by: str = "system"


def next_in_sequence(connection: Connection, year: int, count: int) -> int:
    """The first of ``count`` new places in the year's sequence.

    The row stays locked until the transaction ends, which is what leaves no gaps: call it last.
    """
    row = insert(connection, t.number_sequence).values(year=year, last=count)
    last = connection.execute(
        row.on_conflict_do_update(
            index_elements=["year"], set_={"last": t.number_sequence.c.last + count}
        ).returning(t.number_sequence.c.last)
    ).scalar_one()
    return int(last) - count + 1


def open_all(
    connection: Connection, applications: Sequence[NewApplication], now: datetime
) -> list[int]:
    """Insert applications; returns their ids in order."""
    if not applications:
        return []
    rows = [
        {name: getattr(one, name) for name in NewApplication.__slots__}
        | {"status": "recorded", "recorded_at": now}
        for one in applications
    ]
    application = t.application
    inserted = insert_all(connection, application, rows, application.c.id, application.c.number)
    by_number = {row.number: row.id for row in inserted}
    return [by_number[one.number] for one in applications]


def lock(connection: Connection, ids: Collection[int]) -> None:
    """Hold these applications until the transaction ends, in ascending order. Rows that only name
    one (that somebody looked at it, say) do not wait for it: no key is ever changed."""
    if ids:
        connection.execute(
            select(t.application.c.id)
            .where(among(t.application.c.id, ids))
            .order_by(t.application.c.id)
            .with_for_update(key_share=True)
        ).all()


def file_all(connection: Connection, filings: Sequence[Filing], now: datetime) -> None:
    rows = [
        {
            "message_id": one.message_id,
            "application_id": one.application_id,
            "how": one.how,
            "score": one.score,
            "reasons": [dict(reason) for reason in one.reasons],
            "at": now,
            "by": one.by,
        }
        for one in filings
    ]
    insert_all(connection, t.filing, rows)


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    message_id: int
    application_id: int
    score: float
    reasons: Sequence[Mapping[str, Any]] = ()


def suggest_all(
    connection: Connection, suggestions: Sequence[NewSuggestion], now: datetime
) -> None:
    rows = [
        {
            "message_id": one.message_id,
            "application_id": one.application_id,
            "score": one.score,
            "reasons": [dict(reason) for reason in one.reasons],
            "at": now,
        }
        for one in suggestions
    ]
    insert_all(connection, t.suggestion, rows, or_ignore=True)
