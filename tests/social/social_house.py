"""A house in memory with a clock that is passed in: drives a social channel through days of trouble
in seconds, the way the engine does, and may die at any point."""

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from ingest.contract import Channel, Context, Declaration, Delivery, Gap, RawItem
from ingest.errors import ChannelError, Later, Misconfigured

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@dataclass
class Moment:
    """The clock of the whole scene."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **length: float) -> None:
        self.now += timedelta(**length)


@dataclass
class House:
    """One account's engine. ``said``: the failures that an operator would read."""

    declaration: Declaration
    table: dict[str, Any]
    folder: Path
    clock: Moment
    skew: timedelta = timedelta()
    """How wrong our own clock is."""
    landed: dict[str, RawItem] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    said: list[ChannelError] = field(default_factory=list)
    checkpoint: dict[str, Any] = field(default_factory=dict)
    transactions: int = 0
    parked_until: datetime | None = None
    channel: Channel | None = None

    def open(self) -> Channel:
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = self.declaration.settings.model_validate(self.table)
        context = Context(
            "drill",
            structlog.get_logger(),
            lambda: self.clock() + self.skew,
            state_folder=self.folder,
        )
        return self.declaration.open(settings, context)

    def turn(self, chance: random.Random | None = None) -> None:
        """One read, unless the account is parked. With ``chance`` the process may die in it."""
        if self.parked_until and self.clock() < self.parked_until:
            return
        self.channel = self.channel or self.open()
        try:
            for delivery in self.channel.read(deepcopy(self.checkpoint)):
                if chance and chance.random() < 0.03:
                    self.channel = None  # dead before the landing
                    return
                self.land(delivery)
                if chance and chance.random() < 0.03:
                    self.channel = None  # dead right after it
                    return
        except ChannelError as failure:
            self._parked(failure)

    def land(self, delivery: Delivery) -> None:
        self.transactions += 1
        for item in delivery.items:
            self.landed.setdefault(item.source_key, item)
        for refusal in delivery.refusals:
            self.refused.setdefault(refusal.source_key, refusal.reason)
        self.gaps += delivery.gaps
        if delivery.checkpoint is not None:
            self.checkpoint = deepcopy(dict(delivery.checkpoint))

    def in_a_gap(self, at: datetime) -> bool:
        return any(gap.since <= at <= gap.until for gap in self.gaps)

    def restart(self) -> None:
        if self.channel is not None:
            self.channel.close()
        self.channel, self.parked_until = None, None

    def _parked(self, failure: ChannelError) -> None:
        self.said.append(failure)
        self.restart()
        wait = failure.after if isinstance(failure, Later) else None
        if isinstance(failure, Misconfigured):
            wait = timedelta(minutes=15)
        self.parked_until = self.clock() + (wait or timedelta(minutes=1))


Scene = Callable[..., House]
