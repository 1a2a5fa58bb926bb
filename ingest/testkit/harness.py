"""An engine in memory that drives a channel exactly as :mod:`ingest.contract` says.

It keeps what the real one keeps (landed items under a unique key, refusals, the last committed
checkpoint), can die at every point of the way, and hears what the channel logs.
"""

import itertools
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from pathlib import Path

import structlog

from ingest.contract import (
    MAX_ITEMS,
    Channel,
    ChannelSettings,
    Checkpoint,
    Context,
    Delivery,
    RawItem,
    Webhook,
)
from ingest.registry import validated
from ingest.testkit.world import World

ACCOUNT = "under-test"
MAX_DELIVERIES = 2_000
"""Deliveries of one read after which it counts as endless."""


class Die(Enum):
    """Where the process dies, seen from one delivery."""

    BEFORE_LANDING = "before the delivery was landed"
    BEFORE_RECEIPT = "after the landing, before the receipt"
    AFTER_RECEIPT = "right after the receipt"


@dataclass
class Engine:
    """One account's engine. A method that opens the channel stands for a new process."""

    world: World
    state_folder: Path
    skew: timedelta = timedelta()
    """How wrong our clock is."""

    landed: dict[str, RawItem] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    checkpoint: Checkpoint = field(default_factory=dict)
    committed: list[Checkpoint] = field(default_factory=list)
    stop: bool = False
    _graves: list[object] = field(default_factory=list, repr=False)

    @property
    def settings(self) -> ChannelSettings:
        return validated(ACCOUNT, self.world.table(), self.world.declaration)

    @property
    def seen(self) -> int:
        """Different items that were accounted for."""
        return len(self.landed.keys() | self.refused.keys())

    def open(self) -> Channel:
        return self.world.declaration.open(self.settings, self.context())

    def context(self) -> Context:
        self.state_folder.mkdir(parents=True, exist_ok=True)
        return Context(
            account=ACCOUNT,
            log=structlog.get_logger().bind(account=ACCOUNT),
            now=lambda: datetime.now(UTC) + self.skew,
            stopping=lambda: self.stop,
            state_folder=self.state_folder,
        )

    def poll(self, *, receipts: bool = True) -> None:
        """A process that reads until there is nothing more, and ends."""
        channel = self.open()
        try:
            self.drain(channel, receipts=receipts)
        finally:
            channel.close()

    def drain(self, channel: Channel, *, receipts: bool = True) -> int:
        """Read what there is. Returns the number of deliveries."""
        number = 0
        for number, delivery in enumerate(self.deliveries(channel), start=1):  # noqa: B007
            self.land(delivery)
            if receipts:
                delivery.acknowledge()
        return number

    def deliveries(self, channel: Channel, since: Checkpoint | None = None) -> Iterator[Delivery]:
        """What was posted, then what ``read`` yields, from the last committed checkpoint unless
        told otherwise."""
        yield from self._posted(channel)
        reading = iter(channel.read(deepcopy(self.checkpoint if since is None else since)))
        self._graves.append(reading)
        yield from itertools.islice(reading, MAX_DELIVERIES)
        assert next(reading, None) is None, f"read() does not end after {MAX_DELIVERIES} deliveries"

    def _posted(self, channel: Channel) -> Iterator[Delivery]:
        """What the portal does: a post is answered when all that it brought was landed."""
        for post in tuple(self.world.posts()):
            if self.stop:
                return
            assert isinstance(channel, Webhook), "the source posts, and the channel is no Webhook"
            items = channel.verify_and_items(post)
            assert not isinstance(items, bytes), "items are posted, and a challenge is answered"
            pages = [items[at : at + MAX_ITEMS] for at in range(0, len(items), MAX_ITEMS)]
            answered = partial(self.world.answered, post)
            for page in pages[:-1]:
                yield Delivery(page)
            yield from (Delivery(page, acknowledge=answered) for page in pages[-1:])

    def land(self, delivery: Delivery) -> None:
        """One transaction: items, refusals and checkpoint; a key that is known changes nothing."""
        for item in delivery.items:
            self.landed.setdefault(item.source_key, item)
        for refusal in delivery.refusals:
            self.refused.setdefault(refusal.source_key, refusal.reason)
        if delivery.checkpoint is not None:
            self.checkpoint = deepcopy(delivery.checkpoint)
            self.committed.append(self.checkpoint)

    def die(self, where: Die, *, at: int) -> bool:
        """A process that dies at delivery ``at`` (from 0). False: there was no such delivery.

        Nothing is closed: a dead process runs no ``finally``. What it leaves open is kept until
        the check is over, so that the interpreter does not tidy up for it.
        """
        channel = self.open()
        self._graves.append(channel)
        for number, delivery in enumerate(self.deliveries(channel)):
            if number == at and where is Die.BEFORE_LANDING:
                return True
            self.land(delivery)
            if number == at and where is Die.BEFORE_RECEIPT:
                return True
            delivery.acknowledge()
            if number == at:
                return True
        channel.close()
        return False
