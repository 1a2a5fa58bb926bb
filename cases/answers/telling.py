"""Telling an applicant that it takes longer, and why (ISO 10002 §7.3; EIOPA: reason and date)."""

from datetime import datetime

from cases.answers import texts
from cases.answers.asking import check_said
from cases.answers.drafting import NotYet
from cases.answers.office import Office
from cases.answers.rules import Finding, stops
from cases.answers.sending import Bells, Post, post, recipient_of
from cases.answers.standing import taken_open
from cases.answers.wording import about, filled, subject_of
from storage import answers, events
from storage.engine import Connection
from storage.events import Event

MEDIA = ("email", "sms")


def tell_delay(
    connection: Connection,
    application_id: int,
    why: str,
    medium: str,
    office: Office,
    *,
    by: str,
    now: datetime,
) -> Bells:
    """Say that the examination goes on; ``why`` says the reason and until when (an SMS only says
    that it goes on). No clock stops for it. Raises: NotYet, CannotDo."""
    to = taken_open(connection, application_id)
    where = recipient_of(connection, to, medium)
    findings = check_said(why.strip() or "-", medium, where, to, office)
    if medium not in MEDIA:
        findings.append(Finding("text", medium))
    if stops(findings):
        raise NotYet(findings)
    text = texts.pick(connection, "delay", medium, to.language)
    assert text is not None  # shipped for both media
    given = about(to, office, to.language, short=medium == "sms") | {"reasons": why.strip()}
    count = answers.count_of_purpose(connection, to.id, "delay:") + 1
    said, subject = filled(text, given), subject_of(text, to.number)
    one = Post(f"delay:{count}", medium, to.language, said, where, subject=subject)
    row_id, bells = post(connection, to, one, office, now)
    data = {"medium": medium, "outbox": row_id}
    events.append(connection, [Event(to.id, "delay_told", by, data)], now)
    return bells
