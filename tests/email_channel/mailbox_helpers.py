"""Helpers of the e-mail channel's tests: sample mails, and an engine in ten lines."""

from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from typing import Any

import structlog

from ingest.contract import Channel, Checkpoint, Context, Delivery

OpenChannel = Callable[..., Channel]


def mail(number: int, size: int = 0, sender: str = "musteri@example.test") -> bytes:
    """A small mail whose subject carries its number."""
    head = (
        f"From: {sender}\r\nTo: basvuru@example.test\r\nSubject: K-{number:05d}\r\n"
        f"Message-ID: <{number}@example.test>\r\n\r\n"
    )
    return head.encode() + (b"Hasar dosyam hakkinda.\r\n" * (1 + size // 24))


def number_of(body: bytes) -> int:
    return int(body.partition(b"Subject: K-")[2][:5])


def context(account: str = "posta", **given: Any) -> Context:
    values: dict[str, Any] = {"now": lambda: datetime.now(UTC), **given}
    return Context(account, structlog.get_logger(), **values)


def drain(channel: Channel, since: Checkpoint) -> tuple[list[Delivery], Checkpoint]:
    """Read until there is no more, committing and acknowledging each delivery, as the engine."""
    deliveries: list[Delivery] = []
    for delivery in channel.read(since):
        deliveries.append(delivery)
        since = delivery.checkpoint or since
        delivery.acknowledge()
    return deliveries, since


def numbers(deliveries: list[Delivery]) -> list[int]:
    return [number_of(item.body) for delivery in deliveries for item in delivery.items]


def close_reading(reading: Iterator[Delivery]) -> None:
    """What becomes of a ``read`` whose process dies."""
    assert isinstance(reading, Generator)
    reading.close()
