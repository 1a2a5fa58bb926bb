"""The doorbell on RabbitMQ (extra ``rabbitmq``), for houses that run one already.

A publish is confirmed by the server, or the bell was not rung and the sweep rings again. What a
dead worker held comes back when its connection closes: at once, or after two missed heartbeats.
"""

import ssl
from pathlib import Path
from typing import Any

import pika
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.errors import ConnectionClosed

from config.errors import ConfigurationError

HEARTBEAT = 15
"""Seconds; a worker that is gone without a word is noticed within twice that."""


class RabbitDoorbell(RabbitmqBroker):
    """A RabbitmqBroker without queues for delayed messages: our rows know when they are due."""

    def declare_queue(self, queue_name: str, *, ensure: bool = False) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.queues_pending.add(queue_name)
            self.emit_after("declare_queue", queue_name)
        if ensure:
            self._ensure_queue(queue_name)

    def _declare_dq_queue(self, queue_name: str) -> None:
        """Nothing is ever delayed."""

    def ping(self) -> None:
        """Raises ConnectionClosed when the server does not answer."""
        try:
            pika.BlockingConnection(self.parameters).close()
        except (pika.exceptions.AMQPError, OSError) as error:
            raise ConnectionClosed(error) from None


def open_rabbit(url: str, ca: Path | None) -> RabbitDoorbell:
    """Connects when it is first used. Raises ConfigurationError."""
    try:
        parameters: Any = pika.URLParameters(url)
        parameters.heartbeat = HEARTBEAT
        parameters.socket_timeout = 3
        parameters.stack_timeout = 5
        parameters.blocked_connection_timeout = 10
        if url.startswith("amqps"):
            trusted = ssl.create_default_context(cafile=str(ca) if ca else None)
            parameters.ssl_options = pika.SSLOptions(trusted, parameters.host)
    except (ValueError, OSError):  # it holds a password: it is never shown
        raise ConfigurationError(
            "[broker] url or ca cannot be used.",
            remedy="It looks like amqp://USER:PASSWORD@HOST:5672/VHOST or amqps://...",
        ) from None
    broker = RabbitDoorbell(middleware=[], confirm_delivery=True)
    broker.parameters = parameters
    return broker
