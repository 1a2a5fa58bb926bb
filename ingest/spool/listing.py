"""Which files a folder holds, and what identifies one of them.

A file's identity is its path below the folder, its size and its modification time to the
nanosecond. It needs no look inside, outlives a restart, a move into ``processed`` and a copy with
``cp -p``, and is new when a different file is put there under the same name.
"""

import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingest.errors import Later, Misconfigured

PROCESSED = "processed"
"""Where delivered files are moved to; never read from."""

MAX_DEPTH = 4
"""Folders below the spool folder that are looked into (``2026/11/24/letter.pdf``)."""

MAX_FILES = 200_000
"""Files in one listing: about 100 MB of memory. A folder with more is to be cleaned up."""

MAX_KEY = 360
"""Characters of a key; leaves room for a page range below ``MAX_SOURCE_KEY``."""

_UNFINISHED_NAME = re.compile(r"^[.~]|(\.part|\.partial|\.tmp|\.crdownload|\.filepart|~)$", re.I)
"""Names by which programs say that they are still writing."""

_UNREADABLE = re.compile(r"[^ -~\u00a1-\u00ac\u00ae-\u024f\u0300-\u036f]")
"""Everything but ASCII, Latin letters and combining accents: control characters, and scripts that
change the direction of a line in a log."""

Identity = tuple[str, int, int]
"""Path below the folder, bytes, modification time in ns."""


@dataclass(frozen=True)
class Entry:
    """One regular file, as the listing saw it.

    ``relative`` is the path below the folder with ``/``; bytes that are not UTF-8 are escaped
    surrogates (PEP 383), as everywhere in :mod:`os`.
    """

    relative: str
    size: int
    mtime_ns: int
    ctime_ns: int
    mode: int

    @property
    def identity(self) -> Identity:
        return self.relative, self.size, self.mtime_ns

    @property
    def name(self) -> str:
        return self.relative.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        return suffix_of(self.relative)

    @cached_property
    def key(self) -> str:
        """The ``source_key``: readable, valid UTF-8, unambiguous, at most :data:`MAX_KEY` long."""
        name = printable(self.relative)
        identity = f"@{self.size}.{self.mtime_ns}"
        if len(name) + len(identity) > MAX_KEY:
            name = "sha256-" + hashlib.sha256(os.fsencode(self.relative)).hexdigest()
        return name + identity

    @cached_property
    def digest(self) -> str:
        return hashlib.blake2b(self.key.encode(), digest_size=8).hexdigest()

    @cached_property
    def mark(self) -> str:
        """Sorts files by their arrival: ctime is set by the file system when a file is created or
        renamed, whatever modification time it brings along."""
        return f"{self.ctime_ns:020d}-{self.digest}"


def list_files(root: Path, suffixes: Collection[str]) -> list[Entry]:
    """Every readable-looking file below ``root`` whose suffix is one of ``suffixes``.

    Links, sockets, devices, names of unfinished files and the folder ``processed`` are passed
    over: nothing is followed out of the folder. One ``stat`` a file (10,000 files: about 0.1 s).
    Raises: Misconfigured (no such folder, no permission, too many), Later (the disk does not
    answer).
    """
    entries: list[Entry] = []
    try:
        for found in _walk(os.fspath(root), "", MAX_DEPTH):
            if suffix_of(found.relative) in suffixes:
                entries.append(found)
            if len(entries) > MAX_FILES:
                raise Misconfigured(
                    f"The folder {root} holds more than {MAX_FILES} files.",
                    remedy='Set after = "move", or clear away what was delivered.',
                )
    except OSError as error:
        raise folder_failure(root, error) from None
    return entries


def folder_failure(root: Path, error: OSError) -> Misconfigured | Later:
    """What an error of the folder itself (not of one file) means for the channel."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Misconfigured(
            f"There is no folder {root}.", remedy="Create it, or correct the path."
        )
    if isinstance(error, PermissionError):
        return Misconfigured(
            f"The folder {root} may not be read.",
            remedy="Give the user that runs this program permission to read and enter it.",
        )
    return Later(f"The folder {root} cannot be read now ({error.strerror}).")


def no_folder(root: Path) -> Misconfigured:
    return Misconfigured(f"There is no folder {root}.", remedy="Create it, or correct the path.")


def stat_entry(root: Path, relative: str) -> Entry | None:
    """The entry of one path; None when it is gone or is no regular file."""
    try:
        found = (root / relative).lstat()
    except OSError:
        return None  # gone or unreachable: for the caller the same, it looks elsewhere
    return _entry(relative, found) if stat.S_ISREG(found.st_mode) else None


def printable(relative: str) -> str:
    """A path as one line of valid UTF-8, different for different paths, the same on every machine:
    bytes outside UTF-8 become ``\\xNN``, characters outside ASCII and the Latin letters with their
    accents ``\\u{NNNN}``, and a backslash is doubled."""
    doubled = os.fsencode(relative).replace(b"\\", b"\\\\")
    text = doubled.decode("utf-8", "backslashreplace")
    return _UNREADABLE.sub(lambda found: f"\\u{{{ord(found[0]):04x}}}", text)


def suffix_of(relative: str) -> str:
    """The suffix in ASCII lower case (``.PDF`` from a scanner is ``.pdf``); Turkish letters in it
    would match nothing, as they should."""
    return os.path.splitext(relative)[1].lower()  # noqa: PTH122  10,000 a poll, a Path each costs


def _walk(folder: str, prefix: str, depth: int) -> Iterator[Entry]:
    with os.scandir(folder) as found:
        for item in found:
            if _UNFINISHED_NAME.search(item.name):
                continue
            if item.is_file(follow_symlinks=False):
                yield from _seen(item, prefix)
            elif (
                depth and item.is_dir(follow_symlinks=False) and (prefix or item.name != PROCESSED)
            ):
                yield from _walk_below(item.path, f"{prefix}{item.name}/", depth - 1)


def _walk_below(folder: str, prefix: str, depth: int) -> Iterator[Entry]:
    try:
        yield from _walk(folder, prefix, depth)
    except (FileNotFoundError, PermissionError):
        return  # removed since, or private to somebody else: the files beside it go on


def _seen(item: os.DirEntry[str], prefix: str) -> Iterator[Entry]:
    try:
        yield _entry(prefix + item.name, item.stat(follow_symlinks=False))
    except FileNotFoundError:
        return  # moved away between the listing and this look


def _entry(relative: str, found: os.stat_result) -> Entry:
    return Entry(relative, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode)
