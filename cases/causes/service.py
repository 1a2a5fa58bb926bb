"""Writing down a root cause, and leading an action from its opening to its verdict.

An action: ``open`` → ``done`` (with evidence) → ``verified`` (with a verdict on its effect), or
``dropped`` with a reason. One whose complaints did not fall is opened again. Each step is kept.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from cases.assessment.taxonomy import check
from cases.causes.effect import Effect, effect
from config.clock import local_date
from config.errors import BasvuruError
from storage import applications, causes, events
from storage.engine import Connection
from storage.events import Event

JUSTIFIED = ("yes", "partly", "no")
KINDS = ("corrective", "preventive")
WHYS = 5
COMPARED = timedelta(days=90)
"""How long before an action its effect is compared with, and when it is looked at."""


class BadCause(BasvuruError):
    """Something is missing or does not fit; nothing was changed. ``field`` names it."""

    def __init__(self, field_: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field_


@dataclass(frozen=True, slots=True)
class Finding:
    """A root cause as a person found it. ``whys``: up to five answers to "why?", the last one
    nearest to the root."""

    cause: str
    department: str
    justified: Literal["yes", "partly", "no"]
    systemic: bool = False
    whys: Sequence[str] = field(default=(), repr=False)


def found(
    connection: Connection, application_id: int, finding: Finding, *, by: str, now: datetime
) -> int:
    """Write a root cause down; the newest counts. Raises BadCause, NoSuchEntry."""
    whys = [why.strip() for why in finding.whys if why.strip()]
    if finding.justified not in JUSTIFIED:
        raise BadCause("justified", f"Justified is one of: {', '.join(JUSTIFIED)}.")
    if len(whys) > WHYS:
        raise BadCause("whys", f"At most {WHYS} whys.")
    if not finding.department:
        raise BadCause("department", "A cause has a responsible department.")
    check(connection, "cause", finding.cause)
    applications.lock(connection, [application_id])
    values = {
        "application_id": application_id,
        "cause": finding.cause,
        "department": finding.department,
        "justified": finding.justified,
        "systemic": finding.systemic,
        "whys": whys,
        "at": now,
        "by": by,
    }
    row_id = causes.add_finding(connection, values)
    names = ("cause", "department", "justified", "systemic")
    data = {name: values[name] for name in names} | {"finding": row_id}
    events.append(connection, [Event(application_id, "cause_found", by, data)], now)
    return row_id


@dataclass(frozen=True, slots=True)
class NewImprovement:
    """A corrective or preventive action; complaints of ``cause`` or ``topic`` are to fall."""

    kind: Literal["corrective", "preventive"]
    title: str
    department: str
    owner: str
    due_on: date
    cause: str | None = None
    topic: str | None = None
    steps: str = ""
    sources: Collection[int] = ()
    """Application ids."""


def open_(connection: Connection, new: NewImprovement, *, by: str, now: datetime) -> int:
    """Open an action; its source applications say so too. Raises BadCause, NoSuchEntry."""
    if new.kind not in KINDS:
        raise BadCause("kind", f"A kind is one of: {', '.join(KINDS)}.")
    for name in ("title", "department", "owner"):
        if not getattr(new, name).strip():
            raise BadCause(name, f"An action needs: {name}.")
    if new.cause is None and new.topic is None:
        raise BadCause("cause", "Which cause or topic is to become rarer?")
    if new.due_on < local_date(now):
        raise BadCause("due_on", "An action is due in the future.")
    check(connection, "cause", new.cause)
    check(connection, "topic", new.topic)
    names = ("kind", "title", "department", "owner", "due_on", "cause", "topic", "steps")
    values: dict[str, Any] = {name: getattr(new, name) for name in names}
    values |= {"state": "open", "opened_at": now, "opened_by": by}
    row_id = causes.open_improvement(connection, values)
    causes.note_step(connection, row_id, "opened", {}, by=by, now=now)
    link(connection, row_id, new.sources, by=by, now=now)
    return row_id


def link(
    connection: Connection, improvement_id: int, sources: Collection[int], *, by: str, now: datetime
) -> None:
    """Name more applications as sources. Those that are named already change nothing."""
    _take(connection, improvement_id, ("open", "done", "verified"))
    applications.lock(connection, sources)
    new = causes.link(connection, improvement_id, sources, by=by, now=now)
    told = [Event(i, "action_linked", by, {"action": improvement_id}) for i in new]
    events.append(connection, told, now)
    if new:
        causes.note_step(connection, improvement_id, "linked", {"sources": new}, by=by, now=now)


def postpone(
    connection: Connection,
    improvement_id: int,
    due_on: date,
    reason: str,
    *,
    by: str,
    now: datetime,
) -> None:
    """Raises BadCause without a reason, or when it is not open."""
    old = _take(connection, improvement_id, ("open",))
    _need(reason, "reason")
    causes.change(connection, improvement_id, {"due_on": due_on})
    data = {"from": old["due_on"].isoformat(), "to": due_on.isoformat(), "reason": reason.strip()}
    causes.note_step(connection, improvement_id, "postponed", data, by=by, now=now)


def done(
    connection: Connection, improvement_id: int, evidence: str, *, by: str, now: datetime
) -> date:
    """It is done, and this shows it. Returns the day on which its effect is looked at."""
    _take(connection, improvement_id, ("open",))
    _need(evidence, "evidence")
    today = local_date(now)
    check_on = today + COMPARED
    values = {
        "state": "done",
        "done_on": today,
        "evidence": evidence.strip(),
        "check_on": check_on,
        "verdict": None,
        "verdict_at": None,
        "verdict_by": None,
    }
    causes.change(connection, improvement_id, values)
    causes.note_step(
        connection, improvement_id, "done", {"check_on": check_on.isoformat()}, by=by, now=now
    )
    return check_on


def drop(
    connection: Connection, improvement_id: int, reason: str, *, by: str, now: datetime
) -> None:
    """It will not be done. Raises BadCause without a reason."""
    _take(connection, improvement_id, ("open",))
    _need(reason, "reason")
    causes.change(connection, improvement_id, {"state": "dropped"})
    causes.note_step(
        connection, improvement_id, "dropped", {"reason": reason.strip()}, by=by, now=now
    )


def measure(connection: Connection, improvement_id: int, *, now: datetime) -> Effect:
    """How complaints of its cause or topic stand since it was done, against as long before it.

    Before: the 90 days up to the day on which it was done. After: the days since, 90 at most.
    Raises BadCause when it is not done.
    """
    one = _take(connection, improvement_id, ("done", "verified"))
    day: date = one["done_on"]
    last = min(local_date(now), day + COMPARED)
    before = _count(connection, one, day - COMPARED, day - timedelta(days=1))
    after = _count(connection, one, day + timedelta(days=1), last)
    return effect(before, COMPARED.days, after, max((last - day).days, 1))


def verify(
    connection: Connection, improvement_id: int, verdict: str, *, by: str, now: datetime
) -> None:
    """A person says whether it helped: ``effective``, or ``ineffective``, which opens it again."""
    if verdict not in ("effective", "ineffective"):
        raise BadCause("verdict", "A verdict is effective or ineffective.")
    _take(connection, improvement_id, ("done",))
    measured = measure(connection, improvement_id, now=now)
    state = "verified" if verdict == "effective" else "open"
    values = {"state": state, "verdict": verdict, "verdict_at": now, "verdict_by": by}
    causes.change(connection, improvement_id, values)
    data = {n: getattr(measured, n) for n in ("before", "after", "after_days", "verdict")}
    causes.note_step(connection, improvement_id, verdict, data, by=by, now=now)


def _count(connection: Connection, one: dict[str, Any], first: date, last: date) -> int:
    if last < first:
        return 0
    days = causes.received(
        connection, cause=one["cause"], topic=one["topic"], first=first, last=last
    )
    return sum(count for _, count in days)


def _take(connection: Connection, improvement_id: int, states: Collection[str]) -> dict[str, Any]:
    one = causes.take(connection, improvement_id)
    if one is None or one["state"] not in states:
        raise BadCause("action", "There is no such action, or it is not at this step.")
    return one


def _need(text: str, name: str) -> None:
    if not text.strip():
        raise BadCause(name, f"This needs: {name}.")
