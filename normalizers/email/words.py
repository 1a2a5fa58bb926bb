"""Header text: encoded words (RFC 2047) and raw 8-bit bytes, decoded on bytes.

Words are joined before their charset is applied, since senders cut them inside a letter; bytes
that no charset explains are kept as U+FFFD rather than dropped.
"""

import binascii
import re
import unicodedata

from normalizers.email import transfer
from normalizers.text import repair

_HEAD = re.compile(rb"=\?([\w.:+-]{1,60})(?:\*[\w-]{0,20})?\?([bBqQ])\?")
_BLANKS = re.compile(r"[ \t\r\n]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), 127])


def decode(value: bytes, charset: str | None = None) -> str:
    """The text of a header value, unfolded, runs of blanks as one.

    ``charset`` is what raw 8-bit bytes probably are (the body's charset); evidence goes first.
    """
    if value.isascii() and b"=?" not in value:
        return tidy(value.decode("ascii"))
    text = "".join(_text(run, declared or charset) for run, declared in _runs(value))
    return unicodedata.normalize("NFC", tidy(text))


def tidy(text: str) -> str:
    """One line without control characters."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return storable(_BLANKS.sub(" ", text).translate(_CONTROLS)).strip()


def storable(text: str) -> str:
    """Without what databases and JSON refuse: NUL, and the lone surrogates that UTF-7 may give."""
    text = text.replace("\x00", "")
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _text(run: bytes, charset: str | None) -> str:
    return run.decode("ascii") if run.isascii() and not charset else repair.decode(run, charset)[0]


def _runs(value: bytes) -> list[tuple[bytes, str | None]]:
    """Runs of bytes of one charset; charset None for what stands outside encoded words."""
    runs: list[tuple[bytes, str | None]] = []
    at = 0
    for start, end, charset, data in _words(value):
        between = value[at:start]
        if not (runs and runs[-1][1] and not between.strip()):
            _add(runs, between, None)
        _add(runs, data, charset)
        at = end
    _add(runs, value[at:], None)
    return runs


def _add(runs: list[tuple[bytes, str | None]], data: bytes, charset: str | None) -> None:
    if runs and runs[-1][1] == charset:
        runs[-1] = (runs[-1][0] + data, charset)
    elif data:
        runs.append((data, charset))


def _words(value: bytes) -> list[tuple[int, int, str, bytes]]:
    """(start, end, charset, decoded bytes) of each encoded word; linear in the length."""
    words: list[tuple[int, int, str, bytes]] = []
    at = 0
    while (start := value.find(b"=?", at)) >= 0:
        head = _HEAD.match(value, start)
        if head is None:
            at = start + 2
            continue
        end = value.find(b"?=", head.end())
        if end < 0:
            break
        charset = head[1].decode("ascii").lower()
        words.append((start, end + 2, charset, _word(head[2], value[head.end() : end])))
        at = end + 2
    return words


def _word(encoding: bytes, text: bytes) -> bytes:
    if encoding in b"bB":
        return transfer.base64(text)
    return binascii.a2b_qp(text.replace(b"\r\n", b"").replace(b"\n", b""), header=True)
