"""The small file in which an account remembers what it may also forget.

It lies in ``Context.state_folder``, which may be wiped at any time: parks, the money of the day,
ids that are looked at again. What must not be lost stands in the checkpoint.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MAX_STATE = 4_000_000
"""Bytes; a larger file is not ours."""
_LOCK_SECONDS = 45.0


class StateFile:
    """A JSON object in a file of mode 0600. Without a folder it lives in memory only."""

    def __init__(self, folder: Path | None, name: str = "social") -> None:
        self._file = folder / f"{name}.json" if folder else None
        self.data: dict[str, Any] = self._read()

    def section(self, name: str) -> dict[str, Any]:
        """A part of the object, to be changed in place and then kept with :meth:`save`."""
        part = self.data.get(name)
        if not isinstance(part, dict):
            part = self.data[name] = {}
        return part

    def reload(self) -> None:
        """Take in what another process may have written."""
        if self._file is not None:
            self.data = self._read()

    def save(self) -> None:
        """Write it. A folder that cannot be written costs only what may be forgotten."""
        if self._file is None:
            return
        try:
            _write_private(self._file, json.dumps(self.data))
        except OSError:  # works on from memory; the next save tries again
            return

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among the processes of this machine that use the file, which is read anew.

        Raises: TimeoutError after 45 s, which is longer than anybody holds it.
        """
        if self._file is None:
            yield
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.with_suffix(".lock").open("ab") as lock:
            _take(lock.fileno())
            self.reload()
            yield

    def _read(self) -> dict[str, Any]:
        try:
            if self._file is None or self._file.stat().st_size > MAX_STATE:
                return {}
            data = json.loads(self._file.read_bytes())
        except (OSError, ValueError):  # none yet, or damaged: all of it may be forgotten
            return {}
        return data if isinstance(data, dict) else {}


def _take(lock: int) -> None:
    """Polls, so that a stuck process cannot hold us for ever."""
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError("the lock of the account is held by another process") from None
            time.sleep(0.05)
        else:
            return


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    draft.replace(file)
