"""Good manners: stopping, waiting, closing."""

import time
from datetime import timedelta

from ingest.contract import MAX_ITEMS, Channel
from ingest.testkit.check import Lab, check

GRACE = 3.0
"""Seconds that a channel may take beyond what it was given: "soon", on a busy machine."""


@check
def reading_stops_when_asked(lab: Lab) -> None:
    """After ``stopping()`` became true at most one more delivery comes."""
    engine = lab.engine()
    engine.world.bulk(3 * MAX_ITEMS + 1)
    channel = engine.open()
    reading = engine.deliveries(channel)
    engine.land(next(reading))
    engine.stop = True
    more = len(list(reading))
    channel.close()
    assert more <= 1, f"{more} deliveries came after we asked to stop"


@check
def waiting_ends_in_time(lab: Lab) -> None:
    """``wait`` returns after the timeout at the latest, with nothing new at the source."""
    engine = lab.engine()
    channel = engine.open()
    taken = _seconds_of_wait(channel, timedelta(seconds=0.2))
    channel.close()
    assert taken <= 0.2 + GRACE, f"wait(0.2 s) took {taken:.1f} s"


@check
def waiting_stops_when_asked(lab: Lab) -> None:
    """``wait`` returns soon when ``stopping()`` becomes true, however long it was to wait."""
    engine = lab.engine()
    channel = engine.open()
    engine.stop = True
    taken = _seconds_of_wait(channel, timedelta(hours=1))
    channel.close()
    assert taken <= GRACE, f"wait() went on for {taken:.1f} s after we asked to stop"


@check
def a_channel_may_be_closed_twice(lab: Lab) -> None:
    """``close`` may be called twice, before the first read too, and a new channel reads on."""
    engine = lab.engine()
    count = len(engine.world.put(2))
    for read in (False, True):
        channel = engine.open()
        if read:
            engine.drain(channel)
        channel.close()
        channel.close()
    assert engine.seen >= count, f"{engine.seen} of {count} items were read"


def _seconds_of_wait(channel: Channel, timeout: timedelta) -> float:
    start = time.monotonic()
    channel.wait(timeout)
    return time.monotonic() - start


CHECKS = (
    reading_stops_when_asked,
    waiting_ends_in_time,
    waiting_stops_when_asked,
    a_channel_may_be_closed_twice,
)
