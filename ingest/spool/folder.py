"""A spool folder: which documents are ready, what was delivered, where they go afterwards."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.contract import MAX_ITEMS, Checkpoint, Context, no_receipt
from ingest.errors import Refused
from ingest.spool.endings import missing_end
from ingest.spool.listing import Entry, Identity, list_files, no_folder
from ingest.spool.memory import Memory, recall
from ingest.spool.moving import Found, Unreadable, everywhere, move, read
from ingest.spool.settings import SpoolSettings
from ingest.spool.watching import wait_for_change

BATCH_BYTES = 32_000_000
"""Bytes after which a batch is full: what one transaction, and memory, has to carry."""

HEAD_BYTES = 64 * 1024
"""What is handed in of an oversized file."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is ready.

    ``problem``: see :class:`~ingest.contract.RawItem`. ``modified``: when it was last written; not
    later than now, whatever the clock of its writer says. ``folder`` and ``name``: where it lies
    now (sidecars are beside it).
    """

    entry: Entry
    body: bytes = field(repr=False)
    problem: str | None
    modified: datetime
    folder: Path
    name: str

    @property
    def source_key(self) -> str:
        return self.entry.key


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents for one delivery, with its checkpoint and its receipt."""

    documents: Sequence[Document]
    checkpoint: dict[str, Any]
    acknowledge: Callable[[], None]


Ready = Callable[[Entry, timedelta], bool]
"""Whether a file that has been still for that time may be read: its sidecar or log line is there,
or need not be waited for any longer."""

Companions = Callable[[Entry], Sequence[Entry]]
"""The files that move together with a document."""


