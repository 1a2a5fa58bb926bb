"""What many people look at is looked up once: the first who asks reads it, the others share it."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Shared:
    """Values by name. One that is older than ``fresh`` seconds is read anew by whoever asks next;
    whoever asks meanwhile gets the one there is, and waits only where there is none."""

    def __init__(self, fresh: float = 1.5) -> None:
        self._fresh = fresh
        self._values: dict[str, tuple[float, Any]] = {}
        self._locks: dict[str, threading.Lock] = {}

    def get(self, name: str, make: Callable[[], T]) -> T:
        value: T
        have = self._values.get(name)
        if have is not None and time.monotonic() - have[0] < self._fresh:
            value = have[1]
            return value
        lock = self._locks.setdefault(name, threading.Lock())
        if not lock.acquire(blocking=have is None):
            assert have is not None
            value = have[1]
            return value
        try:
            again = self._values.get(name)
            if again is not None and again is not have:
                value = again[1]
                return value
            value = make()
            self._values[name] = (time.monotonic(), value)
            return value
        finally:
            lock.release()

    def drawn(self, name: str, of: Any, draw: Callable[[], T]) -> T:
        """What was drawn under this name of an equal thing, else drawn now."""
        have = self._values.get(name)
        if have is not None and have[1][0] == of:
            value: T = have[1][1]
            return value
        value = draw()
        self._values[name] = (0.0, (of, value))
        return value
