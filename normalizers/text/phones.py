"""Telephone numbers as people write them, to E.164 and to what can be done with them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberType as Library

PhoneType = Literal["mobile", "fixed", "voip", "uan", "toll_free", "premium", "unknown"]


@dataclass(frozen=True, slots=True)
class Phone:
    """``raw`` as it was written. ``can_sms``: an SMS may be tried. ``certain``: false where the
    form is right but the numbering plan, which ages, does not know the range: try, and flag."""

    raw: str
    e164: str
    type: PhoneType
    can_sms: bool
    certain: bool


_TYPES: dict[int, PhoneType] = {
    Library.MOBILE: "mobile",
    Library.FIXED_LINE_OR_MOBILE: "mobile",  # abroad only (NANP): nobody can tell, so try
    Library.FIXED_LINE: "fixed",
    Library.VOIP: "voip",
    Library.UAN: "uan",
    Library.TOLL_FREE: "toll_free",
    Library.PREMIUM_RATE: "premium",
}
_WRITTEN = re.compile(r"(?:tel:)?\s*([+\d][\d\s().\-/]{4,30}|\([\d\s().\-/+]{5,30})", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*[,;(]?\s*(?:dahili|dahl?|ext|x|iç hat)\b.{0,12}$", re.IGNORECASE)
_TURKISH_MOBILE = re.compile(r"\+905\d{9}", re.ASCII)


def parse(raw: str, region: str = "TR") -> Phone | None:
    """The number in ``raw`` (nothing but a number: no words around it), or None.

    ``region`` (ISO 3166) is where a number without country code is at home.
    """
    text = _EXTENSION.sub("", unicodedata.normalize("NFKC", raw[:60]).strip())
    written = _WRITTEN.fullmatch(text)
    if not written:
        return None
    digits = "".join(str(unicodedata.digit(c)) for c in written[1] if c.isdigit())
    known = _look_up("+" * written[1].startswith("+") + digits, region)
    return Phone(raw, *known) if known else None


@lru_cache(maxsize=4096)
def _look_up(number: str, region: str) -> tuple[str, PhoneType, bool, bool] | None:
    """(E.164, type, can_sms, certain) of ASCII digits. Cached: the library takes 30 µs a number."""
    if not 7 <= len(number) <= 18:
        return None
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None  # no number is an answer, not a failure
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    kind = phonenumbers.number_type(parsed)
    if kind == Library.UNKNOWN and _TURKISH_MOBILE.fullmatch(e164):
        return e164, "mobile", True, False
    if kind == Library.UNKNOWN:
        return None
    name = _TYPES.get(kind, "unknown")
    return e164, name, name == "mobile", True


def is_dummy(e164: str) -> bool:
    """A well-formed number that nobody has, as 0555 555 55 55 and 0532 000 00 00."""
    return len(set(e164[-7:])) == 1
