"""The e-mail channel on a Maildir: a folder that the mail server on this machine delivers into.

Nothing is skipped. The time of a file's last change of inode (ctime) is set by the kernel when the
file is renamed into ``new``; unlike mtime it cannot be given by whoever delivers, copies or
restores the file. Files are read in that order, and the checkpoint, ``{"until": ctime in ns}``,
stays :data:`OVERLAP_NS` behind what was read: that covers equal times, a listing that ran beside a
delivery, and file systems that leave ctime alone on rename. While the process lives it remembers
the names that it has read, and any other name counts as new whatever its time; a clock that was
found set back voids the checkpoint. After a restart the files of the overlap are yielded again:
their source key, the unique part of the name, is known by then.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from ingest.channels.email.heads import FaxSorter
from ingest.channels.email.maildir_files import (
    Entry,
    entries,
    mark_seen,
    move_to_subfolder,
    read_entry,
    stamps,
)
from ingest.channels.email.settings import EmailSettings
from ingest.contract import Checkpoint, Context, Delivery, Finding, RawItem, Refusal, no_receipt
from ingest.errors import Later, Misconfigured, Refused

OVERLAP_NS = 600 * 10**9
"""Ten minutes; see above."""
BLOCK = 50
BATCH_BYTES = 32_000_000
SLICE = 0.5
"""Seconds between two looks at the folder, and at ``stopping``."""

T = TypeVar("T")

_REMEDY = "Check `maildir`, and that this user may read and list the folders in it."


class MaildirChannel:
    """Reads ``new`` and ``cur`` of one Maildir, oldest first, and leaves the files where they are
    unless ``after = "move"``."""

    def __init__(self, settings: EmailSettings, context: Context) -> None:
        assert settings.maildir is not None  # the settings' validator saw to it
        self._root: Path = settings.maildir
        self._settings = settings
        self._context = context
        self._faxes = FaxSorter(settings)
        self._known: set[str] = set()
        self._last: Checkpoint | None = None
        self._stamps: tuple[int, ...] = ()

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        fresh = self._fresh(since)
        until = int(since.get("until", 0))
        while fresh and not self._context.stopping():
            block = self._block(fresh)
            del fresh[: len(block)]
            until = max(until, block[-1].ctime_ns - OVERLAP_NS)
            delivery = self._delivery(block, {"until": until})
            yield delivery
            self._known.update(entry.key for entry in block)  # landed, or we would not be here
            self._last = delivery.checkpoint

    def wait(self, timeout: timedelta) -> None:
        end = time.monotonic() + timeout.total_seconds()
        while not self._context.stopping() and (left := end - time.monotonic()) > 0:
            if self._list(stamps) != self._stamps:
                return
            time.sleep(min(SLICE, left))

    def fetch_again(self, source_key: str) -> RawItem:
        entry = self._entries().get(source_key)
        whole = None if entry is None else self._item(entry, limit=None)
        if not isinstance(whole, RawItem):
            raise Refused("The mail is no longer in the Maildir.")
        return whole

    def check(self) -> Sequence[Finding]:
        try:
            listed = self._entries().values()
        except (Later, Misconfigured) as error:
            return [Finding("maildir", False, error.reason, _REMEDY)]
        newest = max((entry.mtime for entry in listed), default=None)
        age = ""
        if newest is not None:
            age = f", the newest {(self._context.now().timestamp() - newest) / 3600:.0f} h old"
        return [Finding("maildir", True, f"{len(listed)} mails{age}")]

    def close(self) -> None:
        """There is nothing to let go of."""

    def _fresh(self, since: Checkpoint) -> list[Entry]:
        """What is to be read, in order of ctime."""
        self._stamps = self._list(stamps)
        listed = self._entries()
        if since != self._last:  # another process read on, or this one is new
            until = self._trusted(since)
            self._known = {key for key, entry in listed.items() if entry.ctime_ns <= until}
            self._last = dict(since)
        self._known &= listed.keys()
        new = (entry for key, entry in listed.items() if key not in self._known)
        return sorted(new, key=lambda entry: entry.ctime_ns)

    def _trusted(self, since: Checkpoint) -> int:
        until = int(since.get("until", 0))
        return until if until <= self._context.now().timestamp() * 1e9 else 0

    def _block(self, fresh: Sequence[Entry]) -> Sequence[Entry]:
        total = 0
        for count, entry in enumerate(fresh[:BLOCK]):
            total += min(entry.size, self._settings.max_bytes)
            if total > BATCH_BYTES:
                return fresh[: max(1, count)]
        return fresh[:BLOCK]

    def _delivery(self, block: Sequence[Entry], checkpoint: Checkpoint) -> Delivery:
        results = [self._item(entry, self._settings.max_bytes) for entry in block]
        items = [result for result in results if isinstance(result, RawItem)]
        whole = {item.source_key for item in items if item.problem is None}
        moved = [entry for entry in block if entry.key in whole]

        def acknowledge() -> None:
            self._move(moved)

        return Delivery(
            items,
            checkpoint,
            acknowledge if self._settings.after == "move" else no_receipt,
            [result for result in results if isinstance(result, Refusal)],
        )

    def _item(self, entry: Entry, limit: int | None) -> RawItem | Refusal:
        try:
            body, problem = read_entry(self._root, entry, limit)
        except FileNotFoundError:
            return Refusal(entry.key, "gone before it could be read")
        except PermissionError:
            raise Misconfigured("A mail in the Maildir may not be read.", remedy=_REMEDY) from None
        except OSError as error:  # this file, not the others: it lands as an entry
            body, problem = b"", f"unreadable at the source: {type(error).__name__}"
        kind, facts = self._faxes.sort(body)
        received = datetime.fromtimestamp(entry.mtime, UTC)
        return RawItem(entry.key, kind, body, received, facts, problem)

    def _move(self, moved: Sequence[Entry]) -> None:
        for entry in moved:
            try:
                if self._settings.move_to:
                    move_to_subfolder(self._root, entry, self._settings.move_to)
                else:
                    mark_seen(self._root, entry)
            except OSError as error:  # recorded already, or moved by someone else
                self._context.log.warning("receipt_failed", reason=type(error).__name__)

    def _entries(self) -> dict[str, Entry]:
        return self._list(entries)

    def _list(self, look: Callable[[Path], T]) -> T:
        try:
            return look(self._root)
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            reason = f"The Maildir cannot be listed ({type(error).__name__})."
            raise Misconfigured(reason, remedy=_REMEDY) from None
        except OSError as error:
            raise Later(f"The Maildir cannot be listed ({type(error).__name__}).") from None
