"""Which files of a folder were delivered, as a checkpoint that does not grow.

With ``after = "leave"`` a folder may hold years of files. Naming all of them in the checkpoint
would make it grow for ever; a bare "everything up to this time" would lose a file that is put in
with an old time, or while the clock is set back. So the checkpoint holds

* ``recent``: the digests of the :data:`RECENT` files that arrived last,
* ``through`` and ``seal``: one hash over all delivered files up to that point of arrival.

When a process starts, it hashes what the folder holds up to ``through``. The same hash: exactly
these files were delivered. Another one (an old file slipped in, somebody cleaned up): they are
all delivered once more, which ``source_key`` makes harmless. No clock decides, so none can lose
a file. While a process lives it knows each file by name.
"""

import hashlib
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from ingest.contract import Checkpoint
from ingest.spool.listing import Entry

RECENT = 200
"""Two full deliveries; 4 kB of checkpoint."""


class Memory:
    """The files that were delivered and are still in the folder."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = {entry.identity: entry for entry in entries}

    def __contains__(self, entry: Entry) -> bool:
        return entry.identity in self._entries

    def among(self, listed: Iterable[Entry]) -> "Memory":
        """What of it the folder still holds."""
        return Memory(entry for entry in listed if entry in self)

    def with_(self, delivered: Iterable[Entry]) -> "Memory":
        return Memory([*self._entries.values(), *delivered])

    def checkpoint(self) -> dict[str, Any]:
        entries = sorted(self._entries.values(), key=attrgetter("mark"))
        old, recent = entries[:-RECENT], entries[-RECENT:]
        found: dict[str, Any] = {"recent": [entry.digest for entry in recent]}
        if old:
            found |= {"through": old[-1].mark, "seal": _seal(old)}
        return found


def recall(since: Checkpoint, listed: Sequence[Entry]) -> Memory:
    """The memory that ``since`` stands for, in a folder that now holds ``listed``."""
    recent = set(since.get("recent", ()))
    through = str(since.get("through", ""))
    known = [entry for entry in listed if entry.digest in recent]
    old = [entry for entry in listed if entry.mark <= through and entry.digest not in recent]
    old.sort(key=attrgetter("mark"))
    if old and _seal(old) == since.get("seal"):
        known += old
    return Memory(known)


def _seal(entries: Iterable[Entry]) -> str:
    marks = "".join(entry.mark for entry in entries)
    return hashlib.blake2b(marks.encode(), digest_size=16).hexdigest()
