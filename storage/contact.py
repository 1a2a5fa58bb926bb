"""Questions to applicants, phone calls, letters on paper, representatives, notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage import tables as t
from storage.dialect import insert


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A row of ``question``: ``open``, ``answered``, ``silent`` or ``dropped``."""

    id: int
    application_id: int
    state: str
    medium: str
    text: str = field(repr=False)
    asked_at: datetime
    asked_by: str
    remind_at: datetime | None
    reminders: int
    settled_at: datetime | None
    message_id: int | None


def _questions(connection: Connection, *which: Any) -> list[QuestionRow]:
    columns = [t.question.c[name] for name in QuestionRow.__slots__]
    rows = connection.execute(select(*columns).where(*which).order_by(t.question.c.id))
    return [QuestionRow(*row) for row in rows]


def questions_of(connection: Connection, application_id: int) -> list[QuestionRow]:
    return _questions(connection, t.question.c.application_id == application_id)


def open_questions(connection: Connection, application_id: int) -> list[QuestionRow]:
    return _questions(
        connection,
        t.question.c.application_id == application_id,
        t.question.c.state.in_(("open", "silent")),
    )


def question(connection: Connection, question_id: int) -> QuestionRow | None:
    found = _questions(connection, t.question.c.id == question_id)
    return found[0] if found else None


def to_remind(connection: Connection, now: datetime, limit: int) -> list[tuple[int, int]]:
    """(question id, application id) of questions whose applicants were silent for long enough."""
    one = t.question.c
    rows = connection.execute(
        select(one.id, one.application_id)
        .where(one.state == "open", one.remind_at <= now)
        .order_by(one.remind_at, one.id)
        .limit(limit)
    )
    return [(row.id, row.application_id) for row in rows]


def add_question(connection: Connection, **values: Any) -> int:
    row = t.question.insert().values(state="open", **values).returning(t.question.c.id)
    return int(connection.execute(row).scalar_one())


def change_question(connection: Connection, question_id: int, **values: Any) -> None:
    connection.execute(update(t.question).where(t.question.c.id == question_id).values(**values))


def settle_questions(
    connection: Connection, application_id: int, state: str, now: datetime, message_id: int | None
) -> int:
    """Every question that is open, or was met with silence. Returns how many."""
    one = t.question.c
    return connection.execute(
        update(t.question)
        .where(one.application_id == application_id, one.state.in_(("open", "silent")))
        .values(state=state, settled_at=now, message_id=message_id, remind_at=None)
    ).rowcount


def drop_questions(connection: Connection, application_id: int, now: datetime) -> int:
    """Nobody waits for an answer to them any more."""
    return settle_questions(connection, application_id, "dropped", now, None)


@dataclass(frozen=True, slots=True)
class CallRow:
    attempt: int
    at: datetime
    by: str
    reached: bool
    note: str = field(repr=False)


def calls(connection: Connection, outbox_id: int) -> list[CallRow]:
    """Attempts to say something on the phone, first to last."""
    columns = [t.call_attempt.c[name] for name in CallRow.__slots__]
    rows = connection.execute(
        select(*columns)
        .where(t.call_attempt.c.outbox_id == outbox_id)
        .order_by(t.call_attempt.c.attempt)
    )
    return [CallRow(*row) for row in rows]


def add_call(connection: Connection, application_id: int, outbox_id: int, one: CallRow) -> None:
    values = {name: getattr(one, name) for name in CallRow.__slots__}
    connection.execute(
        t.call_attempt.insert().values(application_id=application_id, outbox_id=outbox_id, **values)
    )


@dataclass(frozen=True, slots=True)
class ToCall:
    """Something that is still to be said or asked on the phone."""

    outbox_id: int
    application_id: int
    number: str
    purpose: str
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    created_at: datetime
    attempts: int
    last_at: datetime | None


