"""Reads received faxes: one file, one item of kind ``fax``."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ingest.channels.fax.settings import FaxSettings
from ingest.channels.fax.sources import Gateway, Hylafax, Source
from ingest.contract import Checkpoint, Context, Delivery, Finding, RawItem
from ingest.spool import Document, Spool, Surroundings, findings

_SUFFIXES = (".tif", ".tiff", ".pdf")


class FaxChannel:
    """The checkpoint: ``files`` (see :mod:`ingest.spool.memory`) and ``log``, how far the transfer
    log was read."""

    def __init__(self, settings: FaxSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        beside = Surroundings(settings)
        hylafax = settings.source == "hylafax"
        self._source: Source = Hylafax(settings) if hylafax else Gateway(settings, context, beside)
        self._spool = Spool(
            settings,
            context,
            _SUFFIXES,
            ready=self._source.ready,
            companions=(lambda _entry: ()) if hylafax else beside.companions,
        )

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        files = since.get("files", {})
        self._source.begin(since.get("log", {}))  # before the listing: a line follows its file
        listed = self._spool.listed()
        waiting = {entry.identity: entry.name for entry in self._spool.undelivered(files, listed)}
        self._source.expect(waiting.values())
        for batch in self._spool.batches(files, listed):
            items = [self._item(document) for document in batch.documents]
            for document in batch.documents:
                del waiting[document.entry.identity]
            log = self._source.checkpoint(waiting.values())
            yield Delivery(items, {"files": batch.checkpoint, "log": log}, batch.acknowledge)

    def wait(self, timeout: timedelta) -> None:
        self._spool.wait(timeout)

    def fetch_again(self, source_key: str) -> RawItem:
        self._source.begin({})
        return self._item(self._spool.find(source_key))

    def check(self) -> Sequence[Finding]:
        found = findings(self._spool, self._settings, self._context.now())
        return [*found, *self._source.check()]

    def close(self) -> None:
        """Nothing is held open between two calls."""

    def _item(self, document: Document) -> RawItem:
        facts, ended = self._source.describe(document)
        return RawItem(
            source_key=document.source_key,
            kind="fax",
            body=document.body,
            received_at=ended,
            facts=facts,
            problem=document.problem,
        )
