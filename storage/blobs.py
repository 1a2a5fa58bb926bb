"""Bytes under their SHA-256: the interface, and a folder. Written once, never changed.

A batch is durable when :meth:`BlobStore.put` returns: the rows that name the blobs are committed
after that, so a row never points at bytes that a power cut took away. A blob without a row (the
commit failed) is harmless and found by ``basvuru verify``.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from storage import syncing

MARK = ".basvuru-blobs"
"""A file that tells a blob folder from a mount point without its disk."""

MANY = 10
"""From so many new files on they are made durable together, which costs a quarter; below, what else
waits in the same file system would be waited for."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Something that is in a store: its key, its bytes, and since when."""

    key: str
    size: int
    at: datetime


class BlobStore(Protocol):
    """Where bytes live. Keys are lower-case hexadecimal SHA-256 of the content."""

    def prepare(self) -> None:
        """Make or mark the place. Idempotent; only where an installation is set up or started."""
        ...

    def check(self) -> None:
        """Raises OSError when the place is not there: nothing mounted is no empty store."""
        ...

    def put(self, contents: Iterable[bytes]) -> list[str]:
        """Keep them all, durably, and return their keys in order. Idempotent. Raises: OSError."""
        ...

    def get(self, key: str) -> bytes:
        """The content. Raises: KeyError when it is not there, OSError."""
        ...

    def delete(self, key: str) -> None:
        """Forget the content. Nothing happens when it is not there. Raises: OSError."""
        ...

    def stored(self) -> Iterator[Stored]:
        """Everything that is there, in any order. Raises: OSError."""
        ...


def is_key(name: str) -> bool:
    """Whether a name in a store is that of a content, not of a mark or a half-written file."""
    return len(name) == 64 and set(name) <= set("0123456789abcdef")


class FolderBlobs:
    """``FOLDER/ab/abcdef...``: a file each, written beside and renamed into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder. Idempotent; only where an installation is set up or started."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / MARK).touch()

    def check(self) -> None:
        """Raises OSError when the folder is not there: a disk that is not mounted must not be
        taken for an empty store."""
        if not (self.folder / MARK).exists():
            raise FileNotFoundError(f"{self.folder} is no blob folder, or not mounted")

    def put(self, contents: Iterable[bytes]) -> list[str]:
        self.check()
        keys, new = [], {}
        for content in contents:
            key = sha256(content).hexdigest()
            keys.append(key)
            if not os.path.exists(self._text_path(key)):  # noqa: PTH110  see _text_path
                new[key] = content
        if new:
            self._write(new)
        return keys

    def _write(self, new: Mapping[str, bytes]) -> None:
        """First all the bytes are on the disk, then the names: a name never leads to half of
        them, even after a power cut."""
        together = len(new) >= MANY and syncing.can_sync_all()
        drafts: dict[str, str] = {}
        try:
            for key, content in new.items():
                drafts[key] = draft = f"{self.folder}/{key[:2]}/.{token_hex(8)}"
                _draft(draft, content, sync=not together)
            if together:
                syncing.sync_all(self.folder)
            for key, draft in drafts.items():
                os.rename(draft, self._text_path(key))  # noqa: PTH104
        except BaseException:
            for draft in drafts.values():
                with suppress(FileNotFoundError):  # the error is what matters, and goes on
                    os.unlink(draft)  # noqa: PTH108
            raise
        if together:
            syncing.sync_all(self.folder)
        else:
            for folder in {key[:2] for key in new}:
                syncing.sync_folder(self.folder / folder)

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            self.check()
            raise KeyError(key) from None

    def delete(self, key: str) -> None:
        self.check()
        self._path(key).unlink(missing_ok=True)

    def stored(self) -> Iterator[Stored]:
        self.check()
        for file in self.folder.glob("??/*"):
            if is_key(file.name):
                with suppress(FileNotFoundError):  # deleted while we walked
                    state = file.stat()
                    yield Stored(
                        file.name, state.st_size, datetime.fromtimestamp(state.st_mtime, UTC)
                    )

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def _text_path(self, key: str) -> str:
        """Paths as text: twice as fast."""
        return f"{self.folder}/{key[:2]}/{key}"


def _draft(name: str, content: bytes, *, sync: bool) -> None:
    file = _create(name)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(file, left) :]
        if sync:
            syncing.sync_file(file)
    finally:
        os.close(file)


def _create(name: str) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return os.open(name, flags, 0o600)
    except FileNotFoundError:
        folder = Path(name).parent
        folder.mkdir(parents=True, exist_ok=True)
        syncing.sync_folder(folder.parent)
        return os.open(name, flags, 0o600)