def to_call(connection: Connection, outbox_id: int | None = None) -> list[ToCall]:
    """The phone list, oldest first."""
    made = (
        select(
            t.call_attempt.c.outbox_id,
            func.count().label("attempts"),
            func.max(t.call_attempt.c.at).label("last"),
        )
        .group_by(t.call_attempt.c.outbox_id)
        .subquery()
    )
    chosen = (
        select(
            t.outbox.c.id,
            t.outbox.c.application_id,
            t.application.c.number,
            t.outbox.c.purpose,
            t.outbox.c.recipient,
            t.outbox.c.text,
            t.outbox.c.created_at,
            func.coalesce(made.c.attempts, 0),
            made.c.last,
        )
        .join(t.application, t.application.c.id == t.outbox.c.application_id)
        .outerjoin(made, made.c.outbox_id == t.outbox.c.id)
        .where(t.outbox.c.medium == "phone", t.outbox.c.state == "pending")
        .order_by(t.outbox.c.id)
    )
    if outbox_id is not None:
        chosen = chosen.where(t.outbox.c.id == outbox_id)
    return [ToCall(*row) for row in connection.execute(chosen)]


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter on the print list: ``made``, ``printed``, ``posted`` or ``returned``."""

    outbox_id: int
    application_id: int
    number: str
    purpose: str
    state: str
    sha256: str
    pages: int
    made_at: datetime
    printed_at: datetime | None
    posted_at: datetime | None
    tracking: str


def put_letter(
    connection: Connection,
    outbox_id: int,
    application_id: int,
    sha256: str,
    pages: int,
    now: datetime,
) -> None:
    """Put a letter on the print list; one that lies there already is left as it is."""
    row = insert(connection, t.letter).values(
        outbox_id=outbox_id,
        application_id=application_id,
        state="made",
        sha256=sha256,
        pages=pages,
        made_at=now,
    )
    connection.execute(row.on_conflict_do_nothing())


def letters(connection: Connection, states: Sequence[str]) -> list[LetterRow]:
    """The print list, oldest first."""
    one = t.letter.c
    rows = connection.execute(
        select(
            one.outbox_id,
            one.application_id,
            t.application.c.number,
            t.outbox.c.purpose,
            one.state,
            one.sha256,
            one.pages,
            one.made_at,
            one.printed_at,
            one.posted_at,
            one.tracking,
        )
        .join(t.application, t.application.c.id == one.application_id)
        .join(t.outbox, t.outbox.c.id == one.outbox_id)
        .where(one.state.in_(states))
        .order_by(one.outbox_id)
    )
    return [LetterRow(*row) for row in rows]


def move_letter(
    connection: Connection, outbox_id: int, states: Sequence[str], **values: Any
) -> int | None:
    """Move a letter on; returns its application, None when it is in none of these states."""
    one = t.letter.c
    row = connection.execute(
        update(t.letter)
        .where(one.outbox_id == outbox_id, one.state.in_(states))
        .values(**values)
        .returning(one.application_id)
    ).first()
    return int(row[0]) if row else None


def application_of(connection: Connection, outbox_id: int) -> tuple[int, str] | None:
    """(application id, purpose) of a row of the outbox."""
    row = connection.execute(
        select(t.outbox.c.application_id, t.outbox.c.purpose).where(t.outbox.c.id == outbox_id)
    ).first()
    return (row.application_id, row.purpose) if row else None


@dataclass(frozen=True, slots=True)
class RepresentativeRow:
    id: int
    application_id: int
    kind: str
    name: str = field(repr=False)
    document: str | None
    checked_at: datetime | None
    checked_by: str | None


def representatives(connection: Connection, application_id: int) -> list[RepresentativeRow]:
    """Who acts for the applicant now."""
    one = t.representative.c
    columns = [one[name] for name in RepresentativeRow.__slots__]
    rows = connection.execute(
        select(*columns)
        .where(one.application_id == application_id, one.ended_at.is_(None))
        .order_by(one.id)
    )
    return [RepresentativeRow(*row) for row in rows]


def add_representative(connection: Connection, **values: Any) -> int:
    row = t.representative.insert().values(**values).returning(t.representative.c.id)
    return int(connection.execute(row).scalar_one())


def change_representative(
    connection: Connection, application_id: int, representative_id: int, **values: Any
) -> bool:
    one = t.representative.c
    return bool(
        connection.execute(
            update(t.representative)
            .where(one.id == representative_id, one.application_id == application_id)
            .values(**values)
        ).rowcount
    )


@dataclass(frozen=True, slots=True)
class NoteRow:
    id: int
    text: str = field(repr=False)
    at: datetime
    by: str


def add_note(
    connection: Connection, application_id: int, text: str, *, by: str, now: datetime
) -> int:
    row = t.note.insert().values(application_id=application_id, text=text, at=now, by=by)
    return int(connection.execute(row.returning(t.note.c.id)).scalar_one())


def notes(connection: Connection, application_id: int) -> list[NoteRow]:
    one = t.note.c
    rows = connection.execute(
        select(one.id, one.text, one.at, one.by)
        .where(one.application_id == application_id)
        .order_by(one.id)
    )
    return [NoteRow(*row) for row in rows]
