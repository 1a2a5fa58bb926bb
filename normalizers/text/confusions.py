"""Characters that OCR takes for digits, and back.

A repair is only ever a proposal: the finder keeps it when a check digit or an exact format proves
that one reading, and one alone, is right.
"""

import re
from itertools import islice, product

_DIGITS_FOR = {
    **dict.fromkeys("OoQDÖö°©®", "0"),
    **dict.fromkeys("Iıliİ|!][", "1"),
    **dict.fromkeys("Zz", "2"),
    **dict.fromkeys("Ss§$Ş", "5"),
    **dict.fromkeys("B&", "83"),
    **dict.fromkeys("Gb", "6"),
    **dict.fromkeys("gq", "9"),
    "A": "4",
    "T": "7",
    "?": "72",
    "⁄": "71",
}
_LIKELIEST = str.maketrans({misread: digits[0] for misread, digits in _DIGITS_FOR.items()})
_LETTERS_FOR = str.maketrans("01|!l8562427İıÖÜŞÇĞ§", "OIIIIBSGZAZTIIOUSCGS")
_SHAPES = {
    "0": "869",
    "1": "74",
    "2": "7",
    "3": "85",
    "4": "1",
    "5": "638",
    "6": "850",
    "7": "12",
    "8": "3605",
    "9": "80",
}
"""Digits that bad print turns into one another."""

DIGIT = "[0-9" + re.escape("".join(_DIGITS_FOR)) + "]"
"""Regular expression for a character that may have been a digit."""
_PUNCTUATION = re.compile(r"[\s.,:'’+\-/()]")
_MOST_READINGS = 64


def readings(raw: str, length: int = 0) -> list[str]:
    """All ways to read ``raw`` as digits (blanks and punctuation dropped), the likeliest first;
    none when it holds a character that is never taken for a digit. With a ``length``, a character
    too many is one that OCR set beside the digit it stands for: each letter is left out in turn."""
    body = _PUNCTUATION.sub("", raw)
    if body.isascii() and body.isdigit():
        return [body]
    if length and len(body) == length + 1:
        shorter = (body[:i] + body[i + 1 :] for i, c in enumerate(body) if not c.isdigit())
        return [way for one in shorter for way in _readings(one)]
    return _readings(body)


def _readings(body: str) -> list[str]:
    choices = [c if c in "0123456789" else _DIGITS_FOR.get(c, "") for c in body]
    return ["".join(way) for way in islice(product(*choices), _MOST_READINGS)]


def as_digits(raw: str) -> str:
    """The likeliest reading, all other characters as they stand."""
    return raw.translate(_LIKELIEST)


def as_province(raw: str) -> str:
    """As `as_digits`, for the two digits a number plate begins with: there a T is the letter that
    follows, and no seven."""
    return raw if re.search("[TA?gq&]", raw) else as_digits(raw)


def as_letters(raw: str) -> str:
    """Capital letters, where digits and Turkish letters stand that no number plate has."""
    return raw.translate(_LETTERS_FOR)


def one_digit_off(digits: str) -> list[str]:
    """Every number that differs in one digit which print makes look like the other."""
    return [
        digits[:i] + other + digits[i + 1 :] for i, c in enumerate(digits) for other in _SHAPES[c]
    ]


def mostly_digits(raw: str) -> bool:
    """At most three characters, and fewer than a third, are not digits: a number, not a word."""
    body = _PUNCTUATION.sub("", raw)
    odd = sum(not c.isdigit() for c in body)
    return odd <= 3 and odd * 3 < len(body)
