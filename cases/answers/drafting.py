"""An answer on its way: drafted, checked, approved where a rule asks for it, sent."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.answers import approval, authority, texts
from cases.answers.content import Content, Way, content_of, with_way
from cases.answers.deciding import must_be_free
from cases.answers.office import Office
from cases.answers.rules import Facts, Finding, check, stops
from cases.answers.sending import Bells, recipient_of, send_answer
from cases.answers.standing import CannotDo, taken_open
from cases.answers.wording import text_of
from cases.routing import service as routing
from config.clock import local_date
from storage import answers, events
from storage.answers import AnswerRow
from storage.engine import Connection
from storage.events import Event
from storage.standing import Standing


class NotYet(CannotDo):
    """The answer lacks something, or says too much. ``findings`` say what."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(", ".join(one.code for one in findings if one.weight == "stops"))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Preview:
    """An answer as it would go, and what stands against it."""

    text: str = field(repr=False)
    recipient: str = field(repr=False)
    findings: list[Finding]
    asks_for_approval: bool


@dataclass(frozen=True, slots=True)
class Submitted:
    """``state``: ``sent`` or ``waiting`` for approval; ``bells``: queue -> outbox ids."""

    state: str
    bells: Bells


def preview(
    connection: Connection, application_id: int, content: Content, office: Office, *, now: datetime
) -> Preview:
    """How an answer would look. Changes nothing. Raises: CannotDo."""
    standing = taken_open(connection, application_id)
    return _preview(connection, standing, content, office, now)


def draft(
    connection: Connection, application_id: int, content: Content, *, by: str, now: datetime
) -> int:
    """Keep a new draft, whole or not; returns its id. Raises: CannotDo."""
    standing = taken_open(connection, application_id)
    must_be_free(connection, application_id, by)
    values = _columns(connection, content) | {
        "application_id": application_id,
        "state": "draft",
        "drafted_at": now,
        "drafted_by": by,
        "changed_at": now,
        "changed_by": by,
    }
    answer_id = answers.add(connection, values)
    _say(connection, standing.id, "answer_drafted", by, now, answer_id, content)
    return answer_id


def change(
    connection: Connection, answer_id: int, content: Content, *, by: str, now: datetime
) -> None:
    """Rewrite a draft. What waited for approval is a draft again. Raises: CannotDo."""
    answer, standing = _taken(connection, answer_id, ("draft", "waiting", "rejected"), by)
    answers.change(
        connection,
        answer_id,
        **_columns(connection, content),
        state="draft",
        changed_at=now,
        changed_by=by,
    )
    if answer.state != "draft":
        _say(connection, standing.id, "answer_drafted", by, now, answer_id, content)


def discard(connection: Connection, answer_id: int, *, now: datetime, by: str) -> None:
    """Give a draft up; it stays to be read. Raises: CannotDo."""
    _taken(connection, answer_id, ("draft", "waiting", "rejected"), by)
    answers.change(connection, answer_id, state="discarded", changed_at=now, changed_by=by)


def submit(
    connection: Connection, answer_id: int, office: Office, *, by: str, now: datetime
) -> Submitted:
    """Send an answer, or hand it to a second person where a rule asks for that.

    Raises: NotYet with what is missing, CannotDo.
    """
    answer, standing = _taken(connection, answer_id, ("draft", "rejected"), by)
    seen = _preview(connection, standing, content_of(answer), office, now)
    if stops(seen.findings):
        raise NotYet(seen.findings)
    if seen.asks_for_approval:
        answers.change(connection, answer_id, state="waiting", text=seen.text)
        return Submitted("waiting", {})
    return Submitted("sent", send_answer(connection, answer, standing, office, by=by, now=now))


def approve(
    connection: Connection,
    answer_id: int,
    office: Office,
    *,
    by: str,
    now: datetime,
) -> Bells:
    """A second person says yes, and the answer goes. Raises: NotYet, CannotDo."""
    answer, standing = _taken(connection, answer_id, ("waiting",), by)
    _second_person(connection, answer, by)
    seen = _preview(connection, standing, content_of(answer), office, now)
    if stops(seen.findings):  # the application changed in the meantime
        raise NotYet(seen.findings)
    answers.change(connection, answer_id, decided_at=now, decided_by=by)
    data = {"answer": answer_id, "by": by}
    events.append(connection, [Event(standing.id, "answer_approved", by, data)], now)
    return send_answer(connection, answer, standing, office, by=by, now=now)


