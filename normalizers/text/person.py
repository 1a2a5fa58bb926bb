"""Whom an acknowledgement may go to."""

import re
from collections.abc import Iterator

from normalizers.schema import Identifiers
from normalizers.text import phones

_SURE = 0.8
_SIGNATURE_LINES = 8
"""Non-empty lines at the end of a text in which people write their own number."""

_LABEL = re.compile(
    r"(?:cep|gsm|tel|telefon|telefonum|numaram|mobil|phone|mobile|ileti[şs]im|irtibat)"
    r"[^\n0-9+(]{0,24}$",
    re.IGNORECASE,
)
"""What stands in front of a number that somebody gives as a way to reach him."""


def applicant_phone(
    identifiers: Identifiers, sender_phone: str | None, text: str = ""
) -> str | None:
    """The mobile number, E.164, that an SMS acknowledgement may go to, or None.

    The sender's own number first, when it takes SMS; else the first in ``text`` that is given as a
    way to reach the writer: behind a label, or among the last lines. A number in the middle of a
    sentence may be anybody's. A number nobody has is never taken.
    """
    own = _sms_number(sender_phone) if sender_phone else None
    return own or next(_given(identifiers, text), None)


def _given(identifiers: Identifiers, text: str) -> Iterator[str]:
    ending = _ending(text)
    for phone in identifiers.phone:
        if phone.certainty < _SURE:
            continue
        at = text.find(phone.raw)
        is_own = at < 0 or at >= ending or _LABEL.search(text[max(0, at - 60) : at])
        number = _sms_number(phone.value) if is_own else None
        if number:
            yield number


def _ending(text: str) -> int:
    """Where the last lines begin."""
    lines = [match.start() for match in re.finditer(r"[^\n]*\S[^\n]*", text[-4_000:])]
    before = max(0, len(text) - 4_000)
    return before + (lines[-_SIGNATURE_LINES] if len(lines) >= _SIGNATURE_LINES else 0)


def _sms_number(written: str) -> str | None:
    phone = phones.parse(written)
    if phone is None or not phone.can_sms or phones.is_dummy(phone.e164):
        return None
    return phone.e164
