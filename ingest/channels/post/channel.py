"""Reads scanned letters: one file, or one letter of a scanned stack, is one item of kind ``post``.

A letter of a stack has the key of its file with the pages behind it (``...#p3-5``), those pages
as its body, and the facts ``batch`` (key of the file), ``batch_sha256`` and ``pages``.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from ingest.channels.post.batches import Letter, Stack, Stopped, Unsplittable, split
from ingest.channels.post.delivery import Arrival, arrival
from ingest.channels.post.settings import PostSettings
from ingest.contract import MAX_ITEMS, Checkpoint, Context, Delivery, Finding, RawItem, Refusal
from ingest.errors import Later, Refused
from ingest.spool import Batch, Document, Entry, Spool, Surroundings, findings

_SUFFIXES = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png")
_STACKS = (".pdf", ".tif", ".tiff")
"""Types that may hold more than one letter."""

_LETTER_KEY = re.compile(r"(?P<file>.*)#p(?P<pages>\d+-\d+)", re.DOTALL)
"""A letter of a stack. The key of a file ends with its size and time, never like this."""


class PostChannel:
    """With ``batches`` each file is a delivery of its own: dividing it takes seconds."""

    def __init__(self, settings: PostSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._beside = Surroundings(settings)
        self._spool = Spool(
            settings, context, _SUFFIXES, ready=self._ready, companions=self._beside.companions
        )

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        most = MAX_ITEMS if self._settings.batches == "none" else 1
        try:
            for batch in self._spool.batches(since, most=most):
                yield from self._deliveries(batch)
        except Stopped:
            return  # the stack was not delivered: it comes again after the restart

    def wait(self, timeout: timedelta) -> None:
        self._spool.wait(timeout)

    def fetch_again(self, source_key: str) -> RawItem:
        named = _LETTER_KEY.fullmatch(source_key)
        if named is None:
            return self._whole(self._spool.find(source_key))
        document = self._spool.find(named["file"])
        try:
            letters = self._stack(document).letters
        except Unsplittable as error:
            raise Refused(f"The scanned stack cannot be divided: {error}.") from None
        except Stopped:
            raise Later("The program is about to stop.") from None
        for letter in letters:
            if letter.pages == named["pages"]:
                return self._letter(document, letter)
        raise Refused("The scanned stack is divided at other pages now.")

    def check(self) -> Sequence[Finding]:
        return findings(self._spool, self._settings, self._context.now())

    def close(self) -> None:
        """Nothing is held open between two calls."""

    def _ready(self, entry: Entry, quiet: timedelta) -> bool:
        return self._beside.complete(entry, quiet, self._context.now())

    def _deliveries(self, batch: Batch) -> Iterator[Delivery]:
        """One delivery, or, for a stack of very many letters, several: the checkpoint comes with
        the last."""
        items: list[RawItem] = []
        originals: list[bytes] = []
        refusals: list[Refusal] = []
        for document in batch.documents:
            found = self._items(document)
            items += found
            if any("batch" in item.facts for item in found):
                originals.append(document.body)
            if not found:
                refusals.append(Refusal(document.source_key, "nothing but separator sheets"))
        while len(items) > MAX_ITEMS:
            yield Delivery(items[:MAX_ITEMS])
            items = items[MAX_ITEMS:]
        yield Delivery(items, batch.checkpoint, batch.acknowledge, refusals, originals)

    def _items(self, document: Document) -> list[RawItem]:
        """The letters in a file. Raises: Stopped."""
        if document.problem:
            return [self._whole(document)]
        try:
            stack = self._stack(document)
        except Unsplittable as error:
            return [self._whole(document, f"stack not divided: {error}")]
        if stack.whole:
            return [self._whole(document)]
        return [self._letter(document, letter) for letter in stack.letters]

    def _stack(self, document: Document) -> Stack:
        mode = self._settings.batches
        if mode == "none" or document.entry.suffix not in _STACKS:
            return Stack((), whole=True)
        return split(document.body, document.entry.suffix, mode, self._context.stopping)

    def _whole(self, document: Document, problem: str | None = None) -> RawItem:
        return _item(
            document.source_key,
            document.body,
            self._arrival(document),
            {},
            document.problem or problem,
        )

    def _letter(self, document: Document, letter: Letter) -> RawItem:
        facts = {
            "batch": document.source_key,
            "batch_sha256": hashlib.sha256(document.body).hexdigest(),
            "pages": letter.pages,
        }
        key = f"{document.source_key}#p{letter.pages}"
        return _item(key, letter.body, self._arrival(document), facts, None)

    def _arrival(self, document: Document) -> Arrival:
        return arrival(document, self._beside.facts(document), self._context.now())


def _item(
    key: str, body: bytes, arrived: Arrival, facts: dict[str, str], problem: str | None
) -> RawItem:
    return RawItem(key, "post", body, arrived.at, arrived.facts | facts, problem)
