"""The application number: ``YY`` + 7 digits + a Damm check digit, shown ``26-1994-3644``.

The digits are a keyed permutation of a gap-free yearly sequence: they read well over the phone,
do not tell how many applications there are, and a typing error is caught (docs/decisions). The
permutation is a four-round Feistel network on 24 bits, walked until it falls below 10^7.
"""

import hmac
from functools import lru_cache

from normalizers.text.checks import damm_digit

LIMIT = 10**7
"""Numbers in one year."""


def number(year: int, sequence: int, key: bytes) -> str:
    """Ten digits for the ``sequence``-th application (from 1) of ``year``.

    Raises: OverflowError above 9,999,999 a year.
    """
    if not 0 < sequence < LIMIT:
        raise OverflowError(f"sequence {sequence} does not fit seven digits")
    digits = f"{year % 100:02d}{_permute(sequence, key + str(year).encode()):07d}"
    return digits + str(damm_digit(digits))


def shown(number: str) -> str:
    """As people read it: ``26-1994-3644``."""
    return f"{number[:2]}-{number[2:6]}-{number[6:]}"


def _permute(value: int, key: bytes) -> int:
    while True:
        left, right = value >> 12, value & 0xFFF
        for index in range(4):
            left, right = right, left ^ _round(key, index, right)
        value = left << 12 | right
        if value < LIMIT:
            return value


@lru_cache(maxsize=32_768)
def _round(key: bytes, index: int, right: int) -> int:
    digest = hmac.digest(key, bytes([index]) + right.to_bytes(2, "big"), "sha256")
    return int.from_bytes(digest[:2], "big") & 0xFFF
