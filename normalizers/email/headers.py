"""The header block of a mail or a part, on bytes, with the damage that real mail brings repaired.

RFC 5322 §2.2 says what a header block is. Real ones start with a blank line or an mbox "From "
line, lose the blank in front of a folded line, mix line ends, or forget the blank line before
the body. Nothing here decodes: see :mod:`normalizers.email.words`.
"""

import re
from collections.abc import Iterator

MAX_BLOCK = 1_000_000
"""Bytes of a header block that are looked at; what follows counts as body."""

_LINE_END = re.compile(rb"(?>\r*\n|\r)")
_BLANK_LINE = re.compile(rb"(?>\r*\n|\r)([ \t]*)(?>\r*\n|\r)")
_FIELD = re.compile(rb"([^\x00-\x20:\x7f]{1,200})[ \t]*:")
_LEADING_BLANKS = re.compile(rb"(?:[ \t]*[\r\n]+){1,100}")
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]{2,40}|received|reply-to"
    rb"|return-path|delivered-to|in-reply-to|references|sender|x-[a-z0-9-]{2,60})[ \t]*:",
    re.IGNORECASE,
)


class Headers:
    """Header fields in order: lower-case names, raw values (unfolded, blanks trimmed)."""

    __slots__ = ("_fields", "_first")

    def __init__(self, fields: list[tuple[bytes, bytes]]) -> None:
        self._fields = fields
        self._first: dict[bytes, bytes] = {}
        for name, value in fields:
            if not self._first.get(name):
                self._first[name] = value

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        return iter(self._fields)

    def first(self, name: bytes) -> bytes:
        """The first value that is not empty; ``b""`` when there is none."""
        return self._first.get(name, b"")

    def all(self, name: bytes) -> list[bytes]:
        return [value for n, value in self._fields if n == name]

    def __contains__(self, name: bytes) -> bool:
        return name in self._first


def split(data: bytes) -> tuple[Headers, bytes]:
    """Headers and body of a mail or a part."""
    start = _start(data)
    end, body = _block_end(data, start)
    lines, rest = _lines(data[start:end])
    if rest is not None:
        body = start + rest
    return Headers(_fields(lines)), data[body:]


def split_part(data: bytes) -> tuple[Headers, bytes]:
    """As :func:`split`, for a part between two boundaries: a blank first line means no headers."""
    blank = _LINE_END.match(data)
    return (Headers([]), data[blank.end() :]) if blank else split(data)


def _start(data: bytes) -> int:
    """Where the headers begin: after blank lines."""
    blanks = _LEADING_BLANKS.match(data)
    return blanks.end() if blanks else 0


def _block_end(data: bytes, start: int) -> tuple[int, int]:
    """End of the header block and start of the body. A line of blanks only ends the block
    unless more headers follow (RFC 5322 §4.2 obs-FWS)."""
    limit = min(len(data), start + MAX_BLOCK)
    at = start
    while (end := _BLANK_LINE.search(data, at, limit)) is not None:
        if not end[1] or not _continues(data, end.end()):
            return end.start(), end.end()
        at = end.start() + 1
    return limit, limit


def _continues(data: bytes, at: int) -> bool:
    return data[at : at + 1] in (b" ", b"\t") or _KNOWN.match(data, at) is not None


def _lines(block: bytes) -> tuple[list[bytes], int | None]:
    """The lines of the block; and where the body starts in it, if it starts without blank line."""
    lines = _LINE_END.split(block)
    first = next((i for i, line in enumerate(lines) if _FIELD.match(line.lstrip())), None)
    if first is None or (first and not any(map(_KNOWN.match, lines[first:]))):
        return [], 0
    lines[first] = lines[first].lstrip()
    for number in range(first, len(lines)):
        line = lines[number]
        if not line or line[0] in b" \t" or _FIELD.match(line):
            continue
        if any(map(_KNOWN.match, lines[number + 1 :])):
            lines[number] = b" " + line  # a folded line that lost its blank
        else:
            return lines[first:number], _offset(block, number)
    return lines[first:], None


def _offset(block: bytes, number: int) -> int:
    """Where line ``number`` (from 0) starts."""
    at = 0
    for _, end in zip(range(number), _LINE_END.finditer(block), strict=False):
        at = end.end()
    return at


def _fields(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    folded: list[list[bytes]] = []
    for line in lines:
        if folded and (not line or line[0] in b" \t"):
            folded[-1].append(line)
        else:
            folded.append([line])
    return [_field(b"".join(pieces)) for pieces in folded]


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.rstrip().lower(), value.strip()
