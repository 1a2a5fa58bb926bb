"""Every number that figures are made of, each defined once, as a sum over one source.

A *counter* is a sum over a *source*: a kind of movement (``case_movement``), what fell due
(``case_fact`` by due day), what we sent (``outbox``). A *spread* is how often each value occurs,
from which medians and percentiles follow exactly, on PostgreSQL and SQLite alike. Both can be split
by any *dimension*; the same definition also yields the applications behind a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, FromClause, and_, case, literal, or_, true
from sqlalchemy.sql.elements import ColumnElement

from storage import tables as t
from storage.dialect import local_day
from storage.reporting.projection import JOINED

m, f, o, d = t.case_movement.c, t.case_fact.c, t.outbox.c, t.report_day.c

OFFICE = (9, 18)
"""Office hours in Istanbul: from, until."""

COMPLAINTS = ("complaint", "objection")
NOT_JUDGED = (JOINED, "withdrawn", "out_of_scope")
"""Outcomes that say nothing of how we handled an application: in no duration, in no deadline."""

ANY = "*"
"""Stands for any value of a dimension, but one."""

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from, and the day on which each of them counts."""

    rows: FromClause
    day: ColumnElement[Any]
    always: Condition


def source(connection: Connection, name: str) -> Source:
    """``legal``, ``sla``: applications by the day on which that clock runs out.
    ``acknowledgement``: what is owed on recording, by the day of recording. ``sent``: SMS by the
    day on which they were written. Any other name is a kind of movement, by the day of its event.
    """
    case_of = t.case_fact.c.application_id
    if name in ("legal", "sla"):
        day = f[f"{name}_due_day"]
        return Source(t.case_fact, day, day.is_not(None))
    if name in ("acknowledgement", "sent"):
        rows = t.outbox.join(t.case_fact, case_of == o.application_id)
        if name == "acknowledgement":
            return Source(rows, f.recorded_day, o.purpose == "received")
        return Source(rows, local_day(connection, o.created_at), o.medium == "sms")
    movements = t.case_movement.join(t.case_fact, case_of == m.application_id)
    return Source(movements, m.day, m.kind == name)


@dataclass(frozen=True, slots=True)
class Counter:
    source: str
    where: Condition = field(default_factory=true)
    value: ColumnElement[Any] | None = None
    """None: rows are counted; else this is added up."""


_judged = and_(f.type != "thanks", or_(f.outcome.is_(None), f.outcome.not_in(NOT_JUDGED)))
_result = and_(f.type != "thanks", m.code.not_in(NOT_JUDGED))
_complaint = f.type.in_(COMPLAINTS)
_outside = or_(
    f.received_hour < OFFICE[0],
    f.received_hour >= OFFICE[1],
    f.received_weekday >= 5,
)
_not_joined = or_(f.outcome.is_(None), f.outcome != JOINED)
_told = o.state.in_(("accepted", "delivered", "met"))
_at_once = and_(_result, f.transfers == 0, f.asks == 0, f.reopenings == 0)
_against = m.code.in_(("against_us", "partly"))
_handed_over = o.submitted_at.is_not(None)

