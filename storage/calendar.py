"""The calendar of the installation: holidays by law, and what an administrator changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from storage import tables as t
from storage.dialect import insert


@dataclass(frozen=True, slots=True)
class DayRow:
    day: date
    kind: str
    name: str
    source: str
    at: datetime
    by: str


def days(
    connection: Connection, first: date | None = None, last: date | None = None
) -> Sequence[DayRow]:
    """Days that differ from their weekday, oldest first."""
    chosen = select(*(t.holiday.c[name] for name in DayRow.__slots__)).order_by(t.holiday.c.day)
    if first is not None:
        chosen = chosen.where(t.holiday.c.day >= first)
    if last is not None:
        chosen = chosen.where(t.holiday.c.day <= last)
    return [DayRow(*row) for row in connection.execute(chosen)]


def last_year(connection: Connection) -> int | None:
    """The last year whose holidays are known."""
    return connection.execute(select(func.max(t.calendar_year.c.year))).scalar()


def change(
    connection: Connection, day: date, kind: str, name: str, *, by: str, now: datetime
) -> None:
    """Write one day over what the table says of it; the law's own day is found in the library."""
    values = {"kind": kind, "name": name, "source": "hand", "at": now, "by": by}
    row = insert(connection, t.holiday).values(day=day, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["day"], set_=values))


def add_year(connection: Connection, year: int, source: str, now: datetime) -> None:
    row = insert(connection, t.calendar_year).values(year=year, source=source, at=now)
    connection.execute(row.on_conflict_do_nothing())
