"""Broken channels: reading and keys. See ``testkit_broken``."""

import hashlib
import itertools
from collections.abc import Iterator, Sequence

from testkit_memory import (
    MemoryChannel,
    MemorySettings,
    Source,
    Stored,
)

from ingest.contract import Checkpoint, Context, Delivery, RawItem
from ingest.errors import Refused


class ReadsSixPages(MemoryChannel):
    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        yield from itertools.islice(super().read(since), 6)


class SendsHeartbeats(MemoryChannel):
    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        if not self.page(0):
            yield Delivery(())
        yield from super().read(since)


class CachesItsListing(MemoryChannel):
    def __init__(self, source: Source, settings: MemorySettings, context: Context) -> None:
        super().__init__(source, settings, context)
        self.pages: dict[int, list[Stored]] = {}

    def page(self, position: int) -> list[Stored]:
        if position not in self.pages:
            self.pages[position] = super().page(position)
        return self.pages[position]


class NormalisesLineEnds(MemoryChannel):
    def body(self, stored: Stored) -> bytes:
        return super().body(stored).replace(b"\r\n", b"\n")


class HasNaiveTimes(MemoryChannel):
    def item(self, stored: Stored) -> RawItem:
        item = super().item(stored)
        local = stored.received_at.replace(tzinfo=None)
        return RawItem(item.source_key, item.kind, item.body, local, item.facts, item.problem)


class DeliversAllAtOnce(MemoryChannel):
    page_size = 10_000


class HasTuplesInItsCheckpoint(MemoryChannel):
    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        yield from super().read({"after": since["after"][0]} if since else {})

    def delivery(self, page: Sequence[Stored], position: int) -> Delivery:
        good = super().delivery(page, position)
        return Delivery(good.items, {"after": (position,)}, good.acknowledge, good.refusals)


class MovesPastNewcomers(MemoryChannel):
    """Reads the listing that it began with, and notes the newest item as the last one read."""

    horizon = 0

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        self.horizon = max((s.position for s in self.source.items), default=0)
        yield from super().read(since)

    def page(self, position: int) -> list[Stored]:
        return [s for s in super().page(position) if s.position <= self.horizon]

    def delivery(self, page: Sequence[Stored], position: int) -> Delivery:
        reached = self.source.items[-1].position if position == self.horizon else position
        return super().delivery(page, reached)


class TrustsItsClock(MemoryChannel):
    def delivery(self, page: Sequence[Stored], position: int) -> Delivery:
        now = self.context.now()
        return super().delivery([s for s in page if s.received_at <= now], position)


class HasLongKeys(MemoryChannel):
    def key(self, stored: Stored) -> str:
        return stored.id.rjust(500, "0")


class KeysByContent(MemoryChannel):
    def key(self, stored: Stored) -> str:
        return hashlib.sha256(stored.body or stored.id.encode()).hexdigest()


class KeysByDay(MemoryChannel):
    def key(self, stored: Stored) -> str:
        return f"{self.context.now():%Y%m%d}-{stored.id}"


class KeysByConnection(MemoryChannel):
    def __init__(self, source: Source, settings: MemorySettings, context: Context) -> None:
        super().__init__(source, settings, context)
        source.connections += 1
        self.number = source.connections
        self.is_open = True

    def key(self, stored: Stored) -> str:
        return f"{self.number}-{stored.id}"

    def close(self) -> None:
        self.source.connections -= self.is_open
        self.is_open = False


class KeysByPosition(MemoryChannel):
    def key(self, stored: Stored) -> str:
        return f"p{stored.position}"


class FetchesTheFirst(MemoryChannel):
    def fetch_again(self, source_key: str) -> RawItem:
        super().fetch_again(source_key)
        return RawItem(source_key, "text", self.body(self.source.items[0]))


class RaisesKeyErrorForTheUnknown(MemoryChannel):
    def fetch_again(self, source_key: str) -> RawItem:
        try:
            return super().fetch_again(source_key)
        except Refused:
            raise KeyError(source_key) from None
