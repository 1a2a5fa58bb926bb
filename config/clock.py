"""Time: kept in UTC, shown and counted in Europe/Istanbul.

Code that decides takes ``now`` as an argument; this module is where the daemons get it from.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
ISTANBUL = ZoneInfo("Europe/Istanbul")


def now() -> datetime:
    """This instant, aware, UTC."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The same instant on an Istanbul wall clock."""
    return instant.astimezone(ISTANBUL)


def local_date(instant: datetime) -> date:
    """The calendar day in Istanbul: 23:30 there still belongs to that day."""
    return local(instant).date()


def plausible(moment: datetime | None, now: datetime) -> datetime:
    """The moment, if it can be when something reached us: not in the future, not before 1990."""
    if moment is None or moment.year >= 9999 or moment > now:
        return now
    return max(moment, EARLIEST) if moment.year > 1 else EARLIEST


def start_of(day: date) -> datetime:
    """The instant at which a day begins in Istanbul."""
    return datetime.combine(day, time.min, tzinfo=ISTANBUL)
