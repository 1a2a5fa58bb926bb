"""Whom an acknowledgement may go to."""

from normalizers.schema import Identifiers
from normalizers.text import phones

_SURE = 0.8


def applicant_phone(identifiers: Identifiers, sender_phone: str | None) -> str | None:
    """The mobile number, E.164, that an SMS acknowledgement may go to, or None.

    The sender's own number first, when it takes SMS; else the first in the text that does and
    that was read with certainty. A number nobody has is never taken.
    """
    found = (p.value for p in identifiers.phone if p.certainty >= _SURE)
    candidates = [sender_phone, *found] if sender_phone else list(found)
    return next((number for number in map(_sms_number, candidates) if number), None)


def _sms_number(written: str) -> str | None:
    phone = phones.parse(written)
    if phone is None or not phone.can_sms or phones.is_dummy(phone.e164):
        return None
    return phone.e164
