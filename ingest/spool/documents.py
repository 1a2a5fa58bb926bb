"""What is known about a document besides its bytes: from its sidecar, else from its name."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from ingest.spool.folder import Document
from ingest.spool.listing import Entry, stat_entry
from ingest.spool.moving import Unreadable, read
from ingest.spool.settings import DocumentSettings
from ingest.spool.sidecars import MAX_BYTES, BadSidecar, normalised, parse, sidecar_of

PROBLEM = "sidecar_problem"
"""Name of the fact that says why a sidecar was not used."""


class Surroundings:
    """Sidecars and name patterns of one folder."""

    def __init__(self, settings: DocumentSettings) -> None:
        self._root = settings.folder
        self._settle = timedelta(seconds=settings.settle_seconds)
        self._patience = timedelta(seconds=settings.sidecar_seconds)
        self._pattern = re.compile(settings.name_pattern) if settings.name_pattern else None

    def complete(self, entry: Entry, quiet: timedelta, now: datetime) -> bool:
        """Whether the sidecar is there and has settled, or need not be waited for."""
        sidecar = sidecar_of(self._root, entry.relative)
        if sidecar is None:
            return quiet >= self._patience
        found = stat_entry(self._root, sidecar)
        if found is None:
            return False  # taken away between two looks: the next one decides
        still = now.timestamp() - found.mtime_ns / 1e9
        # a sidecar with a time ahead of our clock must not hold its document back for ever
        return still >= self._settle.total_seconds() or quiet >= max(
            self._patience, self._settle * 10
        )

    def companions(self, entry: Entry) -> Sequence[Entry]:
        """The sidecar, to be moved with its document."""
        sidecar = sidecar_of(self._root, entry.relative)
        found = stat_entry(self._root, sidecar) if sidecar else None
        return [found] if found else []

    def facts(self, document: Document) -> dict[str, str]:
        """Everything that sidecar and name say; the sidecar counts first."""
        return self._from_name(document.entry) | _from_sidecar(document)

    def _from_name(self, entry: Entry) -> dict[str, str]:
        if self._pattern is None:
            return {}
        name = normalised(entry.name).rpartition(".")[0]
        found = self._pattern.fullmatch(name)
        return {key: value for key, value in (found.groupdict() if found else {}).items() if value}


def _from_sidecar(document: Document) -> dict[str, str]:
    name = sidecar_of(document.folder, document.name)
    entry = stat_entry(document.folder, name) if name else None
    if name is None or entry is None:
        return {}
    try:
        body = read(document.folder / name, entry, MAX_BYTES + 1)
        return parse(body, name) if body is not None else {PROBLEM: "it changed while it was read"}
    except (BadSidecar, Unreadable) as error:
        # the document counts more than what stands beside it: it goes on, with this remark
        return {PROBLEM: str(error)}