class Spool:
    """One folder and what is known about it. ``suffixes`` in lower case, with the dot."""

    def __init__(
        self,
        settings: SpoolSettings,
        context: Context,
        suffixes: Collection[str],
        *,
        ready: Ready = lambda _entry, _quiet: True,
        companions: Companions = lambda _entry: (),
    ) -> None:
        self.root = settings.folder
        self._settings = settings
        self._context = context
        self._suffixes = frozenset(suffixes)
        self._ready = ready
        self._companions = companions
        self._head = min(HEAD_BYTES, settings.max_bytes)
        self._memory = Memory()
        self._remembered: Checkpoint | None = None
        self._first_look: dict[Identity, datetime] = {}
        self._unfinished: set[Identity] = set()
        self._settling = False

    def listed(self) -> list[Entry]:
        """Every file there is, delivered or not. Raises: Later, Misconfigured."""
        return list_files(self.root, self._suffixes)

    def undelivered(self, since: Checkpoint, listed: Sequence[Entry]) -> list[Entry]:
        """Those of ``listed`` that were not delivered up to ``since``, in order of arrival."""
        self._recall(since, listed)
        fresh = [entry for entry in listed if entry not in self._memory]
        return sorted(fresh, key=lambda entry: entry.mark)

    def batches(
        self, since: Checkpoint, listed: Sequence[Entry] | None = None, *, most: int = MAX_ITEMS
    ) -> Iterator[Batch]:
        """The documents that are ready and were not delivered up to ``since``.

        ``listed`` saves a second listing where the caller has one. Raises: Later, Misconfigured.
        """
        listed = self.listed() if listed is None else listed
        fresh = self.undelivered(since, listed)
        self._put_away([entry for entry in listed if entry in self._memory])
        self._note(fresh)
        for documents in self._grouped(fresh, most):
            memory = self._memory.with_(document.entry for document in documents)
            batch = self._batch(documents, memory)
            yield batch
            # Only now it is certain that the batch was committed.
            self._memory, self._remembered = memory, batch.checkpoint

    def wait(self, timeout: timedelta) -> None:
        """Until there may be something new: a change and the time to settle after it, or the
        time that a file seen just now needs to settle. Raises: Misconfigured."""
        if not self.root.is_dir():
            raise no_folder(self.root)
        settle = max(self._settings.settle_seconds, 0.1)
        seconds = timeout.total_seconds()
        if self._settling:
            seconds = min(seconds, settle)
        wait_for_change(self.root, seconds, self._context.stopping, linger=settle)

    def find(self, source_key: str) -> Document:
        """The document once more, whole, from the folder or from ``processed``.

        Raises: Refused when it is gone or cannot be read; Later, Misconfigured.
        """
        for found in everywhere(self.root, self._suffixes):
            if found.entry.key != source_key:
                continue
            try:
                body = read(found.path, found.entry)
            except Unreadable as error:
                raise Refused(f"The file cannot be read: {error}.") from None
            if body is not None:
                return self._document(found.entry, body, _incomplete(body, found.entry), found)
        raise Refused("The file is no longer in the folder, nor among the processed ones.")

    def _recall(self, since: Checkpoint, listed: Sequence[Entry]) -> None:
        if since == self._remembered:
            self._memory = self._memory.among(listed)
        else:  # a new process, or the batch that we gave last was not committed
            self._memory, self._remembered = recall(since, listed), dict(since)

    def _note(self, fresh: Sequence[Entry]) -> None:
        """Remember since when each waiting file has been seen as it is; forget the others."""
        now = self._context.now()
        seen = self._first_look
        self._first_look = {entry.identity: seen.get(entry.identity, now) for entry in fresh}
        self._unfinished &= self._first_look.keys()
        self._settling = False

    def _quiet(self, entry: Entry) -> timedelta:
        """How long the file has been still: by its own times, or, where the file server's clock
        is ahead of ours, since we first saw it as it is."""
        touched = _moment(max(entry.mtime_ns, entry.ctime_ns))
        return self._context.now() - min(touched, self._first_look[entry.identity])

    def _grouped(self, fresh: Sequence[Entry], most: int) -> Iterator[list[Document]]:
        group: list[Document] = []
        for entry in fresh:
            if self._context.stopping():
                return
            document = self._load(entry)
            if document is None:
                continue
            group.append(document)
            if len(group) >= most or sum(len(one.body) for one in group) >= BATCH_BYTES:
                yield group
                group = []
        if group:
            yield group

    def _load(self, entry: Entry) -> Document | None:
        """The document, or None while it is not ready."""
        quiet = self._quiet(entry).total_seconds()
        if quiet < self._settings.settle_seconds:
            self._settling = True
            return None
        patient = quiet < self._settings.give_up_seconds
        if patient and entry.identity in self._unfinished:
            return None
        if not self._ready(entry, timedelta(seconds=quiet)):
            return None
        return self._read(entry, patient)

    def _read(self, entry: Entry, patient: bool) -> Document | None:
        large = entry.size > self._settings.max_bytes
        try:
            body = read(self.root / entry.relative, entry, self._head if large else -1)
        except Unreadable as error:
            # a fax server opens a file to others when the call has ended: wait, then say so
            problem = f"unreadable at the source: {error}"
            return None if patient else self._document(entry, b"", problem)
        if body is None:
            return None
        if large:
            return self._document(entry, body, self._oversized(entry))
        missing = _incomplete(body, entry)
        if missing and patient:
            self._unfinished.add(entry.identity)
            return None
        return self._document(entry, body, missing)

    def _document(
        self, entry: Entry, body: bytes, problem: str | None, at: Found | None = None
    ) -> Document:
        folder, name = (at.base, at.stored) if at else (self.root, entry.relative)
        changed = min(_moment(entry.mtime_ns), self._context.now())
        return Document(entry, body, problem, changed, folder, name)

    def _oversized(self, entry: Entry) -> str:
        return f"oversized: {_megabytes(entry.size)} of {_megabytes(self._settings.max_bytes)}"

    def _batch(self, documents: Sequence[Document], memory: Memory) -> Batch:
        entries = [document.entry for document in documents]
        leave = self._settings.after == "leave"
        receipt = no_receipt if leave else lambda: self._put_away(entries)
        return Batch(documents, memory.checkpoint(), receipt)

    def _put_away(self, delivered: Sequence[Entry]) -> None:
        """Move what was delivered; also what an earlier process delivered and did not get to."""
        if self._settings.after == "leave":
            return
        for entry in delivered:
            try:
                for companion in self._companions(entry):
                    move(self.root, companion)
                move(self.root, entry)
            except OSError as error:
                # the receipt is a courtesy: the file is recorded, stays, and is tried again
                self._context.log.warning(
                    "spool_file_not_moved", file=entry.digest, error=error.strerror
                )


def oldest_change(entries: Sequence[Entry]) -> datetime:
    """When the file that has lain there longest was put there. ``entries`` is not empty."""
    return _moment(min(entry.ctime_ns for entry in entries))


def _incomplete(body: bytes, entry: Entry) -> str | None:
    problem = missing_end(body, entry.suffix)
    return f"incomplete: {problem}" if problem else None


def _moment(ns: int) -> datetime:
    return datetime.fromtimestamp(ns / 1e9, UTC)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size} bytes"