def reject(
    connection: Connection,
    answer_id: int,
    why: str,
    *,
    by: str,
    now: datetime,
) -> None:
    """A second person says no; the author changes the answer. Raises: CannotDo."""
    answer, standing = _taken(connection, answer_id, ("waiting",), by)
    _second_person(connection, answer, by)
    if not why.strip():
        raise CannotDo("Say what has to be changed.")
    answers.change(
        connection,
        answer_id,
        state="rejected",
        decided_at=now,
        decided_by=by,
        decision_note=why.strip(),
    )
    data = {"answer": answer_id, "by": by}
    events.append(connection, [Event(standing.id, "answer_rejected", by, data)], now)


def send_again(
    connection: Connection, answer_id: int, way: Way, office: Office, *, by: str, now: datetime
) -> Bells:
    """The same answer another way, because it did not arrive or nobody was reached. What was
    approved stays approved. Raises: NotYet, CannotDo."""
    answer, standing = _taken(connection, answer_id, ("sent", "calling", "unreached"), by)
    content = with_way(content_of(answer), way)
    seen = _preview(connection, standing, content, office, now)
    if stops(seen.findings):
        raise NotYet(seen.findings)
    answers.change(connection, answer_id, **_columns(connection, content))
    again = answers.by_id(connection, answer_id)
    assert again is not None
    return send_answer(connection, again, standing, office, by=by, now=now)


def _taken(
    connection: Connection, answer_id: int, states: Collection[str], by: str
) -> tuple[AnswerRow, Standing]:
    """The answer with its application locked, read after the lock was given, for somebody who may
    decide about it."""
    found = answers.by_id(connection, answer_id)
    if found is None:
        raise CannotDo(f"There is no answer {answer_id}.")
    standing = taken_open(connection, found.application_id)
    must_be_free(connection, standing.id, by)
    answer = answers.by_id(connection, answer_id)
    assert answer is not None
    if answer.state not in states:
        raise CannotDo(f"Answer {answer_id} is {answer.state}.")
    return answer, standing


def _second_person(connection: Connection, answer: AnswerRow, by: str) -> None:
    may_decide = routing.may_decide(connection, answer.application_id, by.removeprefix("staff:"))
    if why_not := approval.may_approve(answer, by, may_decide=may_decide):
        raise CannotDo(why_not)


def _preview(
    connection: Connection, standing: Standing, content: Content, office: Office, now: datetime
) -> Preview:
    text = texts.pick(connection, content.template, content.medium, content.language)
    recipient = content.recipient or recipient_of(connection, standing, content.medium)
    facts = Facts(
        standing,
        office,
        text,
        recipient,
        now,
        authority.is_unchecked(connection, standing.id),
    )
    findings = check(content, facts)
    rules = answers.approval_rules(connection).values()
    whole = text is not None and not any(f.code in ("position", "remedy_unknown") for f in findings)
    return Preview(
        text_of(text, content, standing, office, local_date(now)) if whole and text else "",
        recipient,
        findings,
        approval.asks_for_approval(
            rules, standing, position=content.position, redress=content.redress
        ),
    )


def _columns(connection: Connection, content: Content) -> dict[str, Any]:
    text = texts.pick(connection, content.template, content.medium, content.language)
    return {
        "medium": content.medium,
        "language": content.language,
        "position": content.position,
        "template": content.template,
        "template_version": text.version if text else 0,
        "reasons": content.reasons,
        "redress": content.redress,
        "remedies": list(content.remedies),
        "recipient": content.recipient,
        "content": content.packed(),
    }


def _say(
    connection: Connection,
    application_id: int,
    kind: str,
    by: str,
    now: datetime,
    answer_id: int,
    content: Content,
) -> None:
    data = {"answer": answer_id, "medium": content.medium, "position": content.position, "by": by}
    events.append(connection, [Event(application_id, kind, by, data)], now)
