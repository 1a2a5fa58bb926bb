"""Telling an applicant how it stands: that it takes longer, and why (ISO 10002 §7.3; EIOPA: reason
and date), or that it is examined again."""

from datetime import datetime, timedelta

from cases.answers import texts
from cases.answers.asking import check_said
from cases.answers.drafting import NotYet
from cases.answers.office import Office
from cases.answers.rules import Finding, stops
from cases.answers.sending import Bells, Post, post, recipient_of
from cases.answers.standing import taken_open
from cases.answers.wording import about, filled, subject_of
from storage import answers, closing, events, standing
from storage.engine import Connection
from storage.events import Event

MEDIA = ("email", "sms")
TOLD_WITHIN = timedelta(days=1)
"""Later than this nobody needs to be told that their application is looked at again."""


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


def tell_reopened(
    connection: Connection, closing_id: int, application_id: int, office: Office, now: datetime
) -> Bells:
    """Say that it is examined again, by SMS or by mail; nothing where neither reaches anybody, or
    where it moved on meanwhile. Safe to run twice: each opening is told once."""
    to = standing.take(connection, application_id)
    if to is None or to.status != "in_progress":
        return {}
    if not any(one == closing_id for one, _ in untold(connection, now)):
        return {}
    ways = ((one, recipient_of(connection, to, one)) for one in ("sms", "email"))
    medium, where = next(((one, found) for one, found in ways if found), ("", ""))
    text = texts.pick(connection, "reopened", medium, to.language) if medium else None
    if text is None:
        return {}
    said = filled(text, about(to, office, to.language, short=medium == "sms"))
    subject = subject_of(text, to.number)
    one = Post(f"reopened:{closing_id}", medium, to.language, said, where, subject=subject)
    _, bells = post(connection, to, one, office, now)
    return bells


def untold(connection: Connection, now: datetime, limit: int = 200) -> list[tuple[int, int]]:
    """(closing id, application id) of what was opened again within a day and not told."""
    return closing.reopened_untold(connection, now - TOLD_WITHIN, limit)
