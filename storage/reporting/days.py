"""The calendar that reports count in: each day with its week, month, quarter, and working days."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select

from storage import tables as t


def fill(
    connection: Connection, first: date, last: date, is_working: Callable[[date], bool]
) -> None:
    """Write the calendar, if it is not so already. ``ordinal`` is the number of working days from
    ``first`` on: the working days after one day up to another are a difference of two rows."""
    rows: list[dict[str, Any]] = []
    ordinal, day = 0, first
    while day <= last:
        working = is_working(day)
        ordinal += working
        rows.append(
            {
                "day": day,
                "week": day - timedelta(days=day.weekday()),
                "month": day.replace(day=1),
                "quarter": quarter_of(day),
                "weekday": day.weekday(),
                "working": working,
                "ordinal": ordinal,
            }
        )
        day += timedelta(days=1)
    if rows != _stored(connection):
        connection.execute(delete(t.report_day))
        connection.execute(t.report_day.insert(), rows)


def _stored(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(select(t.report_day).order_by(t.report_day.c.day)).mappings()
    return [dict(row) for row in rows]


def quarter_of(day: date) -> date:
    """First day of the quarter."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def first_day(connection: Connection) -> date | None:
    """The day on which the first application was recorded here."""
    return connection.execute(select(func.min(t.case_fact.c.recorded_day))).scalar()


def first_received(connection: Connection) -> date | None:
    """The earliest day of any application: received may be long before recorded."""
    return connection.execute(select(func.min(t.case_fact.c.received_day))).scalar()
