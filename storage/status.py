"""What an applicant may see of an application, and the visits in which he does.

A visit begins with a number and a phone, whether they fit or not; it has an application only when
they do. It is entered with the code that went to that phone.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from storage import tables as t

CODE_LIVES = timedelta(minutes=10)
VISIT_LIVES = timedelta(minutes=30)
MOST_TRIES = 5
"""Codes that may be tried in one visit."""


@dataclass(frozen=True, slots=True)
class OnFile:
    """What must be known of an application to let its applicant in."""

    id: int
    number: str
    phone: str | None = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the applicant sees. ``answered_at`` is when the newest answer went out."""

    id: int
    number: str
    type: str
    status: str
    subject: str = field(repr=False)
    name: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    received_at: datetime
    sla_due_at: datetime | None
    legal_due_at: datetime | None
    language: str


def on_file(connection: Connection, number: str) -> OnFile | None:
    """The application with this number; of a duplicate, the one that it was joined into."""
    final = func.coalesce(t.application.c.duplicate_of, t.application.c.id)
    wanted = select(final).where(t.application.c.number == number).scalar_subquery()
    row = connection.execute(
        select(
            t.application.c.id,
            t.application.c.number,
            t.application.c.applicant_phone.label("phone"),
            t.application.c.language,
        ).where(t.application.c.id == wanted)
    ).first()
    return OnFile(**row._mapping) if row else None


def begin(connection: Connection, handle: str, now: datetime) -> None:
    """A visit without an application; forgets those that are over."""
    connection.execute(delete(t.status_visit).where(t.status_visit.c.at < now - timedelta(days=1)))
    connection.execute(t.status_visit.insert().values(handle=handle, at=now))


def give_code(connection: Connection, handle: str, application_id: int, code: str) -> int:
    """The number and the phone fit: ``code`` (a digest) opens this application. Returns the id of
    the visit."""
    return int(
        connection.execute(
            update(t.status_visit)
            .where(t.status_visit.c.handle == handle)
            .values(application_id=application_id, code=code)
            .returning(t.status_visit.c.id)
        ).scalar_one()
    )


def codes_since(connection: Connection, application_id: int, since: datetime) -> int:
    """How many codes were sent for an application since then."""
    return int(
        connection.execute(
            select(func.count()).where(
                t.status_visit.c.application_id == application_id, t.status_visit.c.at >= since
            )
        ).scalar_one()
    )


def enter(connection: Connection, handle: str, code: str, new_handle: str, now: datetime) -> bool:
    """Try a code (a digest). Each try counts, before it is looked at. Where it fits, the visit goes
    on under ``new_handle``, so that the one from before the code opens nothing."""
    tried = connection.execute(
        update(t.status_visit)
        .where(
            t.status_visit.c.handle == handle,
            t.status_visit.c.entered_at.is_(None),
            t.status_visit.c.tries < MOST_TRIES,
            t.status_visit.c.at >= now - CODE_LIVES,
        )
        .values(tries=t.status_visit.c.tries + 1)
        .returning(t.status_visit.c.id, t.status_visit.c.code)
    ).first()
    if tried is None or not tried.code or tried.code != code:
        return False
    connection.execute(
        update(t.status_visit)
        .where(t.status_visit.c.id == tried.id)
        .values(entered_at=now, handle=new_handle, code="")
    )
    return True


def visited(connection: Connection, handle: str, now: datetime) -> Seen | None:
    """What this visit may see; None when it was never entered, or is over."""
    final = func.coalesce(t.application.c.duplicate_of, t.application.c.id)
    wanted = (
        select(final)
        .join(t.status_visit, t.status_visit.c.application_id == t.application.c.id)
        .where(t.status_visit.c.handle == handle, t.status_visit.c.entered_at >= now - VISIT_LIVES)
        .scalar_subquery()
    )
    return _seen(connection, wanted)


def seen(connection: Connection, application_id: int) -> Seen | None:
    """What the applicant of this application may see."""
    return _seen(connection, application_id)


def leave(connection: Connection, handle: str) -> None:
    """The visit is over."""
    connection.execute(delete(t.status_visit).where(t.status_visit.c.handle == handle))


def happened(
    connection: Connection, application_id: int, kinds: tuple[str, ...]
) -> list[tuple[str, datetime, str]]:
    """(kind, when, actor) of the events of these kinds, oldest first."""
    rows = connection.execute(
        select(t.event.c.kind, t.event.c.at, t.event.c.actor)
        .where(t.event.c.application_id == application_id, t.event.c.kind.in_(kinds))
        .order_by(t.event.c.seq)
    )
    return [(row.kind, row.at, row.actor) for row in rows]


def _seen(connection: Connection, application_id: object) -> Seen | None:
    row = connection.execute(
        select(
            *(
                t.application.c[name]
                for name in (
                    "id",
                    "number",
                    "type",
                    "status",
                    "subject",
                    "received_at",
                    "sla_due_at",
                    "legal_due_at",
                    "language",
                )
            ),
            t.application.c.applicant_name.label("name"),
            t.application.c.applicant_phone.label("phone"),
            t.application.c.applicant_email.label("email"),
        ).where(t.application.c.id == application_id)
    ).first()
    return Seen(**row._mapping) if row else None
