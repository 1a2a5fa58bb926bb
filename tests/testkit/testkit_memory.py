"""A message service in memory, the channel that reads it well, and its world.

Every broken adapter (``testkit_broken``) is this channel with one thing spoilt.
"""

import hmac
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SecretStr

from ingest.contract import (
    ChannelSettings,
    Checkpoint,
    Context,
    Declaration,
    Delivery,
    Finding,
    RawItem,
    Refusal,
    WebhookRequest,
)
from ingest.errors import Later, Misconfigured, Refused
from ingest.testkit.world import World

SENDER = "Zzelda Örnekoğlu 0555 000 12 34"
PASSWORD = "correct-horse-battery"


class MemorySettings(ChannelSettings):
    """Settings of the account on the service."""

    kind: Literal["memory"] = "memory"
    """Which channel this is."""
    password: SecretStr
    """What the service asks for."""
    max_bytes: Annotated[int, Field(gt=0)] = 1_000
    """Larger items come as their head."""


@dataclass
class Stored:
    """One message at the service. ``position`` is new with every (re)delivery, ``id`` is not."""

    position: int
    id: str
    name: str
    body: bytes | None
    received_at: datetime


class Denied(Exception):
    """The service does not know the password."""


class Busy(Exception):
    """The service is asked too often."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__("busy")
        self.headers = headers


@dataclass
class Source:
    """The service: a list with positions, in order of arrival."""

    items: list[Stored] = field(default_factory=list)
    trouble: Exception | None = None
    connections: int = 0
    leased: set[int] = field(default_factory=set)
    cursor: int = 0
    gone: Event = field(default_factory=Event)
    _positions: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, body: bytes | None, *, id: str = "", name: str = SENDER) -> None:  # noqa: A002
        position = next(self._positions)
        key = id or f"m{position}"
        self.items.append(Stored(position, key, name, body, datetime.now(UTC)))

    def ask(self) -> list[Stored]:
        if self.trouble is not None:
            raise self.trouble
        return list(self.items)

    def after(self, position: int, limit: int) -> list[Stored]:
        return [item for item in self.ask() if item.position > position][:limit]

    def remove(self, item: Stored) -> None:
        """Removing twice is no error, as with IMAP's STORE."""
        self.items = [other for other in self.items if other.position != item.position]


def signature(body: bytes) -> str:
    return hmac.digest(PASSWORD.encode(), body, "sha256").hex()


class MemoryChannel:
    """Reads the service by position, in pages."""

    page_size = 50

    def __init__(self, source: Source, settings: MemorySettings, context: Context) -> None:
        self.source = source
        self.settings = settings
        self.context = context

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        position = since.get("after", 0)
        while page := self.page(position):
            position = page[-1].position
            yield self.delivery(page, position)
            if self.context.stopping():
                return

    def page(self, position: int) -> list[Stored]:
        try:
            return self.source.after(position, self.page_size)
        except Exception as error:
            raise self.failure(error) from error

    def failure(self, error: Exception) -> Exception:
        if isinstance(error, Denied):
            return Misconfigured("The service refuses the password.", remedy="Set `password`.")
        if isinstance(error, Busy):
            return Later("The service is busy.", after=self.asked_to_wait(error.headers))
        return Later("The service cannot be reached.") if isinstance(error, OSError) else error

    def asked_to_wait(self, headers: Mapping[str, str]) -> timedelta | None:
        seconds = headers.get("Retry-After")
        return timedelta(seconds=int(seconds)) if seconds else None

    def delivery(self, page: Sequence[Stored], position: int) -> Delivery:
        return Delivery(
            items=[self.item(stored) for stored in page if stored.body is not None],
            checkpoint={"after": position},
            acknowledge=partial(self.acknowledge, page),
            refusals=[self.refusal(stored) for stored in page if stored.body is None],
        )

    def item(self, stored: Stored) -> RawItem:
        body, limit = self.body(stored), self.settings.max_bytes
        oversized = len(body) > limit
        return RawItem(
            source_key=self.key(stored),
            kind="text",
            body=body[:limit],
            received_at=stored.received_at,
            facts={"sender": stored.name},
            problem=f"oversized: {len(body)} of {limit} bytes" if oversized else None,
        )

    def body(self, stored: Stored) -> bytes:
        return stored.body or b""

    def refusal(self, stored: Stored) -> Refusal:
        return Refusal(self.key(stored), "the service lost the body")

    def key(self, stored: Stored) -> str:
        return stored.id

    def acknowledge(self, page: Sequence[Stored]) -> None:
        for stored in page:
            self.source.remove(stored)

    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem] | bytes:
        """A post is a key, a line end and the body of one item."""
        if not self.is_signed(request):
            raise Refused("The post is not signed by the service.")
        key, _, body = request.body.partition(b"\n")
        return [RawItem(key.decode("ascii"), "text", body)]

    def is_signed(self, request: WebhookRequest) -> bool:
        given = request.headers.get("signature", "")
        return hmac.compare_digest(given.encode(), signature(request.body).encode())

    def wait(self, timeout: timedelta) -> None:
        deadline = min(timeout.total_seconds(), 0.01)  # the service has no push: read again soon
        if not self.context.stopping():
            self.source.gone.wait(deadline)

    def fetch_again(self, source_key: str) -> RawItem:
        for stored in self.source.ask():
            if self.key(stored) == source_key:
                return RawItem(source_key, "text", self.body(stored))
        raise Refused("The service no longer has this item.")

    def check(self) -> Sequence[Finding]:
        try:
            self.page(0)
        except (Later, Misconfigured) as failure:
            return [
                Finding("service", False, failure.reason, "Look at `password` and the network.")
            ]
        return [Finding("service", True)]

    def close(self) -> None:
        """There is nothing to let go of."""


