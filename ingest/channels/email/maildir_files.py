"""The files of a Maildir. Format: https://cr.yp.to/proto/maildir.html, subfolders: Maildir++.

A name is ``UNIQUE`` in ``new`` and ``UNIQUE:2,FLAGS`` in ``cur``; whoever reads the mailbox may
rename a file at any moment, but ``UNIQUE`` stays.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from ingest.channels.email.heads import HEAD_BYTES, cut_head
from ingest.contract import MAX_SOURCE_KEY

FOLDERS = ("new", "cur")
"""In the order of a mail's life: one that moves on while we list is seen in one of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail. ``key`` is its source key, ``mtime`` (s) when it was delivered."""

    key: str
    path: Path
    size: int
    mtime: float
    ctime_ns: int


def is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in FOLDERS)


def stamps(root: Path) -> tuple[int, ...]:
    """Changes whenever a file comes or goes. Raises: OSError."""
    return tuple((root / name).stat().st_mtime_ns for name in FOLDERS)


def entries(root: Path) -> dict[str, Entry]:
    """All mails by key. Raises: OSError when a folder cannot be listed."""
    found: dict[str, Entry] = {}
    for folder in FOLDERS:
        with os.scandir(root / folder) as listing:
            for file in listing:
                entry = None if file.name.startswith(".") else _entry(file)
                if entry is not None:
                    found.setdefault(entry.key, entry)
    return found


def read_entry(root: Path, entry: Entry, limit: int | None) -> tuple[bytes, str | None]:
    """The bytes, and the problem if these are only the header. Raises: OSError."""
    try:
        return _read(entry.path, limit)
    except FileNotFoundError:  # somebody read it meanwhile, and it has other flags now
        return _read(_current_path(root, entry), limit)


def mark_seen(root: Path, entry: Entry) -> None:
    """To ``cur``, with the flag S. Raises: OSError."""
    path = _current_path(root, entry)
    path.rename(root / "cur" / _flagged(path.name))


def move_to_subfolder(root: Path, entry: Entry, name: str) -> None:
    """To the Maildir++ folder ``name``, as seen. Raises: OSError when there is none."""
    path = _current_path(root, entry)
    path.rename(root / f".{name}" / "cur" / _flagged(path.name))


def key_of(name: str) -> str:
    """The unique part of a file name; its hash where that is too long or not text."""
    unique = name.partition(":")[0]
    raw = os.fsencode(unique)
    return (
        unique if raw.isascii() and len(raw) <= MAX_SOURCE_KEY else hashlib.sha256(raw).hexdigest()
    )


def _entry(file: os.DirEntry[str]) -> Entry | None:
    try:
        status = file.stat(follow_symlinks=False)
    except FileNotFoundError:  # it moved on, and is listed again under its new name
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    path = Path(file.path)
    return Entry(key_of(file.name), path, status.st_size, status.st_mtime, status.st_ctime_ns)


def _read(path: Path, limit: int | None) -> tuple[bytes, str | None]:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if limit is None or size <= limit:
            return file.read(size), None
        head = cut_head(file.read(HEAD_BYTES))
        return head, f"oversized: {size / 1e6:.0f} MB of {limit / 1e6:.0f} MB"


def _current_path(root: Path, entry: Entry) -> Path:
    if entry.path.exists():
        return entry.path
    current = entries(root).get(entry.key)
    if current is None:
        raise FileNotFoundError
    return current.path


def _flagged(name: str) -> str:
    unique, _, info = name.partition(":")
    flags = info.removeprefix("2,") if info.startswith("2,") else ""
    return f"{unique}:2,{''.join(sorted({*flags, 'S'}))}"
