"""uuencode (POSIX.1 ``uuencode``), as a transfer encoding and inside plain text."""

import binascii
import re
from typing import NamedTuple

MAX_FILES = 50
_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,250}?)[ \t]*\r?$", re.MULTILINE)
_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)


class File(NamedTuple):
    name: bytes
    data: bytes


def decode(body: bytes) -> bytes:
    """The bytes of one uuencoded body, with or without its ``begin`` line."""
    begin = _BEGIN.search(body)
    return _lines(body[begin.end() :] if begin else body)


def extract(body: bytes) -> tuple[bytes, tuple[File, ...]]:
    """Files inside a plain text, and the text without them."""
    kept: list[bytes] = []
    files: list[File] = []
    at = 0
    while len(files) < MAX_FILES and (begin := _BEGIN.search(body, at)) is not None:
        end = _END.search(body, begin.end())
        data = _lines(body[begin.end() : end.start()]) if end else b""
        if end is None or not data:
            break
        kept.append(body[at : begin.start()])
        files.append(File(begin[1], data))
        at = end.end()
    return b"".join([*kept, body[at:]]), tuple(files)


def _lines(text: bytes) -> bytes:
    return b"".join(_line(line) for line in text.split(b"\n"))


def _line(line: bytes) -> bytes:
    """One line: its first character tells how many bytes it holds (M is 45)."""
    line = line.rstrip(b"\r")
    size = (line[0] - 32) & 63 if line else 0
    if not size or line.startswith((b"end", b"begin ")):
        return b""
    wanted = (size + 2) // 3 * 4
    try:
        return binascii.a2b_uu(line[: 1 + wanted])
    except binascii.Error:
        return b""  # not a line of the encoding; the raw mail keeps it
