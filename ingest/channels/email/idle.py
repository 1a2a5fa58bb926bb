"""Waiting for new mail: IDLE (RFC 2177) where the server has it, else just waiting."""

import time
from collections.abc import Callable

from imapclient import IMAPClient

RENEWAL = 10 * 60.0
"""Seconds. RFC 2177 asks for less than 29 minutes; firewalls forget a silent line sooner."""
SLICE = 1.0
"""Seconds between two looks at ``stopping``."""


def wait_for_mail(client: IMAPClient, seconds: float, stopping: Callable[[], bool]) -> None:
    """Return when the server announces mail, after ``seconds``, or when stopping. Raises what
    imaplib and the socket raise."""
    end = time.monotonic() + seconds
    if not client.has_capability("IDLE"):
        _pause(end, stopping)
        return
    while not stopping() and time.monotonic() < end:
        if _idle_once(client, min(end, time.monotonic() + RENEWAL), stopping):
            return


def _pause(end: float, stopping: Callable[[], bool]) -> None:
    while not stopping() and (left := end - time.monotonic()) > 0:
        time.sleep(min(SLICE, left))


def _idle_once(client: IMAPClient, end: float, stopping: Callable[[], bool]) -> bool:
    """One IDLE command. True: there may be new mail."""
    client.idle()
    woken = False
    while not woken and not stopping() and (left := end - time.monotonic()) > 0:
        began = time.monotonic()
        told = client.idle_check(timeout=min(SLICE, left))
        # A line that broke looks like news without content: `idle_done` then says so.
        silent_and_early = not told and time.monotonic() - began < min(SLICE, left) / 2
        woken = silent_and_early or any(b"EXISTS" in line for line in told)
    _, told = client.idle_done()
    return woken or any(b"EXISTS" in line for line in told)