COUNTERS: Mapping[str, Counter] = {
    "received": Counter("received"),
    "received_complaints": Counter("received", _complaint),
    "received_outside_hours": Counter("received", _outside),
    "received_repeats": Counter("received", and_(f.is_repeat, _not_joined)),
    "reopened": Counter("reopened"),
    "closed": Counter("closed"),
    "closed_judged": Counter("closed", _result),
    "closed_at_once": Counter("closed", _at_once),
    "closed_complaints": Counter("closed", and_(_result, _complaint)),
    "upheld": Counter("closed", and_(_result, _complaint, m.code.in_(("accepted", "partly")))),
    "joined": Counter("closed", m.code == JOINED),
    "redress": Counter("closed", value=m.value),
    "answered": Counter("answered", _judged),
    "assessed": Counter("assessed"),
    "reprioritised": Counter("reprioritised"),
    "transferred": Counter("transferred"),
    "escalated": Counter("escalated"),
    "accepted_by_applicant": Counter("verdict", m.code == "accepted"),
    "refused_by_applicant": Counter("verdict", m.code == "rejected"),
    "proceedings": Counter("proceeding"),
    "proceedings_ended": Counter("proceeding_ended"),
    "proceedings_lost": Counter("proceeding_ended", _against),
    "causes_found": Counter("cause"),
    "surveys_sent": Counter("survey_sent"),
    "surveys_answered": Counter("surveyed"),
    "satisfaction_points": Counter("surveyed", value=m.value),
    "recommendations": Counter("surveyed", m.code.is_not(None)),
    "promoters": Counter("surveyed", m.code.in_(("9", "10"))),
    "detractors": Counter("surveyed", m.code.in_(tuple("0123456"))),
    "legal_due": Counter("legal", _judged),
    "legal_met": Counter("legal", and_(_judged, f.settled_at <= f.legal_due_at)),
    "sla_due": Counter("sla", _judged),
    "sla_met": Counter("sla", and_(_judged, f.settled_at <= f.sla_due_at)),
    "acknowledgements_owed": Counter("acknowledgement", o.state != "suppressed"),
    "acknowledged": Counter("acknowledgement", _told),
    "not_acknowledged": Counter("acknowledgement", and_(o.state != "suppressed", ~_told)),
    "sms_sent": Counter("sent", _handed_over),
    "sms_delivered": Counter("sent", o.state == "delivered"),
    "sms_parts": Counter("sent", _handed_over, o.parts),
    "sms_cost": Counter("sent", _handed_over, o.price),
}


@dataclass(frozen=True, slots=True)
class Spread:
    source: str
    where: Condition
    kind: str
    """``working_days`` from receipt to the row's day; ``minutes`` to the hand-over of an
    acknowledgement."""


SPREADS: Mapping[str, Spread] = {
    "resolution_days": Spread("closed", _result, "working_days"),
    "answer_days": Spread("answered", _judged, "working_days"),
    "assessment_days": Spread("assessed", true(), "working_days"),
    "acknowledgement_minutes": Spread("acknowledgement", _told, "minutes"),
}

DIMENSIONS: Mapping[str, ColumnElement[Any]] = {
    "type": f.type,
    "channel": f.channel,
    "account": f.account,
    "branch": f.branch,
    "topic": f.topic,
    "priority": f.priority,
    "department": f.department,
    "province": f.province,
    "agent": f.agent,
    "cause": f.cause,
    "cause_department": f.cause_department,
    "justified": f.justified,
    "outcome": f.outcome,
    "position": f.position,
    "status": f.status,
    "weekday": f.received_weekday,
    "hour": f.received_hour,
}
"""What a number can be split by, besides its day, week, month and quarter."""

CODE = "code"
"""The dimension that says more of the row itself: how it was closed, to whom it was transferred,
before whom it was brought; of what we sent, what became of it."""


def code_of(origin: str) -> ColumnElement[Any]:
    """Raises KeyError for a source whose rows have none."""
    if origin in ("legal", "sla"):
        raise KeyError(CODE)
    return o.state if origin in ("acknowledgement", "sent") else m.code


PERIODS: Mapping[str, ColumnElement[Any]] = {
    "day": d.day,
    "week": d.week,
    "month": d.month,
    "quarter": d.quarter,
}


def amount(counter: Counter) -> ColumnElement[Any]:
    """What one row adds to a counter."""
    value = literal(1) if counter.value is None else counter.value
    return case((counter.where, value), else_=0)


def has(column: ColumnElement[Any], value: Any) -> Condition:
    """That a dimension has a value, or one of several; None stands for "not set", :data:`ANY` for
    "set"."""
    if value == ANY:
        return column.is_not(None)
    if isinstance(value, list | tuple | set):
        return column.in_(value)
    return column.is_(None) if value is None else column == value
