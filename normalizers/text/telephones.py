"""Telephone numbers in running text."""

import re
from collections.abc import Iterator
from itertools import islice

from normalizers.text import confusions, phones
from normalizers.text.scan import Hit, Pattern, Scan

_NATIONAL = Pattern(r"(?:[2-5]\d\d|8[0158]\d|900)(?:[\s().\-/]{0,3}\d){7}(?![0-9]|[.,][0-9])")
"""Area or operator code and seven digits, in any grouping."""
_PREFIX = re.compile(
    r"(?<!\w)((?:[+*]\s?|00\s?|\(\+?)?9[0O]\)?[\s().\-/]{0,3}[0O]?|\(?[0Oo])[\s().\-/]{0,3}\Z"
)
_JOINED = re.compile(r"(?:\w|[0-9][./,\-]|\b[A-Z]{1,2}[/\-])\Z")
_GROUPED = re.compile(r"5..[ .\-]...[ .\-]..[ .\-]..")
_IN_ONE = re.compile(r"5..[ .\-]?...[ .\-]?....")
_AMERICAN = re.compile(r"...\)? ?[-.]?...[-.]....")
"""Grouped as in North America, where the same digits are another number."""
_WORD_BELOW = re.compile(r"\n[^0-9(]")
"""The next line begins with a letter: its first word is no part of the number."""
_SHORT = re.compile(
    r"4(?<![\w+].)(?<![0-9][.,/\- ].)44[ .\-]?"
    r"(?:[0-9][ .\-]?[0-9]{3}|[0-9]{2}[ .\-]?[0-9]{2})(?!\w|[.,/\-][0-9])"
)
_FOREIGN = re.compile(r"\+(?!\s?90)[1-9](?:[\s().\-]{0,2}[0-9]){7,14}(?![0-9])")

_MOST_TRIED = 5_000


def telephones(scan: Scan) -> Iterator[Hit]:
    """Turkish numbers in every spelling, 444 numbers, and foreign ones with their ``+``.

    Without 0 or +90 in front, ten digits are a telephone number when something calls them so or
    when they are grouped as one; in one piece they stay below what an SMS is sent to.
    """
    yield from _national(scan)
    for match in _SHORT.finditer(scan.text):
        if scan.is_free(*match.span()):
            labelled = scan.label(*match.span()) == "phone"
            yield from _phone_hit(scan, match.span(), match[0], 1.0 if labelled else 0.7)
    if "+" in scan.text:
        for match in islice(_FOREIGN.finditer(scan.text), _MOST_TRIED):
            if scan.is_free(*match.span()):
                yield from _phone_hit(scan, match.span(), match[0], 1.0)


def _national(scan: Scan) -> Iterator[Hit]:
    pattern = _NATIONAL.ocr if scan.ocr else _NATIONAL.clean
    at = 0
    for _ in range(_MOST_TRIED):
        match = pattern.search(scan.text, at)
        if match is None:
            return
        hits = list(_national_hit(scan, match)) if scan.is_free(*match.span()) else []
        at = match.end() if hits else match.start() + 1
        yield from hits


def _national_hit(scan: Scan, match: re.Match[str]) -> Iterator[Hit]:
    digits = confusions.readings(match[0])[0]
    if scan.ocr and (_WORD_BELOW.search(match[0]) or not confusions.mostly_digits(match[0])):
        return
    prefix = _PREFIX.search(scan.text, max(0, match.start() - 12), match.start())
    start = prefix.start() if prefix else match.start()
    if _goes_on(scan, start):
        return
    certainty = _with_prefix(scan, start) if prefix else _without(scan, match)
    exact = match[0].isascii() and not re.search(r"[^0-9\s().\-/]", match[0])
    yield from _phone_hit(
        scan, (start, match.end()), f"+90{digits}", certainty if exact else certainty * 0.8
    )


def _goes_on(scan: Scan, start: int) -> bool:
    """Whether the number is the rest of a longer one, and not of another telephone number."""
    if not _JOINED.search(scan.text, max(0, start - 3), start):
        return False
    return scan.is_free(start - 2, start)  # taken: "0212 333 44 55/0555 111 22 33"


def _with_prefix(scan: Scan, start: int) -> float:
    label = scan.label(start, start)
    return 0.4 if label not in {"phone", ""} and scan.is_numbered(start) else 1.0


def _without(scan: Scan, match: re.Match[str]) -> float:
    label = scan.label(*match.span())
    if label == "phone":
        return 0.7 if _AMERICAN.fullmatch(match[0]) else 1.0
    if label and scan.is_numbered(match.start()):
        return 0.0
    if match[0][3] == ")" and scan.text[match.start() - 1 : match.start()] == "(":
        return 0.6 if _AMERICAN.fullmatch(match[0]) else 0.9
    if _GROUPED.fullmatch(match[0]):
        return 0.8
    return 0.6 if match[0].startswith("5") and _IN_ONE.fullmatch(match[0]) else 0.0


def _phone_hit(scan: Scan, span: tuple[int, int], number: str, certainty: float) -> Iterator[Hit]:
    phone = phones.parse(number) if certainty else None
    if phone and not phones.is_dummy(phone.e164):
        known = 1.0 if phone.certain else 0.9
        yield scan.hit(span, phone.e164, round(certainty * known, 2))
