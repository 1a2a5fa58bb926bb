"""RabbitMQ's queues and dead letters, for the operations page.

A queue cannot be looked into without taking: letters are fetched unacknowledged on a connection of
its own, and are back when that closes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import pika
from dramatiq.common import xq_name
from dramatiq.errors import DecodeError
from dramatiq.message import Message
from structlog import get_logger

from cases.queues import DeadLetter, QueueState
from config.clock import now
from workers.letters import QUEUES, fresh, letter_of
from workers.rabbit import RabbitDoorbell

log = get_logger()

Away = (pika.exceptions.AMQPError, OSError)
MOST = 1_000
"""Letters that are looked through for one that is to be put back."""


class RabbitLetters:
    """Implements :class:`cases.queues.Letters`. What workers hold is not known here: 0."""

    def __init__(self, broker: RabbitDoorbell) -> None:
        self._broker = broker

    def queues(self) -> Sequence[QueueState] | None:
        try:
            return [self._state(queue) for queue in QUEUES]
        except Away as error:
            log.warning("letters.no_rabbit", error=type(error).__name__)
            return None

    def count(self) -> int | None:
        found = self.queues()
        return None if found is None else sum(one.dead for one in found)

    def dead(self, queue: str, limit: int = 100) -> Sequence[DeadLetter]:
        try:
            with self._channel() as channel:
                return [_shown(queue, body) for _, body in _taken(channel, queue, limit)]
        except Away as error:
            log.warning("letters.no_rabbit", error=type(error).__name__)
            return []

    def requeue(self, queue: str, letter: str) -> bool:
        return self._take_out(queue, letter, put_back=True)

    def purge(self, queue: str, letter: str) -> bool:
        return self._take_out(queue, letter, put_back=False)

    def _take_out(self, queue: str, letter: str, *, put_back: bool) -> bool:
        """The bell is rung before the letter goes: twice is harmless, never is not."""
        try:
            with self._channel() as channel:
                for tag, body in _taken(channel, queue, MOST):
                    if _name(body) == letter:
                        return self._settle(channel, tag, fresh(body) if put_back else None, queue)
        except Away as error:
            log.warning("letters.no_rabbit", error=type(error).__name__)
        return False

    def _settle(self, channel: Any, tag: int, again: bytes | None, queue: str) -> bool:
        if again is not None:
            durable = pika.BasicProperties(delivery_mode=2)
            channel.basic_publish("", queue, again, durable, mandatory=True)
        channel.basic_ack(tag)
        return True

    def _state(self, queue: str) -> QueueState:
        return QueueState(queue, self._length(queue), 0, self._length(xq_name(queue)))

    def _length(self, queue: str) -> int:
        """0 for a queue that nobody has needed yet."""
        with self._channel() as channel:
            try:
                return int(channel.queue_declare(queue, passive=True).method.message_count)
            except pika.exceptions.ChannelClosedByBroker:
                return 0

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        connection = pika.BlockingConnection(self._broker.parameters)
        try:
            channel = connection.channel()
            channel.confirm_delivery()
            yield channel
        finally:
            connection.close()


def _taken(channel: Any, queue: str, limit: int) -> Iterator[tuple[int, bytes]]:
    for _ in range(limit):
        try:
            method, _, body = channel.basic_get(xq_name(queue))
        except pika.exceptions.ChannelClosedByBroker:
            return  # nobody has needed this queue yet
        if method is None:
            return
        yield method.delivery_tag, body


def _shown(queue: str, body: bytes) -> DeadLetter:
    try:
        at = Message.decode(body).message_timestamp
    except DecodeError:
        return letter_of(queue, _name(body), now().timestamp() * 1000, body)
    return letter_of(queue, _name(body), at, body)


def _name(body: bytes) -> str:
    """The message's id; for what nobody can read, a name that stays the same."""
    try:
        return Message.decode(body).message_id
    except DecodeError:
        return sha256(body).hexdigest()[:32]
