"""Waiting until something happens in a folder.

The kernel's notice (inotify) is only a short cut: on network file systems it sees nothing that
other machines do, and it may be used up on a busy host. The time limit holds in any case, so that
the folder is then simply looked at every ``poll_seconds``.
"""

import time
from collections.abc import Callable
from pathlib import Path

import watchfiles

_SLICE = 0.5
"""Seconds between two looks at whether we are to stop."""


def wait_for_change(
    folder: Path, seconds: float, stopping: Callable[[], bool], *, linger: float
) -> None:
    """Return after ``seconds``, when ``stopping()`` turns true, or ``linger`` seconds after a
    change: whoever changed the folder may still be writing, and a read at once would be for
    nothing (a slow scanner causes a hundred notices a minute)."""
    deadline = time.monotonic() + seconds
    if _changed(folder, deadline, stopping):
        deadline = min(deadline, time.monotonic() + linger)
    pause(deadline, stopping)


def pause(deadline: float, stopping: Callable[[], bool]) -> None:
    """Sleep until ``deadline`` (monotonic), in slices."""
    while not stopping() and (left := deadline - time.monotonic()) > 0:
        time.sleep(min(left, _SLICE))


def _changed(folder: Path, deadline: float, stopping: Callable[[], bool]) -> bool:
    """Whether there was a notice before ``deadline``."""
    try:
        for changes in watchfiles.watch(
            folder,
            watch_filter=None,
            rust_timeout=int(_SLICE * 1000),
            debounce=100,
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            if changes:
                return True
            if stopping() or time.monotonic() >= deadline:
                return False
    except (OSError, RuntimeError):
        # No notices to be had (limit of watches reached, folder just removed): the time limit
        # still brings the next read, and that says what is wrong with the folder.
        return False
    return False
