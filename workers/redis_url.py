"""Which Redis: one server (``redis://``, ``rediss://``, ``unix://``), or whoever is master now:
``redis+sentinel://HOST:PORT,HOST:PORT/SERVICE/DB``, ``rediss+sentinel://`` with TLS to all of them.

The address of a master that was copied somewhere goes stale with the first failover: the client
of Sentinel asks each time that it connects.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import redis
from redis.sentinel import Sentinel

from config.errors import ConfigurationError

_BOUNDS: dict[str, Any] = {
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    "health_check_interval": 30,
}
"""Seconds: nobody waits for ever for a Redis that hangs."""
_ASKING: dict[str, Any] = {"socket_timeout": 2, "socket_connect_timeout": 2}
SENTINEL = ("redis+sentinel", "rediss+sentinel")
SENTINEL_PORT = 26379


def client(url: str, ca: Path | None = None) -> "redis.Redis":
    """Connects when it is first used. ``ca``: who signed the server's certificate (PEM); empty: the
    well-known authorities. Raises ConfigurationError."""
    scheme, _, rest = url.partition("://")
    try:
        if scheme in SENTINEL:
            return _by_sentinel(rest, _tls(scheme.startswith("rediss"), ca))
        return redis.Redis.from_url(url, **_BOUNDS, **_ca(scheme == "rediss", ca))
    except ValueError:  # it holds a password: it is never shown
        raise ConfigurationError(
            "[broker] url cannot be used.",
            remedy="It looks like redis://HOST:6379/0, rediss://..., unix:///PATH, "
            "redis+sentinel://HOST:26379,HOST:26379/SERVICE or amqp://USER:PASSWORD@HOST/VHOST.",
        ) from None


def _ca(wanted: bool, ca: Path | None) -> dict[str, Any]:
    return {"ssl_ca_certs": str(ca)} if wanted and ca else {}


def _tls(wanted: bool, ca: Path | None) -> dict[str, Any]:
    return {"ssl": True, **_ca(True, ca)} if wanted else {}


def _by_sentinel(rest: str, tls: dict[str, Any]) -> "redis.Redis":
    where, _, path = rest.partition("/")
    secret, _, hosts = where.rpartition("@")
    service, _, db = path.partition("/")
    if not service or not hosts:
        raise ValueError("no service")
    user, _, password = secret.partition(":")
    login = {"username": unquote(user) or None, "password": unquote(password) or None}
    sentinel = Sentinel(
        [_host(one) for one in hosts.split(",")], sentinel_kwargs={**_ASKING, **tls}, **tls
    )
    found: redis.Redis = sentinel.master_for(service, db=int(db or 0), **login, **_BOUNDS, **tls)
    return found


def _host(text: str) -> tuple[str, int]:
    """``HOST``, ``HOST:PORT`` or ``[IPV6]:PORT``."""
    name, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        name, port = text, ""
    return name.strip("[]"), int(port) if port else SENTINEL_PORT
