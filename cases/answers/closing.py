"""Closing an application with its outcome, and opening it again. ISO 10002 §7.9.

An applicant who does not accept the answer has been told where else to go, and the application can
be opened again at any time; each opening is counted.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cases.answers import clock
from cases.answers.deciding import must_be_free
from cases.answers.mood import voices_dissatisfaction
from cases.answers.office import Office
from cases.answers.rules import Finding, stops
from cases.answers.sending import purpose_of
from cases.answers.standing import CannotDo, taken, taken_open
from normalizers.schema import Message
from storage import answers, closing, contact, events, standing
from storage.answers import AnswerRow
from storage.engine import Connection
from storage.events import Event
from storage.standing import Standing

DECIDED = ("accepted", "partly", "rejected", "informed", "noted")
"""Outcomes that an answer gave: the closing says what the applicant was told."""
TOLD = ("out_of_scope", "referred")
"""Outcomes that the applicant must have been told, in whatever words."""
UNTOLD = ("withdrawn", "duplicate")
"""Outcomes that need no answer of ours, but a reason."""
OUTCOMES = DECIDED + TOLD + UNTOLD

REOPENED_FOR = ("applicant", "verdict", "new_facts", "our_error", "proceeding", "not_delivered")
MAY_VOICE_DISSATISFACTION = ("complaint", "objection", "data_protection", "suggestion", "thanks")


class CannotClose(CannotDo):
    """Something stands against closing it now. ``findings`` say what."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(", ".join(one.code for one in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Closing:
    """``redress`` is what was paid or waived, in kuruş, also out of goodwill after a refusal."""

    outcome: str
    redress: int = 0
    reason: str = field(default="", repr=False)


def close(
    connection: Connection, application_id: int, one: Closing, *, by: str, now: datetime
) -> int:
    """Close an application; returns the closing's id. Raises: CannotClose, CannotDo."""
    to = taken_open(connection, application_id)
    must_be_free(connection, to.id, by)
    findings = _findings(connection, to, one)
    if stops(findings):
        raise CannotClose(findings)
    contact.drop_questions(connection, to.id, now)
    closing_id = closing.close(
        connection,
        application_id=to.id,
        outcome=one.outcome,
        redress=one.redress,
        reason=one.reason.strip(),
        closed_at=now,
        closed_by=by,
    )
    said = closing.newest_verdict(connection, to.id)
    data = {
        "closing": closing_id,
        "outcome": one.outcome,
        "redress": one.redress,
        "verdict": said[0] if said else "no_reply",
    }
    standing.move(connection, to.id, "closed")
    clock.stop(connection, to.id, now=now)
    events.append(connection, [Event(to.id, "closed", by, data)], now)
    return closing_id


def what_stands_against(connection: Connection, application_id: int, one: Closing) -> list[Finding]:
    """What would keep it from being closed. Changes nothing. Raises: CannotDo."""
    return _findings(connection, taken_open(connection, application_id), one)


def reopen(
    connection: Connection,
    application_id: int,
    why: str,
    reason: str,
    office: Office,
    *,
    by: str,
    now: datetime,
) -> None:
    """Open a closed application again. ``why``: one of REOPENED_FOR. Raises: CannotDo."""
    to = taken(connection, application_id)
    must_be_free(connection, to.id, by)
    if to.status != "closed":
        raise CannotDo(f"Application {to.number} is not closed.")
    if why not in REOPENED_FOR:
        raise CannotDo(f"The reason is one of {', '.join(REOPENED_FOR)}.")
    if not reason.strip():
        raise CannotDo("Say why it is opened again.")
    half_days = office.half_day_counts
    _reopen(connection, to, why, reason.strip(), half_days=half_days, by=by, now=now)


def reopen_for_message(
    connection: Connection, to: Standing, message_id: int, *, half_days: bool, now: datetime
) -> None:
    """The applicant wrote again about a closed matter."""
    _reopen(
        connection,
        to,
        "applicant",
        "",
        half_days=half_days,
        by="applicant",
        now=now,
        message_id=message_id,
    )


