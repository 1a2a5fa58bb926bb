"""Broken channels: common mistakes, which more than one check notices. See ``testkit_broken``."""

from collections.abc import Iterator, Sequence
from uuid import uuid4

from testkit_memory import (
    Busy,
    MemoryChannel,
    Stored,
)

from ingest.contract import Checkpoint, Delivery, RawItem, Refusal
from ingest.errors import Refused


class MovesItsCheckpointEarly(MemoryChannel):
    """The checkpoint of a page already covers the next one, which is being downloaded."""

    def delivery(self, page: Sequence[Stored], position: int) -> Delivery:
        good = super().delivery(page, position)
        ahead = self.source.after(position, self.page_size)
        reached = ahead[-1].position if ahead else position
        return Delivery(good.items, {"after": reached}, good.acknowledge, good.refusals)


class HasRandomKeys(MemoryChannel):
    def key(self, stored: Stored) -> str:
        return uuid4().hex


class DeletesWhatItReads(MemoryChannel):
    def page(self, position: int) -> list[Stored]:
        page = super().page(position)
        self.acknowledge(page)
        return page


class LetsTheLibrarysErrorsThrough(MemoryChannel):
    def failure(self, error: Exception) -> Exception:
        return error


class SkipsTheHuge(MemoryChannel):
    def delivery(self, page: Sequence[Stored], position: int) -> Delivery:
        limit = self.settings.max_bytes
        return super().delivery([s for s in page if len(self.body(s)) <= limit], position)


class ReadsTheWholeOfTheHuge(MemoryChannel):
    def item(self, stored: Stored) -> RawItem:
        item = super().item(stored)
        return RawItem(
            item.source_key,
            item.kind,
            self.body(stored),
            item.received_at,
            item.facts,
            item.problem,
        )


class PagesByOffset(MemoryChannel):
    """Counts on the pages to stay where they are, while its own receipts shift them."""

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        offset = 0
        while page := self.source.ask()[offset : offset + self.page_size]:
            good = self.delivery(page, 0)
            yield Delivery(good.items, None, good.acknowledge, good.refusals)
            offset += len(page)


class RefusesTheMalformedForAll(MemoryChannel):
    def refusal(self, stored: Stored) -> Refusal:
        raise Refused("one item is broken")


class BeginsAgainUntilReceipted(MemoryChannel):
    """Counts on its own receipts to come to an end."""

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        while page := self.page(0):
            yield self.delivery(page, page[-1].position)


class RetriesByItself(MemoryChannel):
    def page(self, position: int) -> list[Stored]:
        while isinstance(self.source.trouble, Busy) and not self.source.gone.is_set():
            self.source.gone.wait(1)
        return super().page(position)
