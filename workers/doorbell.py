"""Which broker stands behind the doorbell, by the scheme of ``[broker] url``."""

from pathlib import Path
from typing import TYPE_CHECKING

from redis import ConnectionPool

from config.errors import ConfigurationError
from workers.broker import DoorbellBroker, open_broker
from workers.letters import RedisLetters

if TYPE_CHECKING:
    from workers.rabbit import RabbitDoorbell
    from workers.rabbit_letters import RabbitLetters

    Doorbell = DoorbellBroker | RabbitDoorbell
    Letters = RedisLetters | RabbitLetters


def open_doorbell(url: str, namespace: str, ca: Path | None) -> "Doorbell":
    """Connects when it is first used. Raises ConfigurationError."""
    if not is_rabbit(url):
        return open_broker(url, namespace, ca)
    try:
        from workers.rabbit import open_rabbit  # noqa: PLC0415  an extra
    except ImportError:
        raise ConfigurationError(
            "[broker] url names RabbitMQ, and the package pika is not installed.",
            remedy="Install Başvuru with the extra rabbitmq.",
        ) from None
    return open_rabbit(url, ca)


def is_rabbit(url: str) -> bool:
    return url.startswith(("amqp://", "amqps://"))


def open_letters(broker: "Doorbell") -> "Letters":
    """Its queues and dead letters."""
    if isinstance(broker, DoorbellBroker):
        return RedisLetters(broker)
    from workers.rabbit_letters import RabbitLetters  # noqa: PLC0415  an extra

    return RabbitLetters(broker)


def redis_pool(broker: "Doorbell") -> ConnectionPool | None:
    """Connections to the broker's Redis, for what else is counted there; None on RabbitMQ."""
    return broker.client.connection_pool if isinstance(broker, DoorbellBroker) else None
