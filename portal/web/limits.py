"""How often somebody may try: counted in Redis where there is one, else in this process."""

from hashlib import blake2b
from typing import Any

from fastapi import HTTPException
from limits import parse
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis import ConnectionPool
from structlog import get_logger

log = get_logger()


class Limiter:
    """Counts tries within a sliding window. What is counted is kept only as a keyed digest."""

    def __init__(self, pool: ConnectionPool | None = None, key: bytes = b"") -> None:
        """``pool``: connections to the Redis that all portals count in, whichever is master."""
        self._key = key[:64]
        self._own = _strategy("memory://")
        self._shared = (
            _strategy("redis://", connection_pool=pool, wrap_exceptions=True) if pool else None
        )

    def allows(self, limit: str, what: str, who: str) -> bool:
        """Count one try of ``what`` by ``who``; False when there were too many.

        ``limit`` reads like ``5/minute`` or ``20/hour``.
        """
        item, name = parse(limit), blake2b(who.encode(), key=self._key, digest_size=12).hexdigest()
        if self._shared is not None:
            try:
                return self._shared.hit(item, "basvuru", what, name)
            except StorageError:
                # Redis is a convenience here: without it each process counts for itself.
                log.warning("limits.no_redis")
        return self._own.hit(item, "basvuru", what, name)

    def check(self, limit: str, what: str, who: str) -> None:
        """Like :meth:`allows`, for routes. Raises HTTPException 429."""
        if not self.allows(limit, what, who):
            raise HTTPException(429, headers={"Retry-After": str(parse(limit).get_expiry())})


def _strategy(uri: str, **options: Any) -> SlidingWindowCounterRateLimiter:
    storage = storage_from_string(uri, **options)
    assert isinstance(storage, Storage)
    return SlidingWindowCounterRateLimiter(storage)
