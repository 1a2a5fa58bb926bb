"""A person assesses an application: one transaction from the judgement to clocks and department."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.assessment.priority import Criteria, Priority, derived, unknown_marks
from cases.assessment.taxonomy import check
from cases.deadlines import service as deadlines
from cases.deadlines.service import Law
from cases.lookups.origin import is_code
from cases.provinces import code_of
from cases.routing import service as routing
from cases.words import TYPES
from config.clock import local_date
from config.errors import BasvuruError
from storage import applications, assessing, events
from storage import deadlines as clocks
from storage import facts as rows
from storage.engine import Connection
from storage.events import Event
from storage.facts import FactRow

UNCLASSIFIED = "unclassified"


class BadAssessment(BasvuruError):
    """Something is missing or does not fit; nothing was changed. ``field`` names it."""

    def __init__(self, field_: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field_


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person decided. ``priority``: only where it differs from the table."""

    type: str
    branch: str | None = None
    topic: str | None = None
    second_topic: str | None = None
    criteria: Criteria = field(default_factory=Criteria)
    priority: Priority | None = None
    reason: str = field(default="", repr=False)
    """Why the type was changed, or why the priority differs from the table."""
    province: str | None = None
    """Number from ``01`` to ``81``. Empty: what was known is wrong; None: nothing was said."""
    agent: str | None = None
    """Code of the intermediary; empty and None as with the province."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """What came of it."""

    id: int
    priority: int
    derived: int
    legal_due_at: datetime | None
    sla_due_at: datetime | None
    department: str | None
    """Where rules routed it; None when it stays where it is."""


def assess(
    connection: Connection,
    application_id: int,
    judgement: Judgement,
    *,
    law: Law,
    unit: str,
    by: str,
    now: datetime,
) -> Assessed:
    """Write a judgement, set the clocks again, route by rules, and note which suggestions were
    right. ``unit``: the complaint unit. Raises BadAssessment, NoSuchEntry."""
    applications.lock(connection, [application_id])
    found = rows.of(connection, [application_id])
    if not found:
        raise BadAssessment("number", "There is no such application.")
    [before] = found
    _check(connection, before, judgement)
    days_left = _legal_days(connection, application_id, law, now)
    table = derived(judgement.type, judgement.criteria, days_left)
    priority = judgement.priority or table
    if priority != table and not judgement.reason.strip():
        raise BadAssessment("reason", f"The table says priority {table}: say why it is another.")
    values = _values(application_id, judgement, priority, table) | {"at": now, "by": by}
    row_id = assessing.add(connection, values)
    chosen = {name: values[name] for name in ("type", "branch", "topic")}
    hits = _hits(assessing.hints(connection, application_id), chosen)
    assessing.answer_hints(connection, application_id, chosen, now)
    told = {"assessment": row_id, "suggestion": hits} | _origin(judgement)
    events.append(connection, [_event(application_id, values, told, by)], now)
    [after] = rows.of(connection, [application_id])
    dues = deadlines.set_again(connection, after, law=law, by=by, now=now)
    clocks.stop(connection, application_id, ["assessment"], now)
    went = routing.by_rules(connection, [after], unit=unit, now=now)
    legal, internal = dues.get("legal"), dues.get("internal")
    return Assessed(
        row_id,
        priority,
        table,
        legal.due_at if legal else None,
        internal.due_at if internal else None,
        went.get(application_id),
    )


def _check(connection: Connection, before: FactRow, judgement: Judgement) -> None:
    if judgement.type not in TYPES:
        raise BadAssessment("type", f"There is no type {judgement.type!r}.")
    retyped = before.type not in (UNCLASSIFIED, judgement.type)
    if retyped and not judgement.reason.strip():
        raise BadAssessment("reason", "A type is never changed without a reason.")
    criteria = judgement.criteria
    for name in ("severity", "complexity", "impact"):
        if getattr(criteria, name) not in (1, 2, 3):
            raise BadAssessment(name, f"{name}: 1 (low), 2 (middle) or 3 (high).")
    if judgement.priority not in (None, 1, 2, 3, 4):
        raise BadAssessment("priority", "A priority is 1, 2, 3 or 4.")
    if unknown := unknown_marks(criteria.marks):
        raise BadAssessment("marks", f"No such marks: {', '.join(sorted(unknown))}.")
    if judgement.second_topic and judgement.second_topic == judgement.topic:
        raise BadAssessment("second_topic", "The second topic is another one than the first.")
    _check_origin(judgement)
    check(connection, "branch", judgement.branch)
    check(connection, "topic", judgement.topic)
    check(connection, "topic", judgement.second_topic)


def _check_origin(judgement: Judgement) -> None:
    """Both go into the history, which names nobody: a number and a code."""
    province, agent = judgement.province, judgement.agent
    if province and code_of(province) != province:
        raise BadAssessment("province", "A province is a number from 01 to 81.")
    if agent and not is_code(agent):
        raise BadAssessment("agent", "An intermediary is a code with a digit: no spaces, no name.")


def _legal_days(connection: Connection, application_id: int, law: Law, now: datetime) -> int | None:
    for one in clocks.clocks(connection, [application_id]):
        if one.clock == "legal":
            return law.calendar.working_days(local_date(now), local_date(one.due_at))
    return None


def _values(application_id: int, judgement: Judgement, priority: int, table: int) -> dict[str, Any]:
    criteria = judgement.criteria
    return {
        "application_id": application_id,
        "type": judgement.type,
        "branch": judgement.branch,
        "topic": judgement.topic,
        "second_topic": judgement.second_topic,
        "severity": criteria.severity,
        "safety": criteria.safety,
        "complexity": criteria.complexity,
        "impact": criteria.impact,
        "immediate": criteria.immediate,
        "marks": sorted(criteria.marks),
        "priority": priority,
        "derived": table,
        "reason": judgement.reason.strip(),
    }


def _origin(judgement: Judgement) -> dict[str, str | None]:
    """What was said of it; null is a value that was emptied, a missing key says nothing."""
    said = {"province": judgement.province, "agent": judgement.agent}
    return {name: value or None for name, value in said.items() if value is not None}


def _hits(
    hints: list[dict[str, Any]], chosen: Mapping[str, str | None]
) -> dict[str, dict[str, bool]]:
    """Source -> field -> whether what it suggested was chosen."""
    out: dict[str, dict[str, bool]] = {}
    for hint in hints:
        if hint["chosen"] is None and hint["field"] in chosen:
            right = hint["value"] == chosen[hint["field"]]
            out.setdefault(hint["source"], {})[hint["field"]] = right
    return out


def _event(
    application_id: int, values: Mapping[str, Any], told: Mapping[str, Any], by: str
) -> Event:
    """The reason is free text: it stays in the row that ``assessment`` names."""
    names = ("type", "branch", "topic", "second_topic", "priority", "derived", "severity")
    more = ("safety", "complexity", "impact", "immediate", "marks")
    data = {name: values[name] for name in (*names, *more)}
    return Event(application_id, "assessed", by, data | dict(told))
