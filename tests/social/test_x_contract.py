"""The contract suite on the channel ``x``, over the stand-in."""

import itertools
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from ingest.channels.x import CHANNEL
from ingest.contract import WebhookRequest
from ingest.testkit.standins.x import ME, REFRESH, TOKEN, XStandin
from ingest.testkit.standins.x import Post as XPost
from ingest.testkit.standins.x_says import CONSUMER_SECRET
from ingest.testkit.suite import ChannelContract
from ingest.testkit.world import World


class XWorld(World):
    """An account on X, with mentions."""

    declaration = CHANNEL
    without: ClassVar = {
        "huge": "a post has at most 25,000 characters",
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.x = XStandin()
        self.numbers = itertools.count(1)

    def table(self) -> dict[str, Any]:
        return {
            "kind": "x",
            "poll_seconds": 0.000_001,
            "access_token": TOKEN,
            "refresh_token": REFRESH,
            "client_id": "client",
            "client_secret": "standin-x-client-secret",
            "consumer_secret": CONSUMER_SECRET,
            "brand": '"Örnek Sigorta"',
            "budget_usd": None,
            "base_url": self.x.url,
        }

    def put(self, count: int) -> Sequence[bytes]:
        return [self.body(self.x.post(f"Şikâyet {next(self.numbers)}")) for _ in range(count)]

    def body(self, post: XPost) -> bytes:
        """The envelope that the channel must bring, made without the channel."""
        envelope = {
            "network": "x",
            "kind": "post",
            "external_id": post.id,
            "first_id": post.versions[0][0],
            "version": "",
            "deleted": False,
            "data": {
                "data": self.x.row(post, "tweet"),
                "includes": {"users": [self.x.user(post.author)]},
            },
        }
        try:
            return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            return json.dumps(envelope, separators=(",", ":")).encode()

    def twins(self) -> None:
        for _ in range(2):
            self.x.post("aynısı")

    def redeliver(self) -> None:
        """Posts change their place in the list when others go: nothing has to be done."""
        self.x.posts.reverse()

    def malformed(self) -> None:
        self.x.malformed_rows = [{"text": "Zzelda Örnekoğlu, kimliksiz"}]

    def hostile(self) -> Sequence[bytes]:
        texts = [
            "\u0130stek \U0001f621",
            "I\u0307stek",
            "\ud83d half of a pair",
            "\x00\x1b[31m ../../etc",
            "\u202eters\u200b\ufeff",
            "x" * 25_000,
            "",
        ]
        return [self.body(self.x.post(text)) for text in texts]

    def cut(self) -> None:
        self.x.down = True

    def mend(self) -> None:
        self.x.down = False

    def kill_credential(self) -> None:
        self.x.token, self.x.refresh = "another", "another"

    def throttle(self, after: timedelta | None) -> None:
        self.x.throttle(after)

    def personal(self) -> Sequence[str]:
        return ["Zzelda Örnekoğlu", "musteri_ornek", "Şikâyet"]

    def post(self) -> WebhookRequest:
        made = self.x.post(f"Webhook {next(self.numbers)}")
        body, signature = self.x.event(made)
        return WebhookRequest("POST", {}, {"x-twitter-webhooks-signature": signature}, body)

    def close(self) -> None:
        self.x.stop()


class TestX(ChannelContract):
    world = XWorld


def test_the_account_of_the_stand_in_is_the_one_that_is_mentioned(tmp_path: Path) -> None:
    world = XWorld(tmp_path)
    try:
        assert json.loads(world.put(1)[0])["data"]["data"]["entities"]["mentions"][0]["id"] == ME
    finally:
        world.close()