class MemoryWorld(World):
    """The service with everything that can go wrong with it."""

    adapter: ClassVar[type[MemoryChannel]] = MemoryChannel
    settings: ClassVar[type[ChannelSettings]] = MemorySettings
    more_settings: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.source = Source()
        self.bodies = (b"item %d\r\n\xfe\xff\x00" % number for number in itertools.count())
        self.declaration = Declaration(
            kind="memory",
            summary="Reads a list in memory.",
            settings=self.settings,
            open=partial(self.adapter, self.source),
            contract_version=1,
        )

    def table(self) -> dict[str, Any]:
        return {"kind": "memory", "password": PASSWORD, **self.more_settings}

    def put(self, count: int) -> Sequence[bytes]:
        bodies = list(itertools.islice(self.bodies, count))
        for body in bodies:
            self.source.add(body)
        return bodies

    def post(self) -> WebhookRequest:
        [body] = self.put(1)
        posted = f"{self.source.items[-1].id}\n".encode() + body
        return WebhookRequest("POST", {}, {"signature": signature(posted)}, posted)

    def twins(self) -> None:
        self.source.add(b"the same")
        self.source.add(b"the same")

    def redeliver(self) -> None:
        for stored in self.source.ask():
            self.source.add(stored.body, id=stored.id)

    def huge(self) -> int:
        self.source.add(b"x" * 5_000)
        return 5_000

    def malformed(self) -> None:
        self.source.add(None)

    def hostile(self) -> Sequence[bytes]:
        names = ("../../etc/passwd", "I\u0307 ı ğ", "\udcff", "a\nb\x00", "n" * 5_000)
        bodies = [b"\xff\xfe hostile %d" % number for number in range(len(names))]
        for name, body in zip(names, bodies, strict=True):
            self.source.add(body, name=name)
        return bodies

    def cut(self) -> None:
        self.source.trouble = ConnectionResetError("reset by peer")

    def mend(self) -> None:
        self.source.trouble = None

    def kill_credential(self) -> None:
        self.source.trouble = Denied("no")

    def throttle(self, after: timedelta | None) -> None:
        seconds = None if after is None else str(int(after.total_seconds()))
        self.source.trouble = Busy({"Retry-After": seconds} if seconds else {})

    def personal(self) -> Sequence[str]:
        return [SENDER, "item 0"]

    def close(self) -> None:
        self.source.gone.set()


def world_of(
    adapter: type[MemoryChannel] = MemoryChannel,
    settings: type[ChannelSettings] = MemorySettings,
    **more_settings: Any,
) -> type[MemoryWorld]:
    """The service, read by this adapter."""
    traits = {"adapter": adapter, "settings": settings, "more_settings": more_settings}
    return type(f"{adapter.__name__}World", (MemoryWorld,), traits)
