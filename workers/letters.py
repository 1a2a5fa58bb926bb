"""Dramatiq's queues on Redis, and its dead letters: look, put back, throw away.

The keys are those of Dramatiq's Redis broker (pinned below 3, tested on a real one): ``NS:Q`` is a
list of ids, ``NS:Q.msgs`` has their payloads, ``NS:Q.XQ`` and ``NS:Q.XQ.msgs`` the dead ones,
``NS:__acks__.BROKER.Q`` what workers hold.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import redis
from dramatiq.errors import DecodeError
from dramatiq.message import Message
from structlog import get_logger

from cases.queues import DeadLetter, QueueState
from workers.bell import LINES, STEPS
from workers.broker import DoorbellBroker

log = get_logger()

QUEUES = tuple(sorted({STEPS, *LINES.values()}))
_DROPPED = ("retries", "traceback", "requeue_timestamp")
_REQUEUE = """
local body = redis.call('hget', KEYS[2], ARGV[1])
if not body or redis.call('zrem', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('hdel', KEYS[2], ARGV[1])
redis.call('hset', KEYS[4], ARGV[1], ARGV[2])
redis.call('rpush', KEYS[3], ARGV[1])
return 1
"""
"""In one step, so that of two who press at once one does it, and a letter is never lost between."""


class RedisLetters:
    """Implements :class:`cases.queues.Letters`."""

    def __init__(self, broker: DoorbellBroker) -> None:
        self._redis: Any = broker.client
        self._namespace = broker.namespace

    def queues(self) -> Sequence[QueueState] | None:
        try:
            return [self._state(queue) for queue in QUEUES]
        except redis.RedisError as error:
            log.warning("letters.no_redis", error=type(error).__name__)
            return None

    def count(self) -> int | None:
        found = self.queues()
        return None if found is None else sum(one.dead for one in found)

    def dead(self, queue: str, limit: int = 100) -> Sequence[DeadLetter]:
        dead, bodies = self._dead_keys(queue)
        try:
            ids = self._redis.zrevrange(dead, 0, limit - 1, withscores=True)
            stored = self._redis.hmget(bodies, [one for one, _ in ids]) if ids else []
        except redis.RedisError as error:
            log.warning("letters.no_redis", error=type(error).__name__)
            return []
        pairs = zip(ids, stored, strict=True)
        return [letter_of(queue, name.decode(), at, body) for (name, at), body in pairs]

    def requeue(self, queue: str, letter: str) -> bool:
        dead, bodies = self._dead_keys(queue)
        live = f"{self._namespace}:{queue}"
        try:
            body = self._redis.hget(bodies, letter)
            # a consumer breaks on a letter without its id
            again = fresh(body, redis_message_id=letter) if body else None
            if again is None:
                return False
            keys = [dead, bodies, live, f"{live}.msgs"]
            return bool(self._redis.eval(_REQUEUE, len(keys), *keys, letter, again))
        except redis.RedisError as error:
            log.warning("letters.no_redis", error=type(error).__name__)
            return False

    def purge(self, queue: str, letter: str) -> bool:
        dead, bodies = self._dead_keys(queue)
        try:
            self._redis.hdel(bodies, letter)
            return bool(self._redis.zrem(dead, letter))
        except redis.RedisError as error:
            log.warning("letters.no_redis", error=type(error).__name__)
            return False

    def _dead_keys(self, queue: str) -> tuple[str, str]:
        dead = f"{self._namespace}:{queue}.XQ"
        return dead, f"{dead}.msgs"

    def _state(self, queue: str) -> QueueState:
        held = self._redis.keys(f"{self._namespace}:__acks__.*.{queue}")
        return QueueState(
            name=queue,
            waiting=int(self._redis.llen(f"{self._namespace}:{queue}")),
            held=sum(int(self._redis.scard(key)) for key in held),
            dead=int(self._redis.zcard(self._dead_keys(queue)[0])),
        )


def letter_of(queue: str, name: str, at: float, body: bytes | None) -> DeadLetter:
    when = datetime.fromtimestamp(at / 1000, UTC)
    try:
        message = Message.decode(body or b"")
    except DecodeError:
        return DeadLetter(queue, name, when, "?", (), "")  # shown as what cannot be read
    rows = message.args[0] if message.args and isinstance(message.args[0], list) else ()
    lines = str(message.options.get("traceback", "")).strip().splitlines()
    # The class alone: the text of an error may hold what people wrote.
    error = lines[-1].partition(":")[0] if lines else ""
    return DeadLetter(queue, name, when, message.actor_name, tuple(rows), error)


def fresh(body: bytes, **options: str) -> bytes | None:
    """The letter as it was first sent; None when nobody can read it."""
    try:
        message = Message.decode(body)
    except DecodeError:
        return None
    kept = {name: value for name, value in message.options.items() if name not in _DROPPED}
    again: Message[None] = Message(
        queue_name=message.queue_name,
        actor_name=message.actor_name,
        args=message.args,
        kwargs=message.kwargs,
        options=kept | options,
        message_id=message.message_id,
        message_timestamp=message.message_timestamp,
    )
    return again.encode()
