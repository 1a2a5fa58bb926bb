"""Dates and sums of money as letters write them."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from normalizers.text import confusions
from normalizers.text.scan import Hit, Pattern, Scan
from normalizers.text.turkish import MONTHS, MONTHS_SHORT, fold

_ENGLISH = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = {
    fold(name): number
    for names in (MONTHS, MONTHS_SHORT, _ENGLISH, [m[:3] for m in _ENGLISH])
    for number, name in enumerate(names, start=1)
}
_NUMERIC = Pattern(
    r"\d(?<!\w.)(?<![0-9][./\-].)\d?([./\-])\s?\d\d?\1\s?(?:[12]\d{3}|\d\d)(?![0-9]|[./\-][0-9])"
)
_ISO = re.compile(r"[12](?<!\w.)[0-9]{3}-[01][0-9]-[0-3][0-9](?![0-9\-])")
_NAMED = re.compile(
    r"([0-9](?<!\w.)[0-9]?)[\s.\-]{1,2}([a-z]{3,9})[\s.,\-]{1,2}([12][0-9]{3})(?![0-9])"
)
_DAY_AND_YEAR = re.compile(r"[0-9](?<!\w.)[0-9]?, ?[12][0-9]{3}(?![0-9])")
_MONTH_BEFORE = re.compile(r"\b([a-z]{3,9}) \Z")


def dates(scan: Scan) -> Iterator[Hit]:
    """Dates of the Gregorian calendar, 1900 to 2099, as ISO 8601. Day comes before month; a year of
    two digits is of this century, with less certainty."""
    for match in scan.matches(_NUMERIC):
        day, month, year = re.split(r"[./\-]\s?", match[0])
        yield from _date_hit(scan, match.span(), year, month, day)
    for match in _ISO.finditer(scan.text):
        yield from _date_hit(scan, match.span(), *match[0].split("-"))
    for match in _NAMED.finditer(scan.folded):
        if match[2] in _MONTH:
            yield from _date_hit(scan, match.span(), match[3], str(_MONTH[match[2]]), match[1])
    for match in _DAY_AND_YEAR.finditer(scan.folded):
        month = _MONTH_BEFORE.search(scan.folded, max(0, match.start() - 10), match.start())
        if month and month[1] in _MONTH:
            day, year = match[0].split(",")
            span = month.start(), match.end()
            yield from _date_hit(scan, span, year.strip(), str(_MONTH[month[1]]), day)


def _date_hit(scan: Scan, span: tuple[int, int], year: str, month: str, day: str) -> Iterator[Hit]:
    if not scan.is_free(*span):
        return
    y, m, d = (confusions.as_digits(part) for part in (year, month, day))
    try:
        found = date(int(y) + 2000 * (len(y) == 2), int(m), int(d))
    except ValueError:
        return  # no such day: not a date
    if 1900 <= found.year < 2100:
        exact = (year, month, day) == (y, m, d)
        yield scan.hit(
            span, found.isoformat(), (1.0 if exact else 0.8) * (1 if len(y) == 4 else 0.6)
        )


_NUMBER = (
    r"\d(?<![\w][.,].)(?<!\w.)(?:\d{0,2}(?:[., ]\d{3}){1,4}|\d{0,11})(?:[.,]\d{1,2})?(?![0-9])"
)
_NUMBER_ENDS = Pattern(rf"{_NUMBER}\Z")
_MISREAD_NUMBER_ENDS = Pattern(
    r"\d(?<!\w.)\d{0,2}(?:[.,: ]{1,2}\d{3}){1,3}(?: ?[.,:] ?\d{2})?\Z|"
    rf"{_NUMBER}\Z"
)
_CURRENCY = Pattern(
    r"\d\s?(?:(bin|milyon)\s)?(?:TL|₺|TRY|[Tt]ürk [Ll]irası|[Ll]ira|tl|Tl)(?![a-z]{4})"
)
_MISREAD_CURRENCY = Pattern(
    r"\d\s?(?:(bin|milyon)\s)?(?:[Tt][Ll1I|UEİ](?!\w)|₺|TRY|[Tt]ürk [Ll]irası|[Ll]ira)"
)
_SIGN_FIRST = Pattern(rf"(?:₺|TL(?<!\w..)(?<![0-9] TL)) ?({_NUMBER})")
_UNNAMED = Pattern(r"\d(?<!\w.)(?<![0-9][.,].)\d{0,2}(?:\.\d{3}){1,4},\d\d(?![0-9]|[.,][0-9])")
_TIMES = {"bin": 1_000, "milyon": 1_000_000}
_LONGEST = 30
_IN_FULL = re.compile(r"[0-9]{1,3}(?:[., ][0-9]{3})+[.,] ?[0-9]{2}")
_ONE_PIECE = re.compile(r"[0-9]{7,11}")
_MOST_SUMS = 1_000


def amounts(scan: Scan) -> Iterator[Hit]:
    """Sums in lira as plain decimals, two places. Thousands and decimals may be set either way; a
    sum without currency is only taken in the full form ``12.345,67``, and not for certain."""
    hits = list(islice(_sums(scan), _MOST_SUMS))
    in_full = sum(bool(_IN_FULL.fullmatch(hit.identifier.raw)) for hit in hits)
    yield from map(_with_kurus, hits) if scan.ocr and in_full >= 2 else hits


def _with_kurus(hit: Hit) -> Hit:
    """Millions in one piece, on a page that sets all other sums apart: the points were not read."""
    raw = hit.identifier.raw
    if not _ONE_PIECE.fullmatch(raw):
        return hit
    value = f"{int(raw[:-2])}.{raw[-2:]}"
    unsure = {"value": value, "certainty": 0.5}
    return hit._replace(identifier=hit.identifier.model_copy(update=unsure))


def _sums(scan: Scan) -> Iterator[Hit]:
    number = _MISREAD_NUMBER_ENDS.ocr if scan.ocr else _NUMBER_ENDS.clean
    for unit in scan.matches(_MISREAD_CURRENCY if scan.ocr else _CURRENCY):
        last = unit.start() + 1
        if match := number.search(scan.text, max(0, last - _LONGEST), last):
            yield from _sum(scan, match.span(), _TIMES.get(unit[1] or "", 1), 1.0)
    for match in scan.matches(_SIGN_FIRST):
        yield from _sum(scan, match.span(1), 1, 1.0)
    for match in scan.matches(_UNNAMED):
        yield from _sum(scan, match.span(), 1, 0.6)


def _sum(scan: Scan, span: tuple[int, int], times: int, certainty: float) -> Iterator[Hit]:
    raw = scan.text[slice(*span)]
    digits = confusions.as_digits(raw)
    value = _decimal(digits, times)
    if not value or not scan.is_free(*span):
        return
    if digits == raw:
        yield scan.hit(span, value, certainty)
    elif confusions.mostly_digits(raw):
        yield scan.hit(span, value, round(certainty * 0.8, 2))


def _decimal(number: str, times: int) -> str | None:
    split = re.fullmatch(r"([0-9][0-9.,: ]*?)(?: ?[.,:] ?([0-9]{1,2}))?", number)
    if not split:
        return None
    whole = int(re.sub(r"[.,: ]", "", split[1]))
    kurus = (whole * 100 + int((split[2] or "").ljust(2, "0"))) * times
    return f"{kurus // 100}.{kurus % 100:02}"
