"""WhatsApp in the hands of the contract suite."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from basvuru.plugin import WebhookRequest
from basvuru.testkit import World

from basvuru_whatsapp import CHANNEL
from basvuru_whatsapp.standin import (
    APP_SECRET,
    CUSTOMER,
    NAME,
    NUMBER_ID,
    TOKEN,
    VERIFY_TOKEN,
    StandIn,
    post_of,
    signed,
)

IN_ONE_POST = 150
"""Messages; more than one delivery holds."""


class WhatsAppWorld(World):
    """A number at Meta, with posts that wait for an answer."""

    declaration = CHANNEL
    without: ClassVar = {
        "rewind": "Meta repeats only what was not answered; the manual says so",
        "recall": "WhatsApp shows a message only once; what is fetched again are files",
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.meta = StandIn()
        self.waiting: list[WebhookRequest] = []
        self.posted: list[WebhookRequest] = []

    def table(self) -> dict[str, Any]:
        return {
            "kind": "whatsapp",
            "phone_number_id": NUMBER_ID,
            "access_token": TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY_TOKEN,
            "base_url": self.meta.url,
            "timeout_seconds": 2,
        }

    def put(self, count: int) -> Sequence[bytes]:
        bodies: list[bytes] = []
        for start in range(0, count, IN_ONE_POST):
            size = min(IN_ONE_POST, count - start)
            bodies += [self._post(*(self.meta.message() for _ in range(size)))] * size
        return bodies

    def posts(self) -> Sequence[WebhookRequest]:
        return tuple(self.waiting)

    def answered(self, post: WebhookRequest) -> None:
        self.waiting = [waiting for waiting in self.waiting if waiting is not post]

    def post(self) -> WebhookRequest:
        self.put(1)
        return self.waiting[-1]

    def twins(self) -> None:
        for _ in range(2):
            self._post(self.meta.message(type="text", text={"body": "the same"}))

    def redeliver(self) -> None:
        self.waiting += self.posted

    def huge(self) -> int:
        self._post(self.meta.photo(b"\xff\xd8" + b"x" * 20_000))
        return 20_002

    def malformed(self) -> None:
        self._take(signed(b'{"object": "whatsapp_business_account", "entry": [{"cha'))

    def hostile(self) -> Sequence[bytes]:
        texts = ["../../etc/passwd", "I\u0307 ı ğ", "a\nb\x00\u202e", "n" * 5_000]
        rows = [self.meta.message(type="text", text={"body": text}) for text in texts]
        odd = self.meta.message(type="text", text=["no object"])
        return [*[self._post(*rows, odd)] * 5, self._post({"id": 7})]

    def cut(self) -> None:
        self.meta.stop()

    def mend(self) -> None:
        self.meta.again()

    def kill_credential(self) -> None:
        self.meta.token = "another"

    def throttle(self, after: timedelta | None) -> None:
        body = json.dumps({"error": {"code": 80007, "message": "too many"}}).encode()
        headers = {"retry-after": str(int(after.total_seconds()))} if after else {}
        self.meta.trouble = (400, headers, body)

    def personal(self) -> Sequence[str]:
        return [NAME, CUSTOMER, "Poliçem iptal"]

    def close(self) -> None:
        self.meta.stop()

    def _post(self, *messages: Any) -> bytes:
        return self._take(post_of(*messages))

    def _take(self, post: WebhookRequest) -> bytes:
        self.waiting.append(post)
        self.posted.append(post)
        return post.body
