"""Every number that figures are made of, each defined once, as a sum over one source.

A *counter* is a sum over a *source*: what happened (``case_movement``), what fell due
(``case_fact`` by due day), what we sent (``outbox``). A *spread* is how often each value occurs,
from which medians and percentiles follow exactly, on PostgreSQL and SQLite alike. Both can be split
by any *dimension*; the same definition also yields the applications behind a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from, and the day on which each of them counts."""

    rows: FromClause
    day: ColumnElement[Any]
    always: Condition


def source(connection: Connection, name: str) -> Source:
    """``movement``: by the day of the event. ``legal``, ``sla``: applications by the day on which
    that clock runs out. ``acknowledgement``: what is owed on recording, by the day of recording.
    ``sent``: SMS by the day on which they were written."""
    case_of = t.case_fact.c.application_id
    if name == "movement":
        return Source(t.case_movement.join(t.case_fact, case_of == m.application_id), m.day, true())
    if name in ("legal", "sla"):
        day = f[f"{name}_due_day"]
        return Source(t.case_fact, day, day.is_not(None))
    rows = t.outbox.join(t.case_fact, case_of == o.application_id)
    if name == "acknowledgement":
        return Source(rows, f.recorded_day, o.purpose == "received")
    return Source(rows, local_day(connection, o.created_at), o.medium == "sms")


@dataclass(frozen=True, slots=True)
class Counter:
    source: str
    where: Condition
    value: ColumnElement[Any] | None = None
    """None: rows are counted; else this is added up."""


def _is(*kinds: str) -> Condition:
    return m.kind.in_(kinds)


_judged = and_(f.type != "thanks", or_(f.outcome.is_(None), f.outcome.not_in(NOT_JUDGED)))
_closed = and_(_is("closed"), f.type != "thanks", m.code.not_in(NOT_JUDGED))
_outside = or_(
    f.received_hour < OFFICE[0],
    f.received_hour >= OFFICE[1],
    f.received_weekday >= 5,
)
_not_joined = or_(f.outcome.is_(None), f.outcome != JOINED)
_surveyed = _is("surveyed")
_told = o.state.in_(("accepted", "delivered", "met"))
_owed = o.state != "suppressed"
_at_once = and_(_closed, f.transfers == 0, f.asks == 0, f.reopenings == 0)

COUNTERS: Mapping[str, Counter] = {
    "received": Counter("movement", _is("received")),
    "received_complaints": Counter("movement", and_(_is("received"), f.type.in_(COMPLAINTS))),
    "received_outside_hours": Counter("movement", and_(_is("received"), _outside)),
    "received_repeats": Counter("movement", and_(_is("received"), f.is_repeat, _not_joined)),
    "reopened": Counter("movement", _is("reopened")),
    "closed": Counter("movement", _is("closed")),
    "closed_judged": Counter("movement", _closed),
    "closed_at_once": Counter("movement", _at_once),
    "closed_complaints": Counter("movement", and_(_closed, f.type.in_(COMPLAINTS))),
    "upheld": Counter(
        "movement", and_(_closed, f.type.in_(COMPLAINTS), m.code.in_(("accepted", "partly")))
    ),
    "joined": Counter("movement", and_(_is("closed"), m.code == JOINED)),
    "redress": Counter("movement", _is("closed"), m.value),
    "answered": Counter("movement", and_(_is("answered"), _judged)),
    "assessed": Counter("movement", _is("assessed")),
    "reprioritised": Counter("movement", _is("reprioritised")),
    "transferred": Counter("movement", _is("transferred")),
    "escalated": Counter("movement", _is("escalated")),
    "accepted_by_applicant": Counter("movement", and_(_is("verdict"), m.code == "accepted")),
    "refused_by_applicant": Counter("movement", and_(_is("verdict"), m.code == "rejected")),
    "proceedings": Counter("movement", _is("proceeding")),
    "proceedings_ended": Counter("movement", _is("proceeding_ended")),
    "proceedings_lost": Counter(
        "movement", and_(_is("proceeding_ended"), m.code.in_(("lost", "partly")))
    ),
    "causes_found": Counter("movement", _is("cause")),
    "surveys_sent": Counter("movement", _is("survey_sent")),
    "surveys_answered": Counter("movement", _surveyed),
    "satisfaction_points": Counter("movement", _surveyed, m.value),
    "satisfied": Counter("movement", and_(_surveyed, m.value >= 4)),
    "recommendations": Counter("movement", and_(_surveyed, m.code.is_not(None))),
    "promoters": Counter("movement", and_(_surveyed, m.code.in_(("9", "10")))),
    "detractors": Counter("movement", and_(_surveyed, m.code.in_(tuple("0123456")))),
    "legal_due": Counter("legal", _judged),
    "legal_met": Counter("legal", and_(_judged, f.settled_at <= f.legal_due_at)),
    "sla_due": Counter("sla", _judged),
    "sla_met": Counter("sla", and_(_judged, f.settled_at <= f.sla_due_at)),
    "acknowledgements_owed": Counter("acknowledgement", _owed),
    "acknowledged": Counter("acknowledgement", _told),
    "sms_sent": Counter("sent", o.submitted_at.is_not(None)),
    "sms_delivered": Counter("sent", o.state == "delivered"),
    "sms_parts": Counter("sent", o.submitted_at.is_not(None), o.parts),
    "sms_cost": Counter("sent", o.submitted_at.is_not(None), o.price),
}


@dataclass(frozen=True, slots=True)
class Spread:
    source: str
    where: Condition
    kind: str
    """``working_days`` from receipt to the row's day; ``minutes`` to the hand-over of an
    acknowledgement."""


SPREADS: Mapping[str, Spread] = {
    "resolution_days": Spread("movement", _closed, "working_days"),
    "answer_days": Spread("movement", and_(_is("answered"), _judged), "working_days"),
    "assessment_days": Spread("movement", _is("assessed"), "working_days"),
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

MOVED_TO: Mapping[str, ColumnElement[Any]] = {"code": m.code}
"""Only of movements: how it was closed, to whom it was transferred, before whom it was brought."""

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
