"""The contract suite on the channel ``linkedin``, over the stand-in."""

import itertools
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from ingest.channels.linkedin import CHANNEL
from ingest.contract import WebhookRequest
from ingest.testkit.standins.linkedin import (
    ORGANIZATION,
    REFRESH,
    SECRET,
    TOKEN,
    Comment,
    LinkedInStandin,
)
from ingest.testkit.suite import ChannelContract
from ingest.testkit.world import World


class LinkedInWorld(World):
    """A page with comments below its posts."""

    declaration = CHANNEL
    without: ClassVar = {"huge": "a comment has at most 1,250 characters"}

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.linkedin = LinkedInStandin()
        self.numbers = itertools.count(1)

    def table(self) -> dict[str, Any]:
        return {
            "kind": "linkedin",
            "poll_seconds": 0.000_001,
            "organization": ORGANIZATION,
            "access_token": TOKEN,
            "refresh_token": REFRESH,
            "client_id": "client",
            "client_secret": SECRET,
            "calls_per_day": 100_000,
            "base_url": self.linkedin.url,
        }

    def put(self, count: int) -> Sequence[bytes]:
        return [self.written(f"Şikâyet {next(self.numbers)}") for _ in range(count)]

    def written(self, text: str) -> bytes:
        """The envelope that the channel must bring, made without the channel."""
        made = self.linkedin.comment(text)
        return self.body(made)

    def body(self, comment: Comment) -> bytes:
        envelope = {
            "network": "linkedin",
            "kind": "comment",
            "external_id": comment.number,
            "first_id": comment.number,
            "version": "",
            "deleted": False,
            "data": self.linkedin.notifications[-1],
        }
        try:
            return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            return json.dumps(envelope, separators=(",", ":")).encode()

    def twins(self) -> None:
        for _ in range(2):
            self.linkedin.comment("aynısı")

    def redeliver(self) -> None:
        """The same comment is told of again, with its URN in the other spelling."""
        for told in self.linkedin.notifications:
            one, other = "comment:(activity:", "comment:(urn:li:activity:"
            urn = told["generatedActivity"]
            told["generatedActivity"] = (
                urn.replace(one, other) if one in urn else urn.replace(other, one)
            )
            told["notificationId"] += 1_000_000

    def malformed(self) -> None:
        self.linkedin.notifications.append({"action": "COMMENT", "text": "Zzelda Örnekoğlu"})

    def hostile(self) -> Sequence[bytes]:
        texts = [
            "\u0130stek \U0001f621",
            "I\u0307stek",
            "\ud83d half of a pair",
            "\x00\x1b[31m ../../etc",
            "\u202eters\u200b\ufeff",
            "x" * 1_250,
            "\u200b",
        ]
        return [self.written(text) for text in texts]

    def cut(self) -> None:
        self.linkedin.down = True

    def mend(self) -> None:
        self.linkedin.down = False

    def kill_credential(self) -> None:
        self.linkedin.token, self.linkedin.refresh = "another", "another"

    def throttle(self, after: timedelta | None) -> None:
        self.linkedin.throttle(after)

    def personal(self) -> Sequence[str]:
        return ["Zzelda Örnekoğlu", "urn:li:person:AAAAAAAAAA", "Şikâyet"]

    def post(self) -> WebhookRequest:
        self.linkedin.comment(f"Webhook {next(self.numbers)}")
        body, signature = self.linkedin.pushed(self.linkedin.notifications[-1])
        return WebhookRequest("POST", {}, {"x-li-signature": signature}, body)

    def close(self) -> None:
        self.linkedin.stop()


class TestLinkedIn(ChannelContract):
    world = LinkedInWorld
