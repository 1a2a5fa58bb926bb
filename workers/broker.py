"""Dramatiq on Redis as a doorbell, with its weaknesses fenced in.

The rows are the truth, so a bell that is lost or rung twice costs nothing but time. What is left
to cure here (each proved in tests/workers/test_broker.py):

* a time-out or refusal of Redis in the middle of an acknowledgement is not retried by Dramatiq,
  and replies that are lost strand messages in the set of a live worker;
* one payload that cannot be decoded holds up what was fetched with it;
* what a dead worker held comes back by lottery (``maintenance_chance``), on average after 17
  minutes;
* an idle consumer asks, sleeps and asks again: a bell waits for the end of a sleep, and short
  sleeps cost CPU all day. Ours sleeps in Redis, which wakes it.
"""

import time
from pathlib import Path
from typing import Any

import redis
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import ConnectionClosed, DecodeError
from dramatiq.message import Message
from structlog import get_logger

from workers.redis_url import client

log = get_logger()

Away = (redis.RedisError, ConnectionClosed)
"""The broker does not answer, or does not take this: whichever broker it is."""

RECONCILE_SECONDS = 5.0
"""How often a consumer compares what Redis says it holds with what it really holds."""

WAIT_SECONDS = 0.5
"""How long a consumer sleeps in Redis before it shows that it is alive; less than the time-out of
a connection."""


class DoorbellConsumer(_RedisConsumer):
    """Never strands a message. Uses Dramatiq's private consumer: pinned below 3, kept by tests."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._held: set[str] = self.broker.held.setdefault(self.queue_name, set())
        self._next_reconcile = 0.0

    def __next__(self) -> Any:
        try:
            if not self.message_cache and time.monotonic() >= self._next_reconcile:
                self._next_reconcile = time.monotonic() + RECONCILE_SECONDS
                self._reconcile()
            self._sleep_until_rung()
            message = super().__next__()
        except DecodeError:
            return None  # the reconciliation removes it; what was fetched with it goes on
        except redis.RedisError as error:
            raise ConnectionClosed(error) from None
        if message is not None:
            self._held.add(message.options["redis_message_id"])
        return message

    def ack(self, message: Any) -> None:
        self._settle(super().ack, message)

    def nack(self, message: Any) -> None:
        self._settle(super().nack, message)

    def requeue(self, messages: Any) -> None:
        messages = list(messages)
        super().requeue(messages)
        for message in messages:
            self._held.discard(message.options["redis_message_id"])

    def _settle(self, settle: Any, message: Any) -> None:
        try:
            settle(message)
        except redis.RedisError as error:
            raise ConnectionClosed(error) from None  # Dramatiq tries again
        self._held.discard(message.options["redis_message_id"])

    def _sleep_until_rung(self) -> None:
        """Blocks while the line is empty. What is moved there is the line's head onto itself: the
        line stays as it is, however many consumers wake."""
        if self.message_cache or self.outstanding_message_count >= self.prefetch:
            return
        line = f"{self.broker.namespace}:{self.queue_name}"
        try:
            self.broker.client.blmove(line, line, WAIT_SECONDS, "LEFT", "LEFT")
        except redis.ResponseError:
            return  # Redis is full, or older than 6.2: Dramatiq's own sleeps will do
        self.misses = 0

    def _reconcile(self) -> None:
        """Put back what Redis thinks that we hold, and drop what nobody can decode."""
        broker = self.broker
        acks = f"{broker.namespace}:__acks__.{broker.broker_id}.{self.queue_name}"
        stored = f"{broker.namespace}:{self.queue_name}.msgs"
        lost = {i.decode() for i in broker.client.smembers(acks)} - self._held
        for message_id in sorted(lost):
            payload = broker.client.hget(stored, message_id)
            if payload is None or not _can_decode(payload):
                log.warning("broker.dropped", queue=self.queue_name, found=payload is not None)
                broker.client.hdel(stored, message_id)
                broker.client.srem(acks, message_id)
            else:
                broker.do_requeue(self.queue_name, message_id)


def _can_decode(payload: bytes) -> bool:
    try:
        Message.decode(payload)
    except DecodeError:
        return False
    return True


class DoorbellBroker(RedisBroker):
    """A RedisBroker with the consumer above. ``held``: queue -> message ids in this process."""

    def __init__(self, **parameters: Any) -> None:
        self.held: dict[str, set[str]] = {}
        super().__init__(**parameters)

    def declare_queue(self, queue_name: str) -> None:
        """Without a queue for delayed messages: our rows know when they are due, and a consumer
        that never gets anything still costs idle CPU."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)

    @property
    def consumer_class(self) -> type[DoorbellConsumer]:
        return DoorbellConsumer

    def ping(self) -> None:
        """Raises redis.RedisError when the server does not answer."""
        self.client.ping()


def open_broker(url: str, namespace: str, ca: Path | None = None) -> DoorbellBroker:
    """Connects when it is first used. No retries, no age limit: those are columns of our rows."""
    return DoorbellBroker(
        client=client(url, ca),
        namespace=namespace,
        middleware=[],
        maintenance_chance=1_000_000,
        heartbeat_timeout=10_000,
    )
