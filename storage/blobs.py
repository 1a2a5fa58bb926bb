"""Bytes under their SHA-256: the interface, and a folder. Written once, never changed.

A batch is durable when :meth:`BlobStore.put` returns: the rows that name the blobs are committed
after that, so a row never points at bytes that a power cut took away. A blob without a row (the
commit failed) is harmless and found by ``basvuru verify``.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Protocol

MARK = ".basvuru-blobs"
"""A file that tells a blob folder from a mount point without its disk."""


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
        keys, folders = [], set()
        for content in contents:
            key = sha256(content).hexdigest()
            keys.append(key)
            folder = f"{self.folder}/{key[:2]}"
            if not os.path.exists(f"{folder}/{key}"):  # noqa: PTH110  paths as text: twice as fast
                folders.add(folder)
                _write(folder, key, content)
        for folder in folders:
            _sync_folder(folder)
        return keys

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


def _write(folder: str, name: str, content: bytes) -> None:
    temporary = f"{folder}/.{token_hex(8)}"
    file = _create(folder, temporary)
    try:
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(file, left) :]
            os.fdatasync(file) if hasattr(os, "fdatasync") else os.fsync(file)
        finally:
            os.close(file)
        os.rename(temporary, f"{folder}/{name}")  # noqa: PTH104
    except BaseException:
        with suppress(FileNotFoundError):  # the error is what matters, and goes on
            os.unlink(temporary)  # noqa: PTH108
        raise


def _create(folder: str, name: str) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return os.open(name, flags, 0o600)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        _sync_folder(os.path.dirname(folder))  # noqa: PTH120
        return os.open(name, flags, 0o600)


def _sync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