def verdict(
    connection: Connection,
    application_id: int,
    verdict: str,
    *,
    half_days: bool,
    by: str,
    now: datetime,
    comment: str = "",
) -> None:
    """The applicant accepts the answer or does not, from the status page or told to a colleague.
    ``half_days``: whether half holidays are working days (``[deadlines]``).

    What is not accepted is open again. Raises: CannotDo.
    """
    to = taken(connection, application_id)
    must_be_free(connection, to.id, by)
    if verdict not in ("accepted", "rejected"):
        raise CannotDo("A verdict is accepted or rejected.")
    if to.status not in ("answered", "closed"):
        raise CannotDo(f"Application {to.number} has no answer that could be accepted.")
    closing.add_verdict(connection, to.id, verdict, comment.strip(), by=by, now=now)
    events.append(connection, [Event(to.id, "verdict", by, {"verdict": verdict})], now)
    if verdict == "accepted":
        return
    if to.status == "closed":
        _reopen(connection, to, "verdict", comment.strip(), half_days=half_days, by=by, now=now)
    else:
        standing.move(connection, to.id, "in_progress")
        clock.restart(connection, to.id, half_days=half_days, by=by, now=now)


def close_quiet(connection: Connection, application_id: int, office: Office, now: datetime) -> bool:
    """Close what was answered long ago and met with silence, with the outcome of its answer.
    False when something stands against it: a person looks. Safe to run twice."""
    to = standing.take(connection, application_id)
    if to is None or to.status != "answered":
        return False
    last = _last_sent(connection, to)
    if last is None or (last.sent_at or now) > now - office.quiet_close:
        return False
    one = Closing(last.position, last.redress)
    if stops(_findings(connection, to, one)):
        return False
    close(connection, to.id, one, by="system", now=now)
    return True


def _reopen(
    connection: Connection,
    to: Standing,
    why: str,
    reason: str,
    *,
    half_days: bool,
    by: str,
    now: datetime,
    message_id: int | None = None,
) -> None:
    values = {
        "reopened_at": now,
        "reopened_by": by,
        "reopened_for": why,
        "reopen_reason": reason,
    }
    closing.reopen(connection, to.id, **values)
    standing.move(connection, to.id, "in_progress")
    data = {"reason": why, "by": by} | ({"message": message_id} if message_id else {})
    events.append(connection, [Event(to.id, "reopened", by, data)], now)
    clock.restart(connection, to.id, half_days=half_days, by=by, now=now)


def _findings(connection: Connection, to: Standing, one: Closing) -> list[Finding]:
    """Everything that stands against closing it like this."""
    if one.outcome not in OUTCOMES or one.redress < 0:
        return [Finding("outcome", one.outcome)]
    findings = [Finding("type")] if to.type == "unclassified" else []
    if one.outcome in UNTOLD and not one.reason.strip():
        findings.append(Finding("why"))
    if one.outcome == "noted" and to.type not in ("suggestion", "thanks"):
        findings.append(Finding("outcome", one.outcome))
    return [
        *findings,
        *_retype(connection, to),
        *_answered(connection, to, one.outcome),
        *_unfinished(connection, to),
    ]


def _retype(connection: Connection, to: Standing) -> list[Finding]:
    """A request that voices dissatisfaction is a complaint: it is counted as one."""
    if to.type in MAY_VOICE_DISSATISFACTION or to.type == "unclassified":
        return []
    said = standing.said(connection, to.id)
    texts = (Message.model_validate(message.document).written for message in said)
    words = [word for text in texts for word in voices_dissatisfaction(text)]
    return [Finding("retype", words[0])] if words else []


def _answered(connection: Connection, to: Standing, outcome: str) -> list[Finding]:
    needed = outcome in TOLD or (outcome in DECIDED and outcome != "noted")
    last = _last_sent(connection, to)
    if last is None:
        return [Finding("unanswered")] if needed else []
    if outcome in DECIDED and last.position != outcome:
        return [Finding("told_otherwise", last.position)]
    purposes = {row["purpose"] for row in answers.undelivered(connection, [to.id])}
    current = purpose_of(last.id, last.tries)
    return [Finding("undelivered")] if needed and current in purposes else []


def _last_sent(connection: Connection, to: Standing) -> AnswerRow | None:
    """The newest answer since it was last opened again."""
    before = [row.reopened_at for row in closing.closings(connection, to.id) if row.reopened_at]
    sent = [one for one in answers.of_application(connection, to.id) if one.state == "sent"]
    if before:
        sent = [one for one in sent if one.sent_at and one.sent_at > before[-1]]
    return max(sent, key=lambda one: (one.sent_at or to.received_at, one.id), default=None)


def _unfinished(connection: Connection, to: Standing) -> list[Finding]:
    states = {one.state for one in answers.of_application(connection, to.id)}
    if states & {"waiting", "calling"}:
        return [Finding("answer_on_its_way")]
    return []
