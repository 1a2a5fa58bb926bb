"""Numbers that carry check digits: IBAN, TCKN, VKN, application number.

The check digits prove them, so they are looked for first. In OCR text a letter among the digits is
put right when exactly one reading passes the check.
"""

import re
from collections.abc import Callable, Iterator

from normalizers.text import checks, confusions
from normalizers.text.scan import Hit, Pattern, Scan

_PROVED, _REPAIRED, _GUESSED = 1.0, 0.9, 0.6
_IBAN = Pattern(r"[Tt](?<!\w.)[Rr][\s:.]{0,2}(?:\d[\s.\-]{0,2}){23}\d(?![0-9])")
_IBAN_MISREAD = Pattern(
    r"(?:[TI71](?<!\w.)[RPKA]|1R)[\s:.]{0,2}(?:(?:\d|/)[\s.,'\-]{0,2}){23,24}\d(?![0-9])"
)
_ELEVEN = Pattern(r"\d(?<!\w.)(?<![0-9][.,/\-].)\d{10}(?!\w|[.,/\-][0-9])")
_ELEVEN_SPACED = Pattern(r"\d(?<!\w.)(?:[ .]?\d){10}(?!\w)")
_TCKN_LABELS = ("kimlik", "tc", "t.c", "t. c", "t c", "vatandas")
_TEN = Pattern(r"\d(?<!\w.)(?<![0-9][.,/\-].)(?: ?\d){9}(?!\w|[.,/\-][0-9])")
_APPLICATION = re.compile(
    r"[2-9](?<!\w.)(?<![0-9./\-].)[0-9](?:([ \-–])[0-9]{4}\1|[0-9]{4})[0-9]{4}(?!\w|[.,/\-][0-9])"
)


def ibans(scan: Scan) -> Iterator[Hit]:
    """Turkish IBANs. A single misread digit is mended where one number alone passes the check."""
    for match in scan.matches(_IBAN_MISREAD if scan.ocr else _IBAN):
        ways = [f"TR{way}" for way in confusions.readings(_strokes(match[0]), length=24)]
        good = _only(ways, checks.iban_ok)
        if good:
            exact = good[2:] in re.sub(r"[^0-9]", "", match[0])
            yield scan.hit(match.span(), good, _PROVED if exact else _REPAIRED)
        elif scan.ocr and ways and (good := _only(_near(ways[0]), checks.iban_ok)):
            yield scan.hit(match.span(), good, _GUESSED)
        else:
            scan.take(*match.span())  # a mistyped IBAN: still, no part of it is a telephone number


def _strokes(raw: str) -> str:
    """Without its two letters. A stroke, elsewhere punctuation, is a misread 7 or 1 in an IBAN."""
    return raw[2:].replace("/", "⁄")


def _near(iban: str) -> list[str]:
    """With one digit changed; every bank of the country has a code below 01000."""
    ways = (f"TR{digits}" for digits in confusions.one_digit_off(iban[2:]))
    return [way for way in ways if way[4:6] == "00"]


def _only(candidates: list[str], ok: Callable[[str], bool]) -> str | None:
    good = {c for c in candidates if ok(c)}
    return good.pop() if len(good) == 1 else None


def tckns(scan: Scan) -> Iterator[Hit]:
    """Identity numbers. One that stands behind another label (order number …) is not one."""
    for match in scan.matches(_ELEVEN):
        yield from _tckn(scan, match)
    spaced = scan.matches(_ELEVEN_SPACED) if scan.places(_TCKN_LABELS) else ()
    for match in spaced:
        if scan.label(*match.span()) == "tckn":
            yield from _tckn(scan, match)


def _tckn(scan: Scan, match: re.Match[str]) -> Iterator[Hit]:
    if not confusions.mostly_digits(match[0]):
        return
    number = _only(confusions.readings(match[0]), checks.tckn_ok)
    label = scan.label(*match.span())
    own = label in {"tckn", "vkn"}
    if number is None or checks.tckn_is_dummy(number):
        return
    if own or not (label and scan.is_numbered(match.start())):
        yield scan.hit(match.span(), number, _certainty(match[0], labelled=own))


def _certainty(raw: str, *, labelled: bool) -> float:
    return (_PROVED if raw.isdigit() else _REPAIRED) - (0.0 if labelled else 0.15)


def vkns(scan: Scan) -> Iterator[Hit]:
    """Tax numbers: ten digits are many things, so only behind their label."""
    if not scan.places(("verg", "vkn", "v.k.n", "v.d", "vd", "tax")):
        return
    for match in scan.matches(_TEN):
        number = _only(confusions.readings(match[0]), checks.vkn_ok)
        if number and confusions.mostly_digits(match[0]) and scan.label(*match.span()) == "vkn":
            yield scan.hit(match.span(), number, _certainty(match[0], labelled=True))


def application_numbers(scan: Scan) -> Iterator[Hit]:
    """Our own numbers, ``26-1994-3644`` or in one piece: year 20 to 99, Damm check digit.

    In one piece and without a label it may be anything, so its certainty is below 0.5.
    """
    for match in _APPLICATION.finditer(scan.text):
        number = re.sub(r"\D", "", match[0])
        if not checks.damm_ok(number) or not scan.is_free(*match.span()):
            continue
        label = scan.label(*match.span())
        if match[1] in {"-", "–"}:
            yield scan.hit(match.span(), number, _PROVED)
        elif label in {"application", ""} and (label or not number.startswith("5")):
            yield scan.hit(match.span(), number, 0.95 if label else 0.4)
