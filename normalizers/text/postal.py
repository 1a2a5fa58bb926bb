"""Postal addresses: a street or a quarter, with the number, the town or the postcode behind it."""

import re
from collections.abc import Iterator

from normalizers.text.scan import Hit, Scan

_CAPITAL = "A-ZÇĞİÖŞÜÂÎÛ"
_WAYS = ("mah", "mh", "cad", "cd", "sok", "sk", "bulv", "blv", "site", "apart", "apt", "koyu")
_WAY = (
    r"(?:mah(?:allesi)?|mh|cad(?:desi)?|cd|sok(?:agi|ak)?|sk|bulv(?:ari)?|blv|sitesi|apt"
    r"|apartmani|koyu)(?![a-z])\.?"
)
_PLACE = re.compile(_WAY)
_NAMED = re.compile(rf"(?:[{_CAPITAL}0-9][^\s:;,()]{{0,30}}[ \t]+){{1,4}}\Z")
"""The name of the street, before its word."""
_LABEL = re.compile(r"adres\w{0,8}[ \t]{0,3}[:;.]?[ \t]{0,3}\n?\Z")
_NUMBERED = re.compile(
    r"(?<![a-z])(?:(?:no|kapi|ic kapi|daire|kat|blok|d|k)\.?[ ]?[:.]?[ ]?[0-9]{1,4}"
    r"(?:[/\-][0-9a-z]{1,4})?"
    r"|[a-z][ \-]blok)(?![0-9a-z])"
)
_POSTCODE = re.compile(r"(?<![0-9])(?:0[1-9]|[1-7][0-9]|8[01])[0-9]{3}(?![0-9])")
_PROVINCES = (
    "adana|adiyaman|afyonkarahisar|afyon|agri|aksaray|amasya|ankara|antalya|ardahan|artvin|aydin"
    "|balikesir|bartin|batman|bayburt|bilecik|bingol|bitlis|bolu|burdur|bursa|canakkale|cankiri"
    "|corum|denizli|diyarbakir|duzce|edirne|elazig|erzincan|erzurum|eskisehir|gaziantep|giresun"
    "|gumushane|hakkari|hatay|igdir|isparta|istanbul|izmir|kahramanmaras|karabuk|karaman|kars"
    "|kastamonu|kayseri|kilis|kirikkale|kirklareli|kirsehir|kocaeli|konya|kutahya|malatya|manisa"
    "|mardin|mersin|mugla|mus|nevsehir|nigde|ordu|osmaniye|rize|sakarya|samsun|sanliurfa|siirt"
    "|sinop|sirnak|sivas|tekirdag|tokat|trabzon|tunceli|usak|van|yalova|yozgat|zonguldak"
)
_PROVINCE = re.compile(rf"(?<![a-z])(?:{_PROVINCES})(?![a-z]|[ ]{_WAY})")
_PARAGRAPH = re.compile(r"\n\s*\n|\n[^\n]{0,30}[^\n\s][ ]?:")
"""Where an address is over: an empty line, or a line that begins with a label."""
_COMPANY = re.compile(r"(?<![a-z])(?:a\.? ?s\b|ltd|sigorta|mudurlu\w*|holding|banka\w*|noterli\w*)")
_BEFORE, _LONGEST = 80, 160
_BREAK = re.compile(r"[ \t,]*\n\s*")


def addresses(scan: Scan) -> Iterator[Hit]:
    """Addresses on one line, commas where lines broke. A street alone is none: a number, postcode
    or province must follow. Under a company's name it is hardly the writer's, and uncertain."""
    for place in scan.places(_WAYS):
        way = _PLACE.match(scan.folded, place)
        if way is None or not scan.is_free(*way.span()):
            continue
        start, labelled = _begin(scan, place)
        end, sure = _end(scan, way.end())
        if start < place and sure and scan.is_free(start, end):
            yield _address(scan, (start, end), sure + 0.1 * labelled)


def _begin(scan: Scan, way: int) -> tuple[int, bool]:
    """Where the name before a street's word begins, and whether a label stands before that."""
    line = max(scan.text.rfind("\n", 0, way) + 1, way - _BEFORE)
    named = _NAMED.search(scan.text, line, way)
    start = named.start() if named else way
    label = _LABEL.search(scan.folded, max(0, start - 30), start)
    return start, label is not None


def _end(scan: Scan, at: int) -> tuple[int, float]:
    """The end of the last thing that belongs to it, and how sure that makes the whole."""
    last = _window(scan, at)
    number = [*_NUMBERED.finditer(scan.folded, at, last)]
    code = _POSTCODE.search(scan.folded, at, last)
    town = next(_towns(scan, at, last), None)
    known = [match for match in (*number[-1:], code, town) if match]
    if not known:
        return at, 0.0
    return max(match.end() for match in known), {1: 0.6, 2: 0.8, 3: 0.9}[len(known)]


def _towns(scan: Scan, at: int, last: int) -> Iterator[re.Match[str]]:
    for town in _PROVINCE.finditer(scan.folded, at, last):
        if scan.text[town.start()].isupper():  # "ordu", "van" and others are words, too
            yield town


def _window(scan: Scan, at: int) -> int:
    """No address goes on beyond this."""
    last = min(at + _LONGEST, len(scan.text))
    taken = scan.taken.find(1, at, last)
    last = taken if taken >= 0 else last
    over = _PARAGRAPH.search(scan.folded, at, last)
    return over.start() if over else last


def _address(scan: Scan, span: tuple[int, int], sure: float) -> Hit:
    above = scan.text.rfind("\n", 0, max(0, scan.text.rfind("\n", 0, span[0]))) + 1
    company = _COMPANY.search(scan.folded, max(above, span[0] - 2 * _BEFORE), span[0])
    scan.blocks.append(span[0])
    written = " ".join(_BREAK.sub(", ", scan.text[slice(*span)]).split())
    return scan.hit(span, written, 0.4 if company else round(min(sure, 1.0), 2))
