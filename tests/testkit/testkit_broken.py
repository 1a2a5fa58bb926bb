"""Deliberately broken channels, each with one thing spoilt.

``ONLY_CAUGHT_BY`` has one for every check, which no other check notices: without it, nobody could
say that the check is needed, or that it can fail. ``ALSO_KNOWN`` has common mistakes that several
checks notice.
"""

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

from pydantic import ConfigDict, Field
from testkit_memory import (
    Busy,
    Denied,
    MemoryChannel,
    MemorySettings,
    MemoryWorld,
    Source,
    Stored,
    world_of,
)

from ingest.contract import Checkpoint, Context, Delivery, Finding, RawItem, Refusal
from ingest.errors import Later, Misconfigured, Refused

# -- reading -------------------------------------------------------------------------------------


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


# -- keys ----------------------------------------------------------------------------------------


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


# -- survival ------------------------------------------------------------------------------------


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


# -- failures ------------------------------------------------------------------------------------


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


# -- manners -------------------------------------------------------------------------------------


class ReadsOnWhenStopping(MemoryChannel):
    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        position = since.get("after", 0)
        while page := self.page(position):
            position = page[-1].position
            yield self.delivery(page, position)


class WaitsTooLong(MemoryChannel):
    def wait(self, timeout: timedelta) -> None:
        if not self.context.stopping():
            self.source.gone.wait(60)


class WaitsOutItsTime(MemoryChannel):
    def wait(self, timeout: timedelta) -> None:
        self.source.gone.wait(timeout.total_seconds())


class ClosesOnce(MemoryChannel):
    def close(self) -> None:
        del self.source


class ShowsItsPassword(MemoryChannel):
    def __repr__(self) -> str:
        return f"MemoryChannel({self.settings.password.get_secret_value()!r})"


class FailsWithItsPassword(MemoryChannel):
    def failure(self, error: Exception) -> Exception:
        if isinstance(error, Denied):
            password = self.settings.password.get_secret_value()
            return Misconfigured(f"{password} is refused.", remedy="Set `password`.")
        return super().failure(error)


class LogsItsPassword(MemoryChannel):
    def page(self, position: int) -> list[Stored]:
        self.context.log.debug("login", password=self.settings.password.get_secret_value())
        return super().page(position)


class LogsTheSender(MemoryChannel):
    def item(self, stored: Stored) -> RawItem:
        self.context.log.info("read", sender=stored.name)
        return super().item(stored)


class UndescribedSettings(MemorySettings):
    folder: str = "INBOX"


class PlainTokenSettings(MemorySettings):
    access_token: str = ""
    """What the other service asks for."""


class SampleLessSettings(MemorySettings):
    region: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    """Two digits."""


class ForgivingSettings(MemorySettings):
    model_config = ConfigDict(extra="ignore")


ONLY_CAUGHT_BY: dict[str, type[MemoryWorld]] = {
    "everything is read": world_of(ReadsSixPages),
    "an empty source yields nothing": world_of(SendsHeartbeats),
    "a second read brings what came since": world_of(CachesItsListing),
    "bodies are byte for byte": world_of(NormalisesLineEnds),
    "items are well formed": world_of(HasNaiveTimes),
    "deliveries are bounded": world_of(DeliversAllAtOnce),
    "checkpoints are json": world_of(HasTuplesInItsCheckpoint),
    "what comes while reading is kept once": world_of(MovesPastNewcomers),
    "a wrong clock loses nothing": world_of(TrustsItsClock),
    "keys fit": world_of(HasLongKeys),
    "equal items have different keys": world_of(KeysByContent),
    "keys are stable": world_of(KeysByDay),
    "two processes at once agree": world_of(KeysByConnection),
    "a redelivered item keeps its key": world_of(KeysByPosition),
    "an item can be fetched again": world_of(FetchesTheFirst),
    "an unknown key is refused": world_of(RaisesKeyErrorForTheUnknown),
    "a crash before landing loses nothing": world_of(LeasesForEver),
    "a crash before the receipt loses nothing": world_of(CatchesUpTooFar),
    "a crash after the receipt loses nothing": world_of(ReceiptConfirmsAll),
    "an old checkpoint reads again": world_of(RemembersWhatItRead),
    "a receipt may be signed twice": world_of(SignsOnlyOnce),
    "a receipt may never be signed": world_of(WaitsForReceipts),
    "the state folder may be wiped": world_of(NeedsItsState),
    "a cut connection means later": world_of(TakesACutForMisconfigured),
    "a cut in the middle loses nothing": world_of(SwallowsTheCut),
    "a throttle with a time is obeyed": world_of(IgnoresRetryAfter),
    "a throttle without a time means later": world_of(NeedsRetryAfter),
    "a dead credential is misconfigured": world_of(TakesADeadCredentialForLater),
    "a huge item lands with a problem": world_of(HidesThatItIsOnlyTheHead),
    "a huge item can be fetched whole": world_of(FetchesTheHead),
    "a malformed item stops nothing": world_of(DropsTheMalformed),
    "hostile names and encodings are read": world_of(KeysByName),
    "the check of a sound source is all right": world_of(ChecksNothing),
    "the check of a cut source says what to do": world_of(CheckRaisesLater),
    "the check of a dead credential says what to do": world_of(CheckHasNoRemedy),
    "reading stops when asked": world_of(ReadsOnWhenStopping),
    "waiting ends in time": world_of(WaitsTooLong),
    "waiting stops when asked": world_of(WaitsOutItsTime),
    "a channel may be closed twice": world_of(ClosesOnce),
    "no secret in repr": world_of(ShowsItsPassword),
    "no secret in failures": world_of(FailsWithItsPassword),
    "no secret in logs": world_of(LogsItsPassword),
    "no personal data in logs": world_of(LogsTheSender),
    "every setting is described": world_of(settings=UndescribedSettings),
    "secrets are declared secret": world_of(settings=PlainTokenSettings),
    "the sample settings are valid": world_of(settings=SampleLessSettings, region="34"),
    "unknown settings are refused": world_of(settings=ForgivingSettings),
}


# -- mistakes that more than one check notices ---------------------------------------------------


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


class RetriesByItself(MemoryChannel):
    def page(self, position: int) -> list[Stored]:
        while isinstance(self.source.trouble, Busy) and not self.source.gone.is_set():
            self.source.gone.wait(1)
        return super().page(position)


ALSO_KNOWN: dict[type[MemoryChannel], Any] = {
    MovesItsCheckpointEarly: "a crash before the receipt loses nothing",
    HasRandomKeys: "keys are stable",
    DeletesWhatItReads: "a crash before landing loses nothing",
    LetsTheLibrarysErrorsThrough: "a cut connection means later",
    SkipsTheHuge: "a huge item lands with a problem",
    ReadsTheWholeOfTheHuge: "a huge item lands with a problem",
    PagesByOffset: "everything is read",
    RefusesTheMalformedForAll: "a malformed item stops nothing",
    RetriesByItself: "a throttle without a time means later",
}
