"""E-mail addresses in running text, and what OCR makes of them."""

import re
from collections.abc import Iterator

from normalizers.text.scan import Hit, Scan
from normalizers.text.turkish import lower_tr

_LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_LOCAL = re.compile(r"[\w.+%\-]{1,64}\Z")
_DOMAIN = re.compile(r"(?:[\w\-]{1,63}\.){1,6}[A-Za-z]{2,24}(?!\w)")


def emails(scan: Scan) -> Iterator[Hit]:
    """E-mail addresses, in lower case."""
    yield from _misread(scan) if scan.ocr else _plain(scan)


def _plain(scan: Scan) -> Iterator[Hit]:
    at = scan.text.find("@")
    while at >= 0:
        if scan.text[at - 1 : at].isalnum() and (after := _DOMAIN.match(scan.text, at + 1)):
            before = _LOCAL.search(scan.text, max(0, at - _LONGEST_LOCAL), at)
            start = before.start() if before else at
            raw = scan.text[start : after.end()]
            yield scan.hit(
                (start, after.end()), raw.lower() if raw.isascii() else lower_tr(raw), 1.0
            )
        at = scan.text.find("@", at + 1)


_AT = re.compile(r" ?(?:\(?[@©®€ĝ]|g©|\((?:md|[dgaqo0])(?=\w)|(?<=[a-z0-9])&(?=[a-z])) ?")
_CAPITAL_AT = re.compile(r"(?<=[a-z0-9])[GQ](?=[a-z])")
_LOCAL_MISREAD = re.compile(r"[a-z0-9.+_\-]{0,62}[a-z0-9][a-z0-9_]\Z")
_DOT = r"(?: ?\. ?|[:;,])"
_DOMAIN_MISREAD = re.compile(
    rf"(?:[a-z0-9\-]{{1,63}}{_DOT}){{1,6}}"
    rf"(?:(?:com|net|org|gov|edu)(?:{_DOT}| )[ti]r|com|net|org|tr|ir|gov|edu|info|biz|example|test)"
    r"(?![\w@])"
)
_DOTS = re.compile(r" ?[.:;,] ?| (?=[ti]r\Z)")
_NOT_A_DOT = re.compile(r"\.[._]+|_\.+")
"""No address has two dots in a row: there the underscore is meant, which stands as low."""
_FIRST_HALF = re.compile(
    r"(?:posta|mail)(?: adres\w{0,8})?[\s:;.|]{1,4}(?!adres)([a-z0-9\-]{2,30})(?: |, |\. )\Z"
)
"""Between label and address: a word whose underscore became a blank, with or without a comma or
a dot before it."""


def _misread(scan: Scan) -> Iterator[Hit]:
    """In print, @ is read as other round signs, the underscore as a blank, and .tr as .ir."""
    signs = [*_AT.finditer(scan.folded), *_CAPITAL_AT.finditer(scan.text)]
    for sign in sorted(signs, key=lambda m: m.start()):
        after = _DOMAIN_MISREAD.match(scan.folded, sign.end())
        if after is None:
            continue
        before = _LOCAL_MISREAD.search(
            scan.folded, max(0, sign.start() - _LONGEST_LOCAL), sign.start()
        )
        if before and scan.is_free(before.start(), after.end()):
            yield _mended(scan, before, after)


def _mended(scan: Scan, before: re.Match[str], after: re.Match[str]) -> Hit:
    half = _FIRST_HALF.search(scan.folded, max(0, before.start() - 60), before.start())
    written = f"{half[1]}_{before[0]}" if half else before[0].lstrip(".-")
    local = _NOT_A_DOT.sub("_", written)
    domain = re.sub(r"\.ir$", ".tr", _DOTS.sub(".", after[0]))
    value = f"{local}@{domain}"
    start = half.start(1) if half else before.start()
    exact = scan.text[start : after.end()].lower() == value
    return scan.hit(
        (start, after.end()), value, 1.0 if exact else 0.6 if half or local != written else 0.8
    )
