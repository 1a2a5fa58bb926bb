"""What must be in an answer, checked before it goes: pure.

Sources: ISO 10002 §7.8 and 7.9 (decision, reasons, recourse), law 5684 article 30 and law 6502
(where a refused applicant may go), the communiqué of 10.03.2018/30356 (answers to data-protection
requests), the Board's decision 2020/966 (nothing personal where others may read).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from cases.answers import privacy
from cases.answers.content import Content
from cases.answers.office import Office
from cases.answers.shipped import LetterText, positions, remedies
from cases.answers.wording import text_of
from cases.sms.lint import words as sms_words
from cases.sms.segments import best
from config.clock import local_date
from storage.standing import Standing

Weight = Literal["stops", "warns"]
REFUSING = ("partly", "rejected")
"""Positions after which an applicant must be told where else to go."""

MAIL_AND_POST = ("email", "letter")


class Finding(NamedTuple):
    """One objection: a code (:mod:`cases.answers.words` says it), what it is about, its weight."""

    code: str
    about: str = ""
    weight: Weight = "stops"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the check must know beside the answer itself."""

    standing: Standing
    office: Office
    text: LetterText | None
    recipient: str = field(repr=False)
    """Where it will go; empty when we have no address of that kind."""
    now: datetime
    unchecked_authority: bool = False
    """Somebody acts for the applicant, and nobody checked the authority."""


def required_remedies(type_: str, position: str) -> tuple[str, ...]:
    """Which remedies an answer must name."""
    if type_ == "data_protection":
        return ("data_board",) if position in REFUSING else ()
    if position in REFUSING:
        return ("internal", "arbitration", "consumer", "regulator")
    return ()


def offered_remedies(type_: str, position: str) -> tuple[str, ...]:
    """Those that a new draft starts with."""
    required = required_remedies(type_, position)
    if required or type_ in ("suggestion", "thanks", "information"):
        return required
    return ("data_board",) if type_ == "data_protection" else ("internal",)


def check(content: Content, facts: Facts) -> list[Finding]:
    """Every objection; the answer may go when none of them stops it."""
    return [
        *_substance(content, facts),
        *_recourse(content, facts),
        *_disclosure(content, facts),
        *_data_protection(content, facts),
        *_form(content, facts),
        *_lateness(content, facts),
    ]


def stops(findings: list[Finding]) -> bool:
    return any(one.weight == "stops" for one in findings)


def _substance(content: Content, facts: Facts) -> Iterator[Finding]:
    if facts.standing.type == "unclassified":
        yield Finding("type")
    if content.position not in positions():
        yield Finding("position")
    words = len(content.reasons.split())
    if not words:
        yield Finding("reasons")
    elif words < 5 and content.position in REFUSING:
        yield Finding("reasons_short")
    if content.position == "rejected" and content.redress:
        yield Finding("redress")


def _recourse(content: Content, facts: Facts) -> Iterator[Finding]:
    unknown = [code for code in content.remedies if code not in remedies()]
    yield from (Finding("remedy_unknown", code) for code in unknown)
    year = local_date(facts.now).year
    if "consumer" in content.remedies and year not in facts.office.consumer_limits:
        yield Finding("limit", str(year))
    if content.medium in ("reply", "sms"):
        if content.position in REFUSING:
            yield Finding("needs_letter", content.medium)
        return
    for code in required_remedies(facts.standing.type, content.position):
        if code not in content.remedies:
            yield Finding("remedy", code)


def _disclosure(content: Content, facts: Facts) -> Iterator[Finding]:
    if facts.unchecked_authority:
        yield Finding("authority")
    if content.medium not in ("reply", "sms"):
        return
    said, name = content.reasons, facts.standing.applicant_name
    kinds = privacy.personal(said, name=name, our_phone=facts.office.phone)
    yield from (Finding("personal", kind) for kind in kinds)
    if content.medium == "reply":
        yield from (Finding("customer", phrase) for phrase in privacy.confirms_customer(said))
        if content.redress:
            yield Finding("personal", "redress")


def _data_protection(content: Content, facts: Facts) -> Iterator[Finding]:
    if facts.standing.type != "data_protection":
        return
    if content.medium not in MAIL_AND_POST:
        yield Finding("data_medium", content.medium)
    subject = content.data_subject
    for part in ("name", "identity", "address", "subject"):
        if subject is None or not getattr(subject, part).strip():
            yield Finding("data_subject", part)
    if not facts.office.address:
        yield Finding("controller")


def _form(content: Content, facts: Facts) -> Iterator[Finding]:
    if facts.text is None:
        yield Finding("text", content.template)
        return
    if content.medium != "letter" and not facts.recipient:
        yield Finding("recipient", content.medium)
    if content.medium == "letter":
        if len(content.address) < 2:
            yield Finding("address")
        if not content.signatories:
            yield Finding("signatory")
    if content.medium == "sms" and content.position in positions():
        yield from _sms(content, facts, facts.text)


def _sms(content: Content, facts: Facts, text: LetterText) -> Iterator[Finding]:
    for one in sms_words(content.reasons):
        if one.rule in ("address", "reply"):
            yield Finding(f"sms_{one.rule}", one.detail)
        elif one.rule == "promotion":
            yield Finding("sms_promotion", one.detail, "warns")
    whole = text_of(text, content, facts.standing, facts.office, local_date(facts.now))
    parts = best(whole).parts
    if parts > facts.office.sms_parts:
        yield Finding("sms_parts", str(parts))


def _lateness(content: Content, facts: Facts) -> Iterator[Finding]:
    due = facts.standing.legal_due_at
    if due and facts.now > due and content.medium != "reply":
        yield Finding("late", weight="warns")
