"""Waiting for the next read of a source that does not wake us."""

import time
from collections.abc import Callable
from datetime import timedelta

_SLICE = 0.25


def idle(timeout: timedelta, stopping: Callable[[], bool]) -> None:
    """Return after ``timeout``, or soon after ``stopping()`` turned true."""
    until = time.monotonic() + timeout.total_seconds()
    while not stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(_SLICE, left))
