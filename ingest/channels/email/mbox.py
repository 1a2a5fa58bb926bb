"""Reading mbox files of any length, one mail at a time.

RFC 4155 and its kin: a mail begins with a line ``From address date``. Writers put ``>`` before
lines of the text that look like it; mboxrd adds one to every ``>*From``, mboxo only to ``From``.
One ``>`` is taken off again: right for mboxrd, and in an mboxo file wrong only for lines that the
sender himself had begun with ``>From``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

_LINE_BYTES = 1_000_000
_QUOTED = re.compile(rb">+From ")
_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTHS = (
    b"Jan",
    b"Feb",
    b"Mar",
    b"Apr",
    b"May",
    b"Jun",
    b"Jul",
    b"Aug",
    b"Sep",
    b"Oct",
    b"Nov",
    b"Dec",
)
_STRICT = re.compile(
    rb"From [^\r\n]{0,300}?\b" + _DAY + rb" (" + b"|".join(_MONTHS) + rb") {1,2}(\d{1,2}) "
    rb"(\d\d):(\d\d)(?::(\d\d))?(?: [A-Z+-][A-Z0-9]{1,6})? (\d{4})\b"
)
_LOOSE = re.compile(rb"From [^\r\n]{0,300}\d\d:\d\d[^\r\n]{0,40}\d{4}")


@dataclass(slots=True)
class MboxMail:
    """One mail. ``size``: its bytes in full, also where ``body`` was ``cut`` at the limit."""

    offset: int
    postmark: bytes
    size: int = 0
    cut: bool = False
    lines: list[bytes] = field(default_factory=list, repr=False)

    @property
    def body(self) -> bytes:
        return b"".join(self.lines)

    @property
    def received_at(self) -> datetime | None:
        """The date of the ``From`` line, which RFC 4155 wants in UTC."""
        found = _STRICT.match(self.postmark)
        if found is None:
            return None
        month = _MONTHS.index(found.group(1)) + 1
        day, hour, minute, second, year = (int(text or 0) for text in found.groups()[1:])
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:  # the 31st of February
            return None


def is_mbox(head: bytes) -> bool:
    """Whether a file that starts with ``head`` is an mbox."""
    return _LOOSE.match(head) is not None


def mails(file: BinaryIO, limit: int) -> Iterator[MboxMail]:
    """Each mail of an mbox, in order; of a mail above ``limit`` bytes only the beginning."""
    mail: MboxMail | None = None
    after_blank = True
    for offset, line, whole_line in _lines(file):
        if whole_line and _starts_mail(line, after_blank):
            if mail is not None:
                yield _finished(mail)
            mail = MboxMail(offset, line)
        elif mail is not None:
            _add(mail, line[1:] if whole_line and _QUOTED.match(line) else line, limit)
        after_blank = line in {b"\n", b"\r\n"}
    if mail is not None:
        yield _finished(mail)


def _starts_mail(line: bytes, after_blank: bool) -> bool:
    """A full postmark always does, even where a writer forgot the blank line before it; something
    like one only after a blank line."""
    if not line.startswith(b"From "):
        return False
    return bool(_STRICT.match(line) or (after_blank and _LOOSE.match(line)))


def _add(mail: MboxMail, line: bytes, limit: int) -> None:
    mail.size += len(line)
    mail.cut = mail.size > limit
    if not mail.cut:
        mail.lines.append(line)


def _finished(mail: MboxMail) -> MboxMail:
    """Without the blank line that stands before the next ``From``."""
    if not mail.cut and mail.lines and mail.lines[-1] in {b"\n", b"\r\n"}:
        mail.size -= len(mail.lines.pop())
    return mail


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Offset, line, and whether it stands at the beginning of a line of the file; lines longer
    than 1 MB come in pieces."""
    offset, at_start = file.tell(), True
    while line := file.readline(_LINE_BYTES):
        yield offset, line, at_start
        offset += len(line)
        at_start = line.endswith(b"\n")
