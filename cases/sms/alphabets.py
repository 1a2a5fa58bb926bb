"""The alphabets of an SMS: 3GPP TS 23.038 version 18.

One septet is written as one byte here (unpacked); packing eight of them into seven octets is the
work of the SMSC. A letter of an extension table is two bytes, the escape and its code.
"""

from collections.abc import Mapping
from enum import StrEnum


class Encoding(StrEnum):
    """How the characters of one SMS are coded."""

    GSM7 = "gsm7"
    """Default alphabet and its extension table (6.2.1)."""
    TURKISH_LOCKING = "turkish-locking"
    """Turkish locking shift table (A.3.1): ş, ğ, ı, ç and their capitals are one septet each."""
    TURKISH_SINGLE = "turkish-single"
    """Default alphabet with the Turkish single shift table (A.2.1): two septets each."""
    UCS2 = "ucs2"
    """UTF-16, two octets a unit; characters beyond the basic plane take two units."""


ESCAPE = 0x1B

_DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_TURKISH_LOCKING = {
    0x04: "€",
    0x07: "ı",
    0x0B: "Ğ",
    0x0C: "ğ",
    0x1C: "Ş",
    0x1D: "ş",
    0x40: "İ",
    0x60: "ç",
}
_TURKISH_EXTENSION = {
    0x47: "Ğ",
    0x49: "İ",
    0x53: "Ş",
    0x63: "ç",
    0x67: "ğ",
    0x69: "ı",
    0x73: "ş",
}


def _table(basic: str, extension: Mapping[int, str]) -> dict[str, bytes]:
    codes = {char: bytes((ESCAPE, code)) for code, char in extension.items()}
    codes |= {char: bytes((code,)) for code, char in enumerate(basic) if code != ESCAPE}
    return codes


def _replaced(basic: str, changes: Mapping[int, str]) -> str:
    return "".join(changes.get(code, char) for code, char in enumerate(basic))


SEPTETS: Mapping[Encoding, Mapping[str, bytes]] = {
    Encoding.GSM7: _table(_DEFAULT, _EXTENSION),
    Encoding.TURKISH_LOCKING: _table(_replaced(_DEFAULT, _TURKISH_LOCKING), _EXTENSION),
    Encoding.TURKISH_SINGLE: _table(_DEFAULT, _EXTENSION | _TURKISH_EXTENSION),
}
"""For each seven-bit encoding: character to its unpacked septets."""
