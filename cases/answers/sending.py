"""From an answer to the outbox: where it goes, from which address, and after what."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from cases.acknowledgement import quiet_end
from cases.answers import clock, texts
from cases.answers.content import Content, File, content_of
from cases.answers.office import Office
from cases.answers.wording import in_days, subject_of, text_of
from cases.channel_replies import PRIVATE, PUBLIC
from config.clock import local_date
from normalizers.schema import Message
from storage import answers, contact, events, outbox, standing, tasks
from storage import duties as open_duties
from storage.answers import AnswerRow
from storage.engine import Connection
from storage.events import Event
from storage.outbox import NewOutbox
from storage.standing import Standing
from storage.tasks import NewTask

Bells = Mapping[str, Sequence[int]]
"""Queue -> outbox ids to ring for, after the commit."""

CALL = "call_applicant"
"""Kind of the task to phone somebody; its data names the row of the outbox."""

IN_CHANNEL = (PUBLIC, PRIVATE)
"""Media that are the channel's own: see :mod:`cases.channel_replies`."""

RUNG = ("sms", "email", "letter", PUBLIC, PRIVATE)
"""Media that a stage of ours hands over; a phone call is made by a person."""


@dataclass(frozen=True, slots=True)
class Post:
    """One thing that goes to the applicant."""

    purpose: str
    medium: str
    language: str
    text: str = field(repr=False)
    recipient: str = field(repr=False)
    subject: str = field(default="", repr=False)
    files: tuple[File, ...] = ()
    letter: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Of a letter: address lines, signatories, dates; see workers/senders/letters.py."""
    message_id: int | None = None


def post(
    connection: Connection, to: Standing, one: Post, office: Office, now: datetime
) -> tuple[int, Bells]:
    """Write what is owed. Returns the outbox id and what to ring for after the commit."""
    held = quiet_end(now, office.quiet) if one.medium == "sms" else None
    thread = _thread(connection, to, office) if one.medium == "email" else _Thread("")
    row = NewOutbox(
        application_id=to.id,
        purpose=one.purpose,
        medium=one.medium,
        recipient=one.recipient,
        language=one.language,
        text=one.text,
        state="pending",
        detail="held until the quiet hours end" if held else "",
        due_at=held or now,
        trace=outbox.new_reference(),
        in_reply_to=thread.newest,
        answers=_answered(connection, to, one) if one.medium in IN_CHANNEL else None,
        envelope=_envelope(one, thread),
    )
    row_id = outbox.owe(connection, row, now)
    if one.medium == "phone":
        task = NewTask(
            kind=CALL,
            due_at=now,
            application_id=to.id,
            department=to.department,
            data={"outbox": row_id},
        )
        tasks.add(connection, task, now)
    rings = one.medium in RUNG and not held
    return row_id, {one.medium: [row_id]} if rings else {}


def send_answer(
    connection: Connection,
    answer: AnswerRow,
    to: Standing,
    office: Office,
    *,
    by: str,
    now: datetime,
) -> Bells:
    """An answer that was checked, and approved where it had to be, goes out.

    What is said on the phone is *answered* when somebody was reached (:mod:`cases.answers.calls`).
    """
    content = content_of(answer)
    text = texts.pick(connection, content.template, content.medium, content.language)
    assert text is not None  # the check saw it
    said = text_of(text, content, to, office, local_date(now))
    if answer.tries:
        last, how = purpose_of(answer.id, answer.tries), f"sent again: {content.medium}"
        open_duties.supersede(connection, to.id, last, how, now)
    one = Post(
        purpose=purpose_of(answer.id, answer.tries + 1),
        medium=content.medium,
        language=content.language,
        text=said,
        recipient=content.recipient or recipient_of(connection, to, content.medium),
        subject=subject_of(text, to.number),
        files=content.files,
        letter=_letter(content, text.subject, to, now),
        message_id=content.message_id,
    )
    row_id, bells = post(connection, to, one, office, now)
    answers.change(
        connection,
        answer.id,
        state="calling" if content.medium == "phone" else "sent",
        text=said,
        sent_at=now,
        tries=answer.tries + 1,
        recipient=one.recipient,
        medium=content.medium,
    )
    if content.medium != "phone":
        say_answered(connection, answer.id, to, content, row_id, by=by, now=now)
    return bells


def purpose_of(answer_id: int, attempt: int) -> str:
    """The purpose in the outbox of an answer's first, second, ... way."""
    return f"answer:{answer_id}" + (f":{attempt}" if attempt > 1 else "")


