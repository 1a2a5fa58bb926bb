"""The calendar that durations are counted in, kept ready in the database for set-based counting."""

from datetime import date

from cases.deadlines.calendar import Calendar
from storage import calendar
from storage.engine import Connection
from storage.reporting import days

EARLIEST = 2010
"""What is said to have been received before this is counted from here."""


def prepare(connection: Connection, today: date, *, half_day_counts: bool = True) -> None:
    """Write down which days are working days, from the earliest receipt to the end of next year.
    Changes nothing where that is so already; an amended calendar is taken over."""
    earliest = days.first_received(connection) or today
    first = date(max(EARLIEST, min(earliest.year, today.year - 1)), 1, 1)
    differing = {one.day: one.kind for one in calendar.days(connection, first)}
    ours = Calendar(differing, half_day_counts, calendar.last_year(connection))
    days.fill(connection, first, date(today.year + 1, 12, 31), ours.is_working)
