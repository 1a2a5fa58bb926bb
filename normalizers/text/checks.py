"""Check digits and formats of Turkish numbers.

Each check takes text, since leading zeros count, and says whether it is well formed. None says
that the number was ever given to anybody.
"""

import re
from functools import reduce

_PLATE = re.compile(
    r"(?:0[1-9]|[1-7]\d|8[01])(?:[A-Z]\d{4,5}|[A-Z]{2}\d{3,4}|[A-Z]{3}\d{2,3})", re.ASCII
)
_IBAN = re.compile(r"TR\d{24}", re.ASCII)
_SAMPLE_TCKN = "10000000146"
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
"""Totally anti-symmetric quasigroup of order 10 (H. Michael Damm, dissertation, 2004)."""


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def tckn_ok(text: str) -> bool:
    """Identity number (T.C. kimlik no.): 11 digits, the last two are check digits."""
    if not _digits(text, 11) or text[0] == "0":
        return False
    d = [int(c) for c in text]
    tenth = (7 * sum(d[0:9:2]) - sum(d[1:8:2])) % 10
    return d[9] == tenth and d[10] == sum(d[:10]) % 10


def tckn_is_dummy(text: str) -> bool:
    """A number that passes the check but is typed by people who do not want to tell theirs."""
    return text == _SAMPLE_TCKN or (len(text) == 11 and len(set(text[:10])) == 1)


def vkn_ok(text: str) -> bool:
    """Tax number (vergi kimlik no.): 10 digits, the last is a check digit."""
    if not _digits(text, 10):
        return False
    return (10 - sum(_vkn_term(int(c), 9 - i) for i, c in enumerate(text[:9]))) % 10 == int(text[9])


def _vkn_term(digit: int, weight: int) -> int:
    t = (digit + weight) % 10
    return (t * 2**weight % 9 or 9) if t else 0


def iban_ok(text: str) -> bool:
    """Turkish IBAN without blanks: TR and 24 digits, ISO 7064 mod 97-10, reserve digit 0."""
    if not _IBAN.fullmatch(text) or text[9] != "0":
        return False
    return int(f"{text[4:]}2927{text[2:4]}") % 97 == 1


def plate_ok(text: str) -> bool:
    """Ordinary number plate, ASCII letters only; blanks, dots, hyphens and case do not matter.
    Official, diplomatic and temporary plates have other forms: a refusal proves nothing."""
    return text.isascii() and bool(_PLATE.fullmatch(re.sub(r"[ .\-]", "", text).upper()))


def damm_digit(digits: str) -> int:
    """Damm check digit of ASCII digits; ``f"{digits}{damm_digit(digits)}"`` passes `damm_ok`."""
    return reduce(lambda state, c: int(_DAMM[state][int(c)]), digits, 0)


def damm_ok(text: str) -> bool:
    """Digits whose last is their Damm check digit."""
    return text.isascii() and text.isdigit() and damm_digit(text) == 0