def say_answered(
    connection: Connection,
    answer_id: int,
    to: Standing,
    content: Content,
    outbox_id: int,
    *,
    by: str,
    now: datetime,
) -> None:
    """The application is answered: status and history. Open questions are no longer waited for."""
    contact.drop_questions(connection, to.id, now)
    standing.move(connection, to.id, "answered")
    clock.stop(connection, to.id, now=now)
    data = {
        "answer": answer_id,
        "medium": content.medium,
        "position": content.position,
        "by": by,
        "outbox": outbox_id,
    }
    events.append(connection, [Event(to.id, "answered", by, data)], now)


def recipient_of(connection: Connection, to: Standing, medium: str) -> str:
    """Where an applicant is reached by this medium; empty where we do not know."""
    if medium == "email":
        return _newest_mail_address(connection, to) or to.applicant_email or ""
    if medium in ("sms", "phone"):
        return to.applicant_phone or ""
    if medium in ("private", "reply"):
        return _newest_handle(connection, to)
    return ""


def media_for(connection: Connection, to: Standing) -> list[str]:
    """By which media this applicant can be answered, the channel of the application first."""
    media = [
        m for m in ("email", "sms", "phone", "private", "reply") if recipient_of(connection, to, m)
    ]
    media.append("letter")
    first = {"email": "email", "fax": "letter", "post": "letter"}.get(to.kind, "private")
    return sorted(media, key=lambda medium: medium != first)


@dataclass(frozen=True, slots=True)
class _Thread:
    """What ties a mail of ours to the conversation."""

    from_address: str
    newest: str | None = None
    references: tuple[str, ...] = ()


def _thread(connection: Connection, to: Standing, office: Office) -> _Thread:
    """The newest mail of the applicant decides: its thread, and the address it was sent to."""
    mails = [m for m in _messages(connection, to) if m.mail is not None]
    if not mails:
        return _Thread(office.from_address)
    mail = mails[-1].mail
    assert mail is not None
    ours = (address for address in mail.to if office.owns_email(address))
    before = (*mail.references, mail.message_id) if mail.message_id else mail.references
    return _Thread(next(ours, office.from_address), mail.message_id, tuple(filter(None, before)))


def _envelope(one: Post, thread: _Thread) -> dict[str, Any]:
    if one.medium == "letter":
        return {**one.letter, "subject": one.subject}
    if one.medium != "email":
        return {}
    return {
        "subject": one.subject,
        "from": thread.from_address,
        "references": list(thread.references[-50:]),
        "files": [asdict(file) for file in one.files],
    }


def _letter(content: Content, subject: str, to: Standing, now: datetime) -> dict[str, Any]:
    if content.medium != "letter":
        return {}
    return {
        "title": subject,
        "address": list(content.address),
        "number": to.number,
        "date": in_days(local_date(now), content.language),
        "files": [file.name for file in content.files],
    }


def _messages(connection: Connection, to: Standing) -> list[Message]:
    return [Message.model_validate(one.document) for one in standing.said(connection, to.id)]


def _answered(connection: Connection, to: Standing, one: Post) -> int | None:
    """The post or message that is answered in its channel: the newest where none is named."""
    said = standing.said(connection, to.id)
    ours = [m.id for m in said if Message.model_validate(m.document).social is not None]
    return one.message_id or (ours[-1] if ours else None)


def _newest_mail_address(connection: Connection, to: Standing) -> str:
    found = (m.sender.email for m in reversed(_messages(connection, to)) if m.mail)
    return next(filter(None, found), "")


def _newest_handle(connection: Connection, to: Standing) -> str:
    found = (m.sender.handle for m in reversed(_messages(connection, to)) if m.social)
    return next(filter(None, found), "")
