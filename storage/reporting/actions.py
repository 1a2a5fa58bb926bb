"""Corrective and preventive actions, as reports count them."""

from datetime import date

from sqlalchemy import Connection, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from config.clock import start_of
from storage import tables as t


def state(connection: Connection, first: date, last: date) -> dict[str, int]:
    """``open`` and ``overdue`` when the last day ended; ``opened``, ``done``, ``judged`` and of
    those ``effective`` in these days."""
    i = t.improvement.c
    begin, end = start_of(first), start_of(date.fromordinal(last.toordinal() + 1))
    standing = (i.opened_at < end) & or_(i.done_on.is_(None), i.done_on > last)
    judged = (i.verdict_at >= begin) & (i.verdict_at < end)
    row = connection.execute(
        select(
            _sum(standing).label("open"),
            _sum(standing & (i.due_on <= last)).label("overdue"),
            _sum((i.opened_at >= begin) & (i.opened_at < end)).label("opened"),
            _sum(i.done_on.between(first, last)).label("done"),
            _sum(judged).label("judged"),
            _sum(judged & (i.verdict == "effective")).label("effective"),
        )
    ).mappings()
    return {name: int(value) for name, value in row.one().items()}


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
