"""HylaFAX's transfer log: one line for each call, the only place that says how a call ended.

Format: xferfaxlog(5), tab-separated, strings in double quotes. Checked with HylaFAX 6.0.7, which
writes the caller's name before the number; the manual names the two only CallID1 and CallID2.
"""

import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ingest.contract import Checkpoint

FIRST_LOOK_BYTES = 8_000_000
"""What is read of a log on the very first run: about 33,000 lines. A fax that is older than that
and still lies in recvq comes with what its own tags say."""

_MAX_LINE = 65_536
_BEFORE = 256
_RECV_FIELDS = 16

SLACK = timedelta(minutes=5)
"""Between the end of a call as the log has it (to the minute) and the last change of the file.
HylaFAX starts its numbers anew when its counter is lost: the same name may stand in old lines."""


@dataclass(frozen=True, slots=True)
class Call:
    """What the log says about a received fax. Empty strings where it says nothing."""

    file: str
    ended: datetime
    number: str
    name: str
    pages: str
    reason: str
    """Why the call broke off; empty for a whole fax."""

    def left(self, changed: datetime) -> bool:
        """Whether a file last changed at that time can be what this call left."""
        return abs(changed - self.ended) <= SLACK


class TransferLog:
    """Follows the log through its rotations.

    A position is ``{"inode": n, "offset": bytes, "before": digest}``; ``before``, of the last bytes
    that were read, tells whether the file is still the same (a log may be truncated in place, and
    inodes are used again). Positions only save work: a log that is read again brings the same calls
    again.
    """

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        self.path = path
        self._zone = zone
        self._calls: dict[str, Call] = {}
        self._start: dict[str, Any] = {}
        self._end: dict[str, Any] = {}
        self._given: Checkpoint | None = None

    def follow(self, position: Checkpoint) -> None:
        """Read what was added since ``position``, or since the last time where that was ours.

        Raises: OSError other than for a missing log (there was no call yet).
        """
        if position != self._given:
            self._calls, self._end, self._given = {}, dict(position), position
        if not self._calls:
            self._start = self._end
        for path, offset in self._parts(self._end):
            self._read(path, offset)

    def keep(self, names: Collection[str]) -> None:
        """Forget the calls whose files are not among ``names``: they were delivered or removed."""
        self._calls = {name: call for name, call in self._calls.items() if name in names}

    def call(self, name: str, changed: datetime) -> Call | None:
        """The call that left the file ``name``, last changed at that time."""
        call = self._calls.get(name)
        return call if call and call.left(changed) else None

    def position(self, waiting: Collection[str]) -> Checkpoint:
        """What to remember while the files ``waiting`` are not delivered: before their lines."""
        held = any(name in waiting for name in self._calls)
        self._given = self._start if held else self._end
        return self._given

    def _parts(self, position: Checkpoint) -> list[tuple[Path, int]]:
        """The files that hold what came after ``position``, oldest first, and where to begin."""
        try:
            current = self.path.stat()
        except FileNotFoundError:
            return []
        if not position:
            return [(self.path, max(0, current.st_size - FIRST_LOOK_BYTES))]
        if position.get("inode") == current.st_ino:
            same = _before(self.path, int(position["offset"])) == position.get("before")
            return [(self.path, position["offset"] if same else 0)]
        return [*self._rotated(position), (self.path, 0)]

    def _rotated(self, position: Checkpoint) -> Iterator[tuple[Path, int]]:
        """The log that we were reading, under the name that logrotate gave it, and later ones."""
        others = [path for path in self.path.parent.glob(f"{self.path.name}?*") if path.is_file()]
        others.sort(key=lambda path: path.stat().st_mtime_ns)
        inodes = [path.stat().st_ino for path in others]
        if position.get("inode") in inodes:
            first = inodes.index(position["inode"])
            yield others[first], int(position["offset"])
            yield from ((path, 0) for path in others[first + 1 :])

    def _read(self, path: Path, offset: int) -> None:
        with path.open("rb") as log:
            log.seek(offset)
            while line := log.readline(_MAX_LINE):
                if not line.endswith(b"\n") and len(line) < _MAX_LINE:
                    break  # still being written
                offset += len(line)
                if call := parse_line(line.decode("utf-8", "replace"), self._zone):
                    self._calls[call.file] = call
            inode = os.fstat(log.fileno()).st_ino
        self._end = {"inode": inode, "offset": offset, "before": _before(path, offset)}


def _before(path: Path, offset: int) -> str:
    """A digest of the bytes before ``offset``: another one when the file was begun anew."""
    with path.open("rb") as log:
        log.seek(max(0, offset - _BEFORE))
        return hashlib.blake2b(log.read(min(offset, _BEFORE)), digest_size=8).hexdigest()


def parse_line(line: str, zone: ZoneInfo) -> Call | None:
    """A RECV line with a file; None for any other."""
    fields = [field.strip().strip('"') for field in line.rstrip("\r\n").split("\t")]
    if len(fields) < _RECV_FIELDS or fields[1] != "RECV" or not fields[4]:
        return None
    try:
        started = datetime.strptime(fields[0], "%m/%d/%y %H:%M").replace(tzinfo=zone)
        ended = started + _duration(fields[12])
    except ValueError:
        return None
    number, name = caller(fields[14], fields[15], fields[8])
    return Call(fields[4].rpartition("/")[2], ended, number, name, fields[10], fields[13])


def caller(first: str, second: str, station: str) -> tuple[str, str]:
    """Number and name of a caller, from the two call ids and the station's own identification
    (TSI: the sender may write there what he likes, so it counts last)."""
    given = [text for text in (first.strip(), second.strip()) if text and text != "<NONE>"]
    numbers = [text for text in (*given, station.strip()) if _is_number(text)]
    names = [text for text in given if not _is_number(text)]
    return (numbers or [""])[0], (names or [""])[0]


def _is_number(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    return digits >= 3 and all(character.isdigit() or character in "+-(). /" for character in text)


def _duration(text: str) -> timedelta:
    """``H:MM:SS``. Raises ValueError."""
    hours, minutes, seconds = map(int, text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
