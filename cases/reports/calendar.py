"""The calendar that durations are counted in, kept ready in the database for set-based counting."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from storage.engine import Connection
from storage.reporting import days

SATURDAY = 5
EARLIEST = 2010
"""What is said to have been received before this is counted from here."""


def prepare(
    connection: Connection, today: date, is_working: Callable[[date], bool] | None = None
) -> None:
    """Write the calendar, where it does not reach from the earliest receipt to a year from now, or
    where working days were amended. Cheap when nothing changed."""
    earliest = days.first_received(connection) or today
    first = date(max(EARLIEST, min(earliest.year, today.year - 1)), 1, 1)
    days.fill(connection, first, date(today.year + 1, 12, 31), is_working or turkish)


@lru_cache(maxsize=20_000)
def turkish(day: date) -> bool:
    """Monday to Friday, no public holiday; a half day counts as a working day."""
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


@lru_cache(maxsize=100)
def _holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415  a second of loading, needed once

    return frozenset(country_holidays("TR", categories=("public",), language="tr", years=[year]))
