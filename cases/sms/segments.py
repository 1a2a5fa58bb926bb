"""How long an SMS is, and where it is cut.

Length is counted in *units*: septets for the seven-bit encodings, UTF-16 units for UCS-2. A part
of several loses room to the header that joins them again (3GPP TS 23.040, 9.2.3.24.1), and to the
header that names a national table (9.2.3.24.15, .16).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.sms.alphabets import SEPTETS, Encoding


@dataclass(frozen=True, slots=True)
class Limit:
    """Units that fit into an SMS of one part, and into each part of several."""

    single: int
    part: int


LIMITS = {
    Encoding.GSM7: Limit(160, 153),
    Encoding.TURKISH_LOCKING: Limit(155, 149),
    Encoding.TURKISH_SINGLE: Limit(155, 149),
    Encoding.UCS2: Limit(70, 67),
}

BUDGETS = {
    Encoding.GSM7: 155,
    Encoding.TURKISH_LOCKING: 150,
    Encoding.TURKISH_SINGLE: 150,
    Encoding.UCS2: 64,
}
"""Units that we allow ourselves in a text of one part: Turkish operators append an origin code of
about four characters to what companies send."""

_CHEAPEST_FIRST = (Encoding.GSM7, Encoding.TURKISH_LOCKING, Encoding.TURKISH_SINGLE)


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs in one encoding."""

    encoding: Encoding
    units: int
    parts: int


def measure(text: str, encoding: Encoding) -> Segments | None:
    """Units and parts of ``text``; None when it has a character that ``encoding`` lacks."""
    widths = _widths(text, encoding)
    if widths is None:
        return None
    return Segments(encoding, sum(widths), len(list(_cuts(widths, LIMITS[encoding]))))


def best(text: str, *, turkish: bool = True) -> Segments:
    """The plainest encoding that carries ``text``: GSM-7, then a Turkish table, then UCS-2.

    ``turkish``: whether whoever carries it knows the national tables (foreign networks and many
    gateways do not). Raises ValueError for what is no text in Unicode (a lone surrogate).
    """
    for encoding in _CHEAPEST_FIRST if turkish else _CHEAPEST_FIRST[:1]:
        if found := measure(text, encoding):
            return found
    if found := measure(text, Encoding.UCS2):
        return found
    raise ValueError("a lone surrogate cannot be sent")


def split(text: str, encoding: Encoding) -> tuple[str, ...]:
    """The parts in order. Neither an escape pair nor a surrogate pair is cut in two.

    Raises ValueError when ``text`` has a character that ``encoding`` lacks.
    """
    widths = _widths(text, encoding)
    if widths is None:
        raise ValueError(f"the text has a character that {encoding} lacks")
    ends = list(_cuts(widths, LIMITS[encoding]))
    return tuple(text[start:end] for start, end in zip([0, *ends], ends, strict=False))


def _widths(text: str, encoding: Encoding) -> list[int] | None:
    """Units of each character."""
    if encoding is Encoding.UCS2:
        if any("\ud800" <= char <= "\udfff" for char in text):
            return None
        return [1 if char <= "\uffff" else 2 for char in text]
    table = SEPTETS[encoding]
    if not all(char in table for char in text):
        return None
    return [len(table[char]) for char in text]


def _cuts(widths: list[int], limit: Limit) -> Iterator[int]:
    """The index after the last character of each part. An empty text is one part."""
    if sum(widths) > limit.single:
        room = limit.part
        for index, width in enumerate(widths):
            if width > room:
                yield index
                room = limit.part
            room -= width
    yield len(widths)
