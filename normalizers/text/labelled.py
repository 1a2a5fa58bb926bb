"""What only its label makes known: policy and claim numbers, and number plates.

Policy and claim numbers have no common format: they are kept as written, in capitals.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from normalizers.text import checks, confusions
from normalizers.text.scan import Hit, Pattern, Scan

_ENDS = r"(?![a-z0-9@/\-]|[.,][0-9]|\s?tl\b)"
_VALUE = rf"([a-z0-9](?<![\w/\-].)(?:[a-z0-9]|[/\-](?=[a-z0-9])){{4,28}}){_ENDS}"
_VALUE_MISREAD = (
    rf"([a-z0-9](?<![\w/\-].)(?:[a-z0-9]|[/\-](?=[a-z0-9])|(?<=[0-9]{{3}}) ?[/\-] ?(?=[0-9]{{3}}))"
    rf"{{4,28}}){_ENDS}"
)
"""Beside its hyphens a fax has blanks."""
_NO = r"(?:no(?:su|m)?|n0|nr|num(?:ber|ara\w{0,8})|#)(?![a-z0-9])"
_JOIN = r"[\s:;.,|=(#\-]{0,5}(?:(?:olan|ise|ile|is|su)\b[\s:]{0,3})?"


class _Form(NamedTuple):
    """What stands around a number, with the number as it is written and as OCR reads it."""

    clean: re.Pattern[str]
    ocr: re.Pattern[str]

    @classmethod
    def of(cls, before: str, after: str = "") -> "_Form":
        return cls(*(re.compile(before + value + after) for value in (_VALUE, _VALUE_MISREAD)))


_POLICY = _Form.of(rf"polic\w{{0,8}}[\s:]{{0,2}}(?:{_NO})?{_JOIN}")
_CLAIM = _Form.of(
    r"(?:hasar|dosya|ihbar|tazminat|claim)(?:\w{0,6}\s(?:dosya|ihbar|kayit|takip))?\w{0,8}"
    rf"\s?(?:{_NO}|ref\w{{0,6}})?{_JOIN}"
)
_CALLED = re.compile(
    r"(?:numarali|nolu|no['’]lu|sayili)(?:\s\w{1,20}){0,3}?\s"
    r"(?:(?P<policy>polic)|(?P<claim>dosya|hasar|ihbar|tazminat|kayit|kaydi)|(?P<letter>yazi))"
)
_CALLED_VALUE = _Form.of("", r"[\s'’)]{0,3}\Z")
_DATE = re.compile(r"[0-9]{1,2}[/\-][0-9]{1,2}[/\-][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}")


def policies(scan: Scan) -> Iterator[Hit]:
    """Policy numbers: behind "Poliçe No", or before "numaralı poliçe"."""
    yield from _behind(scan, ("polic",), _POLICY)
    yield from _before(scan, {"policy": 0.9})


def claims(scan: Scan) -> Iterator[Hit]:
    """Claim file numbers: behind "Hasar Dosya No", or before "sayılı dosya"; a letter's reference
    ("sayılı yazınız") often is one, but need not be."""
    yield from _behind(scan, ("hasar", "dosya", "ihbar", "tazminat", "claim"), _CLAIM)
    yield from _before(scan, {"claim": 0.9, "letter": 0.5})


def _behind(scan: Scan, labels: tuple[str, ...], form: _Form) -> Iterator[Hit]:
    pattern = form.ocr if scan.ocr else form.clean
    for place in scan.places(labels):
        if match := pattern.match(scan.folded, place):
            yield from _number(scan, match.span(1), 0.9)


def _before(scan: Scan, certainty: dict[str, float]) -> Iterator[Hit]:
    pattern = _CALLED_VALUE.ocr if scan.ocr else _CALLED_VALUE.clean
    for place in scan.places(("numarali", "nolu", "no'lu", "no’lu", "sayili")):
        called = _CALLED.match(scan.folded, place)
        if called is None:
            continue
        value = pattern.search(scan.folded, max(0, called.start() - 34), called.start())
        if value and (sure := certainty.get(called.lastgroup or "")):
            yield from _number(scan, value.span(1), sure)


def _number(scan: Scan, span: tuple[int, int], certainty: float) -> Iterator[Hit]:
    value = scan.folded[slice(*span)].replace(" ", "").upper()
    digits = sum(c.isdigit() for c in value)
    if (
        digits >= 5
        and not (_DATE.fullmatch(value) or checks.plate_ok(value))
        and scan.is_free(*span)
    ):
        yield scan.hit(span, value, certainty)


_PLATE = Pattern(
    r"\d(?<!\w.)(?<![.,/\-:].)\d[ .\-]{0,2}\n?([A-Za-zİı|01568ÖÜŞÇĞ]{1,3})"
    r"[ .\-]{0,2}(?:\n(?:[`'’‘.,\-] )?)?\d{2,5}"
    r"(?![\w]|[.,/:\-][0-9]|\s?(?:TL|₺))"
)
_UNIT_WORDS = "TL KM AY YIL NO VE ADET KG CM MM USD EUR TRY GB MB AM PM SN DK SAT YTL CAD SOK"
_UNITS = frozenset(_UNIT_WORDS.split())
"""What stands between two numbers and is no plate."""


def plates(scan: Scan) -> Iterator[Hit]:
    """Number plates. Without the word "plaka" near by, only capitals, and with less certainty."""
    for match in scan.matches(_PLATE):
        labelled = "plaka" in scan.folded[max(0, match.start() - 32) : match.end() + 14]
        raw = re.sub(r"[\s.\-`'’‘,]", "", match[0])
        if checks.plate_ok(raw) and labelled:
            yield scan.hit(match.span(), raw.upper(), 1.0)
        elif checks.plate_ok(raw) and _is_plain(match):
            yield scan.hit(match.span(), raw, 0.8 if raw == match[0] else 0.6)
        elif labelled and (mended := _mended(raw)):
            yield scan.hit(match.span(), mended, 0.8)


def _is_plain(match: re.Match[str]) -> bool:
    return (
        match[1].isascii()
        and match[1].isupper()
        and match[1] not in _UNITS
        and "\n" not in match[0]
    )


def _mended(raw: str) -> str:
    """The plate that needs the fewest characters changed, or ""."""
    province = confusions.as_province(raw[:2])
    ways = (
        province + confusions.as_letters(raw[2:at]).upper() + confusions.as_digits(raw[at:])
        for at in range(3, min(6, len(raw)))
    )
    plates = [way for way in ways if checks.plate_ok(way)]
    return min(plates, key=lambda way: _changes(way, raw), default="")


def _changes(way: str, raw: str) -> int:
    return sum(a != b for a, b in zip(way, raw, strict=True))
