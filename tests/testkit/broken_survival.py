"""Broken channels: crashes and failures. See ``testkit_broken``."""

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from testkit_memory import (
    Denied,
    MemoryChannel,
    Stored,
)

from ingest.contract import Checkpoint, Delivery, Finding, RawItem
from ingest.errors import Later, Misconfigured


class LeasesForEver(MemoryChannel):
    """Takes a lease at the source with each page and gives it back when it goes on."""

    def page(self, position: int) -> list[Stored]:
        page = [s for s in super().page(position) if s.position not in self.source.leased]
        self.source.leased = {stored.position for stored in page}
        return page


class CatchesUpTooFar(MemoryChannel):
    """Finds a page whose receipt was never signed, signs it, and one item more."""

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        position = since.get("after", 0)
        leftover = [s for s in self.source.items if s.position <= position]
        if leftover and leftover[0].position > 1:
            self.acknowledge(self.source.items[: len(leftover) + 1])
        yield from super().read(since)


class ReceiptConfirmsAll(MemoryChannel):
    """Moves the source's own cursor to its end with a receipt, and back when it goes on."""

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        yield from super().read({"after": max(since.get("after", 0), self.source.cursor)})

    def page(self, position: int) -> list[Stored]:
        self.source.cursor = 0
        return super().page(position)

    def acknowledge(self, page: Sequence[Stored]) -> None:
        self.source.cursor = max((s.position for s in self.source.items), default=0)
        super().acknowledge(page)


class RemembersWhatItRead(MemoryChannel):
    """Keeps a list of its own of what was read, beside the checkpoint."""

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        assert self.context.state_folder is not None
        memory = self.context.state_folder / "seen.json"
        seen = json.loads(memory.read_text()) if memory.exists() else []
        for delivery in super().read(since):
            position = (delivery.checkpoint or {})["after"]
            if position not in seen:
                yield delivery
                seen.append(position)
                memory.write_text(json.dumps(seen))


class SignsOnlyOnce(MemoryChannel):
    def delivery(self, page: Sequence[Stored], position: int) -> Delivery:
        good = super().delivery(page, position)
        unsigned = [page]
        return Delivery(
            items=good.items,
            checkpoint=good.checkpoint,
            acknowledge=lambda: self.acknowledge(unsigned.pop()),
            refusals=good.refusals,
        )


class WaitsForReceipts(MemoryChannel):
    """Goes on only while at most four pages are without a receipt."""

    unsigned = 0

    def page(self, position: int) -> list[Stored]:
        return [] if self.unsigned >= 4 else super().page(position)

    def delivery(self, page: Sequence[Stored], position: int) -> Delivery:
        self.unsigned += 1
        return super().delivery(page, position)

    def acknowledge(self, page: Sequence[Stored]) -> None:
        self.unsigned -= 1
        super().acknowledge(page)


class NeedsItsState(MemoryChannel):
    def page(self, position: int) -> list[Stored]:
        assert self.context.state_folder is not None
        cursor = self.context.state_folder / "cursor"
        if position:
            cursor.read_text()
        else:
            cursor.write_text("in use")
        return super().page(position)


class TakesACutForMisconfigured(MemoryChannel):
    """A host that cannot be reached at first is taken for a wrong host name."""

    was_there = False

    def page(self, position: int) -> list[Stored]:
        page = super().page(position)
        self.was_there = True
        return page

    def failure(self, error: Exception) -> Exception:
        if isinstance(error, OSError) and not self.was_there:
            return Misconfigured("There is no such host.", remedy="Check the name.")
        return super().failure(error)


class SwallowsTheCut(MemoryChannel):
    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        reading = super().read(since)
        yield from itertools.islice(reading, 1)
        try:
            yield from reading
        except Later:
            yield Delivery((), {"after": 10**6})  # "we are at the end"


class IgnoresRetryAfter(MemoryChannel):
    def asked_to_wait(self, headers: Mapping[str, str]) -> timedelta | None:
        return None


class NeedsRetryAfter(MemoryChannel):
    def asked_to_wait(self, headers: Mapping[str, str]) -> timedelta | None:
        return timedelta(seconds=int(headers["Retry-After"]))


class TakesADeadCredentialForLater(MemoryChannel):
    def failure(self, error: Exception) -> Exception:
        return Later("The login failed.") if isinstance(error, Denied) else super().failure(error)


class HidesThatItIsOnlyTheHead(MemoryChannel):
    def item(self, stored: Stored) -> RawItem:
        item = super().item(stored)
        return RawItem(item.source_key, item.kind, item.body, item.received_at, item.facts)


class FetchesTheHead(MemoryChannel):
    def fetch_again(self, source_key: str) -> RawItem:
        whole = super().fetch_again(source_key)
        return RawItem(source_key, whole.kind, whole.body[: self.settings.max_bytes])


class DropsTheMalformed(MemoryChannel):
    def delivery(self, page: Sequence[Stored], position: int) -> Delivery:
        good = super().delivery(page, position)
        return Delivery(good.items, good.checkpoint, good.acknowledge)


class KeysByName(MemoryChannel):
    def key(self, stored: Stored) -> str:
        return f"{stored.name}/{stored.id}"


class ChecksNothing(MemoryChannel):
    def check(self) -> Sequence[Finding]:
        return [finding for finding in super().check() if not finding.ok]


class CheckRaisesLater(MemoryChannel):
    def check(self) -> Sequence[Finding]:
        try:
            self.page(0)
        except Misconfigured:
            return super().check()
        return super().check()


class CheckHasNoRemedy(MemoryChannel):
    def check(self) -> Sequence[Finding]:
        try:
            self.page(0)
        except Misconfigured as failure:
            return [Finding("service", False, failure.reason)]
        except Later:
            return super().check()
        return super().check()
