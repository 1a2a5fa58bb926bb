"""A clock that the tests set, and an engine that reads a channel by it, process after process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from ingest.contract import Channel, Context, Declaration, Gap, RawItem, ReplyTo, WebhookRequest
from ingest.social.meta_channel import MetaChannel
from ingest.testkit.standins.graph import APP_SECRET, TOKEN, VERIFY_TOKEN, GraphServer
from ingest.testkit.standins.graph_data import IG, PAGE

START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """Stands still until it is moved."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class Reading:
    """What was landed of one account. Each :meth:`read` is a process of its own."""

    declaration: Declaration
    server: GraphServer
    clock: SetClock
    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    landed: dict[str, RawItem] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    checkpoint: Mapping[str, Any] = field(default_factory=dict)

    def open(self) -> MetaChannel:
        table = {
            "page_id": PAGE,
            "page_token": TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY_TOKEN,
            "graph_url": self.server.url,
            "poll_seconds": 60,
        } | self.options
        if self.declaration.kind == "instagram":
            table["instagram_id"] = IG
        settings = self.declaration.settings.model_validate(table)
        log = structlog.get_logger()
        context = Context("musteri", log, self.clock, state_folder=self.folder)
        channel = self.declaration.open(settings, context)
        assert isinstance(channel, MetaChannel)
        return channel

    def read(self, **later: float) -> list[RawItem]:
        """What is new after this time. Raises what the channel raises."""
        self.clock.pass_(**(later or {"minutes": 2}))
        channel = self.open()
        try:
            return self.drain(channel)
        finally:
            channel.close()

    def drain(self, channel: Channel) -> list[RawItem]:
        new = []
        for delivery in channel.read(self.checkpoint):
            new += self.land(delivery.items)
            self.gaps += delivery.gaps
            if delivery.checkpoint is not None:
                self.checkpoint = delivery.checkpoint
        return new

    def land(self, items: "list[RawItem] | Any") -> list[RawItem]:
        new = [item for item in items if item.source_key not in self.landed]
        for item in items:
            self.landed.setdefault(item.source_key, item)
        return new

    def push(self, *numbers: int) -> list[RawItem]:
        """What the portal does with these changes of the server's."""
        body, header = self.server.signed(*numbers)
        request = WebhookRequest("POST", {}, {"x-hub-signature-256": header}, body)
        items = self.open().verify_and_items(request)
        assert not isinstance(items, bytes)
        return self.land(items)


def reply_to(item: RawItem) -> ReplyTo:
    return ReplyTo(item.source_key, item.facts)


def texts(items: list[RawItem], word: str = "message") -> list[str]:
    """What stands in them, without asking the reader."""

    return sorted(json.loads(item.body)["data"].get(word, "") for item in items)
