"""Corrective and preventive actions, as reports count them: from their steps, so that what was open
on a day of the past stays open on that day, whatever became of it since."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.sql.elements import ColumnElement

from config.clock import start_of
from storage import tables as t
from storage.reporting.counters import has

i, s = t.improvement.c, t.improvement_step.c

BY: Mapping[str, ColumnElement[Any]] = {
    "department": i.department,
    "cause": i.cause,
    "topic": i.topic,
}
"""Dimensions of applications that an action has, too."""
STATES = ("open", "overdue", "opened", "done", "judged", "effective")
"""``open`` and ``overdue`` when the last day ended, the others in these days."""
_STEPS: Mapping[str, Sequence[str]] = {
    "opened": ("opened",),
    "done": ("done",),
    "judged": ("effective", "ineffective"),
    "effective": ("effective",),
}
_OPENING, _ENDING = ("opened", "ineffective"), ("done", "dropped")

Where = Mapping[str, Any]


def state(
    connection: Connection, first: date, last: date, where: Where | None = None
) -> dict[str, int]:
    """How many there are in each of :data:`STATES`. ``where``: values of :data:`BY`."""
    counted = {
        name: select(func.count()).select_from(_which(name, first, last, where or {}).subquery())
        for name in STATES
    }
    return {name: connection.execute(one).scalar_one() for name, one in counted.items()}


def sources(connection: Connection, name: str, first: date, last: date, where: Where) -> list[int]:
    """The applications that the actions of such a count come from, oldest first."""
    named = t.improvement_source.c
    which = _which(name, first, last, where).subquery()
    rows = connection.execute(
        select(named.application_id)
        .where(named.improvement_id.in_(select(which.c.id)))
        .distinct()
        .order_by(named.application_id)
    )
    return list(rows.scalars())


def _which(name: str, first: date, last: date, where: Where) -> Select[Any]:
    """Each action that counts, as often as it counts."""
    begin, end = start_of(first), start_of(last + timedelta(days=1))
    rows = select(i.id).where(*(has(BY[one], value) for one, value in where.items()))
    rows = rows.join(t.improvement_step, s.improvement_id == i.id)
    if name in _STEPS:
        return rows.where(s.what.in_(_STEPS[name]), s.at >= begin, s.at < end)
    rows = rows.where(s.seq == _newest(end), s.what.in_(_OPENING))
    return rows.where(i.due_on <= last) if name == "overdue" else rows


def _newest(end: Any) -> ColumnElement[int]:
    """The last step before a moment that began or ended an action."""
    other = t.improvement_step.alias("other").c
    newest = select(func.max(other.seq)).where(
        other.improvement_id == i.id, other.at < end, other.what.in_((*_OPENING, *_ENDING))
    )
    return newest.correlate(t.improvement).scalar_subquery()
