"""What begins when an application is recorded, in the same transaction: its clocks run, company
systems are to be asked about it, and suggestions are to be made. The rest happens in the background
and never holds up the recording."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cases.deadlines import service as deadlines
from config.clock import local_date
from storage import applications, assessing, events, lookups
from storage import deadlines as clocks
from storage.engine import Connection
from storage.events import Event


@dataclass(frozen=True, slots=True)
class Aftercare:
    """What of it the installation has; see ``[deadlines]`` and ``[lookups]``."""

    half_day_counts: bool = True
    systems: tuple[str, ...] = ()
    """Company systems that are asked about every application."""


AT_ONCE = 200
"""Applications that :func:`catch_up` sees to in one transaction."""


def begin(
    connection: Connection, ids: Collection[int], care: Aftercare, now: datetime
) -> list[Event]:
    """Returns what the caller has to add to the history, together with what it adds itself."""
    law = deadlines.law(connection, half_day_counts=care.half_day_counts, around=local_date(now))
    told = deadlines.start(connection, ids, law=law)
    assessing.to_suggest(connection, ids, now)
    lookups.ask(connection, ids, care.systems, by="system", now=now)
    return told


def catch_up(connection: Connection, care: Aftercare, now: datetime) -> int:
    """Start the clocks of open applications that were recorded by a version without clocks, and
    have them routed. Returns how many there were; with :data:`AT_ONCE` there may be more.

    Their deadlines count from when they came in, as the law does: some have passed already.
    """
    ids = clocks.never_started(connection, AT_ONCE)
    if ids:
        applications.lock(connection, ids)
        law = deadlines.law(connection, half_day_counts=care.half_day_counts)
        events.append(connection, deadlines.start(connection, ids, law=law), now)
        assessing.to_suggest(connection, ids, now)
    return len(ids)
