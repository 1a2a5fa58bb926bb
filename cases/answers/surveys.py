"""How satisfied applicants are with the handling (ISO 10002 §8.3): asked once, by a link in a mail
or by SMS, where the installation allows it.

The link carries a random token; of it only a hash is kept as long as the survey is, and the mail's
own row until it is erased. It can be used once, and not after its time.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

from cases.answers import texts
from cases.answers.office import Office
from cases.answers.sending import Bells, Post, post, recipient_of
from cases.answers.standing import taken
from cases.answers.wording import about, filled, in_days, subject_of
from config.clock import local_date
from config.errors import BasvuruError
from normalizers.clean import storable_text
from storage import closing, events
from storage.closing import ClosingRow, SurveyRow
from storage.engine import Connection
from storage.events import Event
from storage.standing import Standing

PATH = "/anket/"
"""Where the public page of a survey lies; the token follows."""
LONGEST = 2000
"""Characters of a comment that are kept."""
_NEVER = ("duplicate", "withdrawn")


class NoSuchSurvey(BasvuruError):
    """The link is unknown, was used, or is too old: the page says so, and no more."""


@dataclass(frozen=True, slots=True)
class Answers:
    """``score`` 1 to 5 (CSAT), ``recommends`` 0 to 10 (NPS) or None, and what they add."""

    score: int
    recommends: int | None = None
    comment: str = ""

    def __post_init__(self) -> None:
        if self.score not in range(1, 6) or self.recommends not in (None, *range(11)):
            raise ValueError("a mark outside its scale")


def invite(
    connection: Connection, application_id: int, office: Office, now: datetime
) -> Bells | None:
    """Ask one applicant after a closing; None when they are not to be asked. Safe to run twice:
    a closing has one survey."""
    to = taken(connection, application_id)
    holds = [one for one in closing.closings(connection, to.id) if one.reopened_at is None]
    if not holds or not _may_ask(connection, to, holds[-1], office, now):
        return None
    way = _way(connection, to, office)
    return _send(connection, to, holds[-1], way, office, now) if way else None


def find(connection: Connection, token: str, now: datetime) -> SurveyRow:
    """The open survey behind a link. Raises: NoSuchSurvey."""
    found = closing.survey_by_token(connection, _hash(token))
    if found is None or found.answered_at or found.expires_at < now:
        raise NoSuchSurvey("This survey is not open.")
    return found


def answer(connection: Connection, token: str, given: Answers, now: datetime) -> None:
    """What the applicant says on the page. Raises: NoSuchSurvey."""
    _answer(connection, find(connection, token, now), given, now)


def answered_by_sms(connection: Connection, to: Standing, text: str, now: datetime) -> bool:
    """An SMS with the number and a mark is the answer to a survey by SMS, and opens nothing."""
    found = closing.open_survey(connection, to.id, "sms")
    mark = mark_in(text, to.number)
    if found is None or found.answered_at or found.expires_at < now or mark is None:
        return False
    _answer(connection, found, Answers(mark), now)
    return True


def mark_in(text: str, number: str) -> int | None:
    """5 of ``26-1994-3644 5``; None when something else stands there."""
    if any(char.isalpha() for char in text):
        return None
    digits = "".join(char for char in text if char.isdecimal())
    rest = digits.replace(number, "", 1)
    return int(rest) if len(rest) == 1 and rest in "12345" else None


def _answer(connection: Connection, found: SurveyRow, given: Answers, now: datetime) -> None:
    taken(connection, found.application_id)
    values = {
        "score": given.score,
        "recommends": given.recommends,
        "comment": storable_text(given.comment)[:LONGEST].strip(),
        "token_hash": None,
    }
    if not closing.answer_survey(connection, found.id, now, **values):
        raise NoSuchSurvey("This survey is not open.")
    data = {"survey": found.id, "score": given.score, "recommends": given.recommends}
    event = Event(found.application_id, "survey_answered", "applicant", data)
    events.append(connection, [event], now)


def _may_ask(
    connection: Connection, to: Standing, held: ClosingRow, office: Office, now: datetime
) -> bool:
    if not office.survey or to.type == "data_protection" or held.outcome in _NEVER:
        return False
    if closing.proceedings(connection, to.id):
        return False  # whoever is before a court is not asked whether they are satisfied
    since = now - office.survey_rest
    return not closing.asked_lately(connection, to.applicant_email, to.applicant_phone, since)


@dataclass(frozen=True, slots=True)
class _Way:
    """How somebody is asked; ``token`` is empty for an SMS, which has no link."""

    medium: str
    recipient: str = field(repr=False)
    token: str = field(default="", repr=False)


def _way(connection: Connection, to: Standing, office: Office) -> _Way | None:
    if email := recipient_of(connection, to, "email"):
        return _Way("email", email, token_urlsafe(16))
    if to.applicant_phone and office.survey_sms_number:
        return _Way("sms", to.applicant_phone)
    return None


def _send(
    connection: Connection, to: Standing, held: ClosingRow, way: _Way, office: Office, now: datetime
) -> Bells:
    expires_at = now + office.survey_valid
    survey_id = closing.add_survey(
        connection,
        application_id=to.id,
        closing_id=held.id,
        medium=way.medium,
        token_hash=_hash(way.token) if way.token else None,
        sent_at=now,
        expires_at=expires_at,
    )
    text = texts.pick(connection, "survey", way.medium, to.language)
    assert text is not None  # shipped for both
    given = about(to, office, to.language, short=way.medium == "sms")
    given["until"] = in_days(local_date(expires_at), to.language)
    if way.token:
        given["link"] = f"{office.base_url}{PATH}{way.token}"
    else:
        given["phone"] = office.survey_sms_number
    said, subject = filled(text, given), subject_of(text, to.number)
    purpose = f"survey:{survey_id}"
    one = Post(purpose, way.medium, to.language, said, way.recipient, subject=subject)
    _, bells = post(connection, to, one, office, now)
    data = {"survey": survey_id, "medium": way.medium}
    events.append(connection, [Event(to.id, "survey_sent", data=data)], now)
    return bells


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def due(connection: Connection, office: Office, now: datetime, limit: int) -> list[int]:
    """Applications whose applicants are to be asked now."""
    if not office.survey:
        return []
    closed_before = now - office.survey_after
    found = closing.to_survey(connection, closed_before, closed_before - office.survey_valid, limit)
    return [application_id for _, application_id in found]
