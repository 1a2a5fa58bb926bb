"""How personal data is shown to people who need not read it whole.

The end that stays is enough to tell two values apart while talking about them.
"""

import re
from collections.abc import Callable, Mapping

import phonenumbers

_HIDDEN = "***"


def phone(value: str) -> str:
    """``+905550001233`` as ``0555 *** ** 33``; foreign numbers keep country and end."""
    try:
        number = phonenumbers.parse(value, "TR")
    except phonenumbers.NumberParseException:
        return _HIDDEN  # nothing in it can be told apart from the private part
    digits = phonenumbers.national_significant_number(number)
    if number.country_code == 90 and len(digits) == 10:
        return f"0{digits[:3]} *** ** {digits[-2:]}"
    return f"+{number.country_code} *** {digits[-2:]}"


def identity(value: str) -> str:
    """A TCKN (or VKN) as ``123******50``."""
    digits = re.sub(r"\D", "", value)
    if len(digits) < 10:
        return _HIDDEN
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"


def email(value: str) -> str:
    """``ayse@deneme.com`` as ``a***@d***.com``."""
    local, at, domain = value.partition("@")
    name, dot, ending = domain.rpartition(".")
    if not (local and at and name and dot):
        return _HIDDEN
    return f"{local[0]}***@{name[0]}***.{ending}"


def iban(value: str) -> str:
    """Only the last four: ``TR** … 1326``."""
    plain = value.replace(" ", "")
    return f"{plain[:2]}** … {plain[-4:]}" if len(plain) >= 15 else _HIDDEN


def plate(value: str) -> str:
    """``34ABC123`` as ``34 *** 123``."""
    found = re.fullmatch(r"(\d{2})\s*\w{1,3}?\s*(\d{2,5})", value.strip())
    return f"{found[1]} *** {found[2]}" if found else _HIDDEN


def name(value: str) -> str:
    """``Deneme Kişi`` as ``D*** K***``."""
    return " ".join(f"{word[0]}***" for word in value.split()) or _HIDDEN


def handle(value: str) -> str:
    """``@deneme`` as ``@de***``."""
    plain = value.removeprefix("@")
    return f"@{plain[:2]}***" if len(plain) > 2 else _HIDDEN


_MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": phone,
    "tckn": identity,
    "vkn": identity,
    "email": email,
    "iban": iban,
    "plate": plate,
    "name": name,
    "handle": handle,
}
OPEN = frozenset({"policy", "claim", "date", "amount", "application_number"})
"""Identifiers that name a matter and not a person: shown as they are."""


def masked(kind: str, value: str) -> str:
    """An identifier of the schema (``phone``, ``tckn`` …) as it is shown by default."""
    if kind in OPEN:
        return value
    return _MASKS[kind](value) if kind in _MASKS else _HIDDEN
