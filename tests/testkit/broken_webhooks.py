"""Broken channels: what is posted. See ``testkit_broken``."""

from collections.abc import Sequence
from uuid import uuid4

from testkit_memory import MemoryChannel

from ingest.contract import RawItem, WebhookRequest


class LooksOnlyWhetherThereIsASignature(MemoryChannel):
    def is_signed(self, request: WebhookRequest) -> bool:
        return "signature" in request.headers


class NeedsASignatureToRefuse(MemoryChannel):
    def is_signed(self, request: WebhookRequest) -> bool:
        return bool(request.headers["signature"]) and super().is_signed(request)


class KeysByPost(MemoryChannel):
    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem] | bytes:
        super().verify_and_items(request)
        return [RawItem(uuid4().hex, "text", request.body)]


class AsksTheSourceAboutAPost(MemoryChannel):
    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem] | bytes:
        items = super().verify_and_items(request)
        self.page(0)
        return items


class TakesWhatAnybodyPosts(MemoryChannel):
    def is_signed(self, request: WebhookRequest) -> bool:
        return True
