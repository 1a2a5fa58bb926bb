"""An answer in words: pure, from its parts and a text."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from cases.answers.content import Content, DataSubject
from cases.answers.office import Office
from cases.answers.shipped import LetterText, known_language, positions, remedies
from cases.number import shown
from cases.sms.transliterate import for_sms
from config.clock import local_date
from normalizers.text.turkish import MONTHS, title_tr
from storage.standing import Standing

_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
_INNER_BLANKS = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")


def in_days(day: date, language: str) -> str:
    """``25 Kasım 2026``, ``25 November 2026``."""
    months = _ENGLISH_MONTHS if language == "en" else MONTHS
    return f"{day.day} {months[day.month - 1]} {day.year}"


def in_money(kurus: int) -> str:
    """``1.234,50`` from kuruş; whole lira without decimals."""
    lira, rest = divmod(kurus, 100)
    whole = f"{lira:,}".replace(",", ".")
    return f"{whole},{rest:02d}" if rest else whole


def salutation(name: str | None, language: str) -> str:
    """Without guessing whether somebody is Bay or Bayan."""
    if not name:
        return "Dear applicant," if language == "en" else "Sayın ilgili,"
    return f"Dear {title_tr(name)}," if language == "en" else f"Sayın {title_tr(name)},"


def text_of(
    text: LetterText, content: Content, standing: Standing, office: Office, today: date
) -> str:
    """The answer as it is sent."""
    return filled(text, values(content, standing, office, today))


def filled(text: LetterText, given: Mapping[str, str]) -> str:
    """A text with its placeholders filled in; what stays empty leaves no gap."""
    out = text.body.strip("\n").format_map(given)
    out = _INNER_BLANKS.sub(" ", _TRAILING_BLANKS.sub("", out))
    out = _MANY_BLANK_LINES.sub("\n\n", out).strip()
    return for_sms(out) if text.medium == "sms" else out + "\n"


def values(content: Content, standing: Standing, office: Office, today: date) -> dict[str, str]:
    """Placeholder -> value, for every text."""
    language = known_language(content.language)
    return {
        **about(standing, office, content.language, short=content.medium == "sms"),
        "decision": positions()[content.position][language],
        "redress": _redress(content.redress, language),
        "reasons": content.reasons.strip(),
        "remedies": remedies_paragraph(content.remedies, language, office, today),
        "data_subject": _data_subject(content.data_subject, language, office),
        "signatories": "\n".join(f"{one.name}, {one.title}" for one in content.signatories),
    }


def about(
    standing: Standing, office: Office, language: str, *, short: bool = False
) -> dict[str, str]:
    """What every text may say of an application and of us."""
    return {
        "salutation": salutation(standing.applicant_name, language),
        "number": shown(standing.number),
        "received_on": in_days(local_date(standing.received_at), language),
        "phone": office.phone,
        "company": office.short_name if short else office.company,
        "decision": "",
        "redress": "",
        "reasons": "",
        "remedies": "",
        "data_subject": "",
        "signatories": "",
        "link": "",
        "until": "",
    }


def remedies_paragraph(codes: Sequence[str], language: str, office: Office, today: date) -> str:
    """Where an applicant may go who is not satisfied; empty without ``codes``."""
    if not codes:
        return ""
    limit = office.consumer_limits.get(today.year)
    given = {
        "phone": office.phone,
        "year": str(today.year),
        "limit": in_money(limit) if limit else "…",
    }
    said = [remedies()[code][known_language(language)].format_map(given) for code in codes]
    head = (
        "If you do not agree with our decision:"
        if language == "en"
        else "Kararımıza katılmıyorsanız:"
    )
    return "\n".join((head, *(f"- {one}" for one in said)))


def _redress(kurus: int, language: str) -> str:
    if not kurus:
        return ""
    amount = in_money(kurus)
    return f"We pay you TRY {amount}." if language == "en" else f"Size {amount} TL ödenecektir."


def _data_subject(one: DataSubject | None, language: str, office: Office) -> str:
    """Controller, applicant and subject, as the communiqué on applications wants them."""
    if one is None:
        return ""
    labels = (
        ("Controller", "Applicant", "Identity number", "Address", "Subject")
        if language == "en"
        else ("Veri sorumlusu", "Başvuran", "Kimlik numarası", "Adres", "Konu")
    )
    controller = ", ".join((office.company, *office.address))
    given = (controller, one.name, one.identity, one.address, one.subject)
    return "\n".join(f"- {label}: {value}" for label, value in zip(labels, given, strict=True))


def subject_of(text: LetterText, number: str) -> str:
    """Subject of a mail; the bracket brings an answer to it back into the application."""
    return f"{text.subject} [{shown(number)}]"
