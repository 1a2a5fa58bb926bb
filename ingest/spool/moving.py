"""Taking one file in hand: reading it, moving it into ``processed``, finding it there again."""

import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.spool.listing import PROCESSED, Entry, list_files, stat_entry

_CLASH = re.compile(r"~[0-9a-f]{16}(?=\.[^./]*$|$)")


class Unreadable(Exception):
    """The file is there and does not let itself be read: permission, bad disk."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file by the name under which it was delivered, and where it lies now."""

    base: Path
    stored: str
    entry: Entry

    @property
    def path(self) -> Path:
        return self.base / self.stored


def read(path: Path, entry: Entry, limit: int = -1) -> bytes | None:
    """The bytes of a file, at most ``limit`` of them; None when it is gone, or is no longer the
    file that was listed (it grew, or another took its name). Raises Unreadable."""
    try:
        with open(path, "rb", opener=_open_no_link) as stream:
            body = stream.read(limit)
            now = os.fstat(stream.fileno())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(error.strerror or "read error") from None
    same = stat.S_ISREG(now.st_mode) and (now.st_size, now.st_mtime_ns) == entry.identity[1:]
    return body if same else None


def move(root: Path, entry: Entry) -> None:
    """Rename into ``processed``, keeping the folders below. A name that is taken there gets the
    file's digest; nothing is overwritten. A file that changed since stays. Raises OSError."""
    current = stat_entry(root, entry.relative)
    if current is None or current.identity != entry.identity:
        return  # moved by an earlier receipt, or a new file under the old name: that one is due
    target = root / PROCESSED / entry.relative
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(target):
        target = target.with_name(f"{target.stem}~{entry.digest}{target.suffix}")
    (root / entry.relative).rename(target)


def everywhere(root: Path, suffixes: Collection[str]) -> Iterator[Found]:
    """Every file in the folder and in ``processed``. Raises as :func:`list_files`."""
    for entry in list_files(root, suffixes):
        yield Found(root, entry.relative, entry)
    processed = root / PROCESSED
    if not processed.is_dir():
        return
    for entry in list_files(processed, suffixes):
        yield Found(processed, entry.relative, entry)
        delivered_as = _CLASH.sub("", entry.relative)
        if delivered_as != entry.relative:
            yield Found(processed, entry.relative, replace(entry, relative=delivered_as))


def _open_no_link(path: str, flags: int) -> int:
    # a link put in place of a listed file must not lead out of the folder, a pipe must not block
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
