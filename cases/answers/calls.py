"""What is said or asked on the phone: three attempts at different hours, then another way."""

from dataclasses import dataclass
from datetime import datetime

from cases.answers import texts
from cases.answers.asking import heard
from cases.answers.content import content_of
from cases.answers.office import Office
from cases.answers.sending import CALL, Bells, Post, media_for, post, recipient_of, say_answered
from cases.answers.standing import CannotDo, taken_open
from cases.answers.wording import about, filled, subject_of
from storage import answers, contact, events, tasks
from storage import duties as open_duties
from storage.contact import CallRow
from storage.engine import Connection
from storage.events import Event
from storage.standing import Standing

ANSWER, QUESTION = "answer", "question"


@dataclass(frozen=True, slots=True)
class Called:
    """What came of an attempt.

    ``left``: attempts that are left. ``other_ways``: media to take instead, when none is left.
    """

    attempt: int
    left: int
    other_ways: tuple[str, ...] = ()
    bells: Bells | None = None


def called(
    connection: Connection,
    outbox_id: int,
    *,
    reached: bool,
    note: str,
    office: Office,
    by: str,
    now: datetime,
) -> Called:
    """Note a call. When somebody was reached, what was to be said is said; ``note`` holds what the
    applicant answered to a question. Raises: CannotDo."""
    found = contact.application_of(connection, outbox_id)
    if found is None:
        raise CannotDo(f"There is nothing to call about under {outbox_id}.")
    to = taken_open(connection, found[0])
    if not contact.to_call(connection, outbox_id):
        raise CannotDo("This call was made already.")
    before = contact.calls(connection, outbox_id)
    _other_hour(before, reached, office, now)
    one = CallRow(len(before) + 1, now, by, reached, note.strip())
    contact.add_call(connection, to.id, outbox_id, one)
    data = {"attempt": one.attempt, "reached": reached, "outbox": outbox_id}
    events.append(connection, [Event(to.id, "called", by, data)], now)
    if reached or one.attempt >= office.call_attempts:
        _task_done(connection, to.id, outbox_id, by, now)
    if reached:
        open_duties.settle_by_person(connection, outbox_id, "delivered", "said on the phone", now)
        _said(connection, to, found[1], outbox_id, office, by, now)
        return Called(one.attempt, 0)
    left = office.call_attempts - one.attempt
    if left > 0:
        return Called(one.attempt, left)
    return _given_up(connection, to, found[1], outbox_id, one.attempt, office, now)


def _task_done(
    connection: Connection, application_id: int, outbox_id: int, by: str, now: datetime
) -> None:
    for task in tasks.open_ones(connection, kind=CALL, application_id=application_id):
        if task.data.get("outbox") == outbox_id:
            tasks.done(connection, task.id, by=by, now=now)


def _other_hour(before: list[CallRow], reached: bool, office: Office, now: datetime) -> None:
    """Three attempts within ten minutes are one attempt. Somebody who was reached was reached."""
    if before and not reached and now - before[-1].at < office.call_gap:
        raise CannotDo("The last attempt was a short time ago: call at another hour.")


def _said(
    connection: Connection,
    to: Standing,
    purpose: str,
    outbox_id: int,
    office: Office,
    by: str,
    now: datetime,
) -> None:
    kind, _, rest = purpose.partition(":")
    if kind == QUESTION:
        heard(connection, to, None, half_days=office.half_day_counts, by=by, now=now)
        return
    if kind != ANSWER:
        return
    answer = answers.by_id(connection, int(rest.partition(":")[0]))
    assert answer is not None
    answers.change(connection, answer.id, state="sent", sent_at=now)
    say_answered(connection, answer.id, to, content_of(answer), outbox_id, by=by, now=now)


def _given_up(
    connection: Connection,
    to: Standing,
    purpose: str,
    outbox_id: int,
    attempt: int,
    office: Office,
    now: datetime,
) -> Called:
    """Nobody was reached: an SMS says that we tried, and a person chooses another way."""
    open_duties.settle_by_person(connection, outbox_id, "failed", "not reached on the phone", now)
    kind, _, rest = purpose.partition(":")
    if kind == ANSWER:
        answers.change(connection, int(rest.partition(":")[0]), state="unreached")
    ways = tuple(one for one in media_for(connection, to) if one not in ("phone", "reply"))
    medium = next((one for one in ("sms", "email") if one in ways), None)
    if medium is None:
        return Called(attempt, 0, ways)
    text = texts.pick(connection, "unreached", medium, to.language)
    assert text is not None
    said = filled(text, about(to, office, to.language, short=medium == "sms"))
    where = recipient_of(connection, to, medium)
    subject = subject_of(text, to.number)
    one = Post(f"unreached:{outbox_id}", medium, to.language, said, where, subject=subject)
    _, bells = post(connection, to, one, office, now)
    return Called(attempt, 0, ways, bells)
