"""The channel ``folder``: text files that somebody puts into a folder.

The smallest whole channel: copy this file to begin your own. Read it from the end: CHANNEL says
what there is, the settings say what an operator may choose, the class does the work. What it does
not do is the engine's: no loop, no retry, no database (see :mod:`ingest.contract`).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Literal

from ingest.contract import Checkpoint, Context, Declaration, Delivery, Finding, RawItem
from ingest.spool import Document, Spool, SpoolSettings, findings


class Settings(SpoolSettings):
    """What stands in ``[channels.NAME]``. Every setting has a docstring: it is the manual."""

    kind: Literal["folder"] = "folder"
    """Which channel this is: text files from a folder."""


class FolderChannel:
    """Each ``*.txt`` is one item. Its key is the file's path, size and time; see ``Spool``."""

    def __init__(self, settings: Settings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._spool = Spool(settings, context, suffixes=[".txt"])

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        """One delivery for each batch of new files; the receipt moves them, if that is wanted."""
        for batch in self._spool.batches(since):
            yield Delivery(
                items=[_item(document) for document in batch.documents],
                checkpoint=batch.checkpoint,
                acknowledge=batch.acknowledge,
            )

    def wait(self, timeout: timedelta) -> None:
        """Until a file is put there, at most ``timeout``."""
        self._spool.wait(timeout)

    def fetch_again(self, source_key: str) -> RawItem:
        """The file once more, also when it has been moved."""
        return _item(self._spool.find(source_key))

    def check(self) -> Sequence[Finding]:
        """Folder and permissions."""
        return findings(self._spool, self._settings, self._context.now())

    def close(self) -> None:
        """Nothing is held open between two calls."""


def _item(document: Document) -> RawItem:
    """Byte for byte: which encoding the text has is for the reader of ``text`` to find out."""
    return RawItem(
        source_key=document.source_key,
        kind="text",
        body=document.body,
        received_at=document.modified,
        problem=document.problem,
    )


CHANNEL = Declaration(
    kind="folder",
    summary="Text files from a folder, one application each.",
    settings=Settings,
    open=FolderChannel,
    contract_version=1,
)
