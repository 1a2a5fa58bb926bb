"""Asking the applicant for what is missing, and what happens when the answer comes, or does not."""

from datetime import datetime

from cases.answers import clock, privacy, texts
from cases.answers.drafting import NotYet
from cases.answers.office import Office
from cases.answers.rules import Finding, stops
from cases.answers.sending import Bells, Post, post, recipient_of
from cases.answers.standing import CannotDo, taken, taken_open
from cases.answers.wording import about, filled, subject_of
from cases.sms.lint import words as sms_words
from cases.sms.segments import best
from storage import contact, events, standing, tasks
from storage.contact import QuestionRow
from storage.engine import Connection
from storage.events import Event
from storage.standing import Standing
from storage.tasks import NewTask

MEDIA = ("email", "sms", "phone", "private", "reply")
"""How a question may be asked. A letter takes days: ask on the phone what a letter would ask."""


def ask(
    connection: Connection,
    application_id: int,
    question: str,
    medium: str,
    office: Office,
    *,
    by: str,
    now: datetime,
    recipient: str = "",
) -> tuple[int, Bells]:
    """Ask; from here on the application waits for the applicant and the internal clock stands
    still, the legal one runs on. Returns the question's id and what to ring for.

    Raises: NotYet when it must not be asked like this, CannotDo.
    """
    to = taken_open(connection, application_id)
    question = question.strip()
    where = recipient or recipient_of(connection, to, medium)
    findings = check_said(question, medium, where, to, office)
    if stops(findings):
        raise NotYet(findings)
    question_id = contact.add_question(
        connection,
        application_id=application_id,
        medium=medium,
        text=question,
        asked_at=now,
        asked_by=by,
        remind_at=now + office.remind_after if office.reminders else None,
    )
    purpose = f"question:{question_id}"
    text = _filled(connection, "question", medium, to, office, question)
    row_id, bells = post(connection, to, _post(text, purpose, medium, to, where), office, now)
    data = {"question": question_id, "medium": medium, "outbox": row_id}
    events.append(connection, [Event(to.id, "asked", by, data)], now)
    standing.move(connection, to.id, "waiting_applicant")
    clock.pause(connection, to.id, by=by, now=now)
    return question_id, bells


def check_question(
    connection: Connection, application_id: int, question: str, medium: str, office: Office
) -> list[Finding]:
    """What stands against asking this in this way. Changes nothing."""
    to = taken_open(connection, application_id)
    return check_said(question.strip(), medium, recipient_of(connection, to, medium), to, office)


def heard(
    connection: Connection,
    to: Standing,
    message_id: int | None,
    *,
    half_days: bool,
    by: str,
    now: datetime,
) -> None:
    """The applicant said something: what was asked counts as answered, and work goes on.

    Whether it is what was asked for, a person sees.
    """
    contact.settle_questions(connection, to.id, "answered", now, message_id)
    data = {} if message_id is None else {"message": message_id}
    events.append(connection, [Event(to.id, "applicant_replied", by, data)], now)
    if to.status in ("waiting_applicant", "answered"):
        standing.move(connection, to.id, "in_progress")
    if to.status == "waiting_applicant":
        clock.resume(connection, to.id, half_days=half_days, by=by, now=now)
    if to.status == "answered":
        clock.restart(connection, to.id, half_days=half_days, by=by, now=now)


def drop(
    connection: Connection, question_id: int, office: Office, *, by: str, now: datetime
) -> None:
    """We no longer need the answer. Raises: CannotDo."""
    found = contact.question(connection, question_id)
    if found is None:
        raise CannotDo(f"There is no question {question_id}.")
    to = taken(connection, found.application_id)
    contact.change_question(
        connection, question_id, state="dropped", settled_at=now, remind_at=None
    )
    waits = to.status == "waiting_applicant"
    if waits and not contact.open_questions(connection, to.id):
        standing.move(connection, to.id, "in_progress")
        half_days = office.half_day_counts
        clock.resume(connection, to.id, half_days=half_days, by=by, now=now)


def remind(connection: Connection, question_id: int, office: Office, now: datetime) -> Bells:
    """The applicant was silent: remind, and after the last reminder leave it to a person.

    Safe to run twice: the question's own row says when the next is due.
    """
    seen = contact.question(connection, question_id)
    if seen is None:
        return {}
    to = taken(connection, seen.application_id)
    question = contact.question(connection, question_id)
    if question is None or question.state != "open" or (question.remind_at or now) > now:
        return {}
    if question.reminders >= office.reminders or question.medium not in ("email", "sms", "private"):
        contact.change_question(connection, question_id, state="silent", remind_at=None)
        data = {"question": question_id}
        events.append(connection, [Event(to.id, "applicant_silent", data=data)], now)
        task = NewTask(
            kind="applicant_silent",
            due_at=now,
            application_id=to.id,
            department=to.department,
            data=data,
        )
        tasks.add(connection, task, now)
        return {}
    return _remind(connection, question, to, office, now)


def _remind(
    connection: Connection, question: QuestionRow, to: Standing, office: Office, now: datetime
) -> Bells:
    count = question.reminders + 1
    text = _filled(connection, "reminder", question.medium, to, office, question.text)
    where = recipient_of(connection, to, question.medium)
    one = _post(text, f"reminder:{question.id}:{count}", question.medium, to, where)
    row_id, bells = post(connection, to, one, office, now)
    contact.change_question(
        connection, question.id, reminders=count, remind_at=now + office.remind_after
    )
    data = {"question": question.id, "medium": question.medium, "outbox": row_id, "again": count}
    events.append(connection, [Event(to.id, "asked", data=data)], now)
    return bells


def check_said(
    question: str, medium: str, where: str, to: Standing, office: Office
) -> list[Finding]:
    """What stands against saying this in this way, to this address."""
    if medium not in MEDIA:
        return [Finding("text", medium)]
    findings = [] if question else [Finding("reasons")]
    if not where:
        findings.append(Finding("recipient", medium))
    if medium in ("sms", "reply"):
        name = to.applicant_name
        kinds = privacy.personal(question, name=name, our_phone=office.phone)
        findings += [Finding("personal", kind) for kind in kinds]
    if medium == "reply":
        findings += [Finding("customer", said) for said in privacy.confirms_customer(question)]
    if medium == "sms":
        rules = {one.rule: one.detail for one in sms_words(question)}
        findings += [Finding(f"sms_{r}", rules[r]) for r in ("address", "reply") if r in rules]
        parts = best(question).parts + 1
        if parts > office.sms_parts:
            findings.append(Finding("sms_parts", str(parts)))
    return findings


def _filled(
    connection: Connection, code: str, medium: str, to: Standing, office: Office, question: str
) -> tuple[str, str]:
    """(text, subject) of a text about a question."""
    text = texts.pick(connection, code, medium, to.language)
    assert text is not None  # shipped for each medium that a question may be asked by
    given = about(to, office, to.language, short=medium == "sms") | {"reasons": question}
    return filled(text, given), subject_of(text, to.number)


def _post(said: tuple[str, str], purpose: str, medium: str, to: Standing, recipient: str) -> Post:
    text, subject = said
    return Post(purpose, medium, to.language, text, recipient, subject=subject)
