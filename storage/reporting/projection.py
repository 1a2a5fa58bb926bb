"""One application's history as what is counted of it. Pure: rows in, rows out.

An application is open from ``recorded`` until it is closed or joined into another, and again from
``reopened``. A second closing of what is closed, or a reopening of what is open, moves nothing, so
that *opening + received + reopened − closed = closing* cannot be broken by an odd history.

Each movement counts on the day of its event (Istanbul), the day on which it became known here: a
past day never gains or loses one. Durations and deadlines run from ``received_at``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from config.clock import local, local_date

Row = dict[str, Any]
Stored = Mapping[str, Any]

JOINED = "duplicate"
"""Outcome of an application that was joined into another one."""

PARTED = "parted"
"""Reason of a reopening that only undoes such a joining: nobody came back to us."""

_COPIED = {
    "assessed": ("type", "branch", "topic", "priority", "province", "agent"),
    "looked_up": ("province", "agent"),
    "routed": ("department",),
    "cause_found": ("cause", "justified"),
    "answered": ("position",),
}
"""Event kind -> fields of its data that the fact takes over, when they are given."""

_ORIGIN = ("province", "agent")
"""What people and systems both tell. A person's word stands, also when it is that none is known:
then ``assessed`` has the key with null; without the key nothing was said."""

_STATUS = {
    "assessed": "assessed",
    "routed": "in_progress",
    "asked": "waiting_applicant",
    "applicant_replied": "in_progress",
    "answered": "answered",
    "closed": "closed",
    "joined_into": "closed",
    "reopened": "in_progress",
}


@dataclass(slots=True)
class _Case:
    fact: Row
    movements: list[Row] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    """Fields of :data:`_ORIGIN` that a person decided."""

    def take_over(self, kind: str, data: Stored) -> None:
        for name in _COPIED.get(kind, ()):
            value = data.get(name)
            if name in _ORIGIN and kind == "assessed" and name in data:
                self.said.add(name)
                self.fact[name] = None if value is None else str(value)
            elif value is not None and name not in self.said:
                self.fact[name] = str(value)

    def move(self, event: Stored, kind: str, code: Any = None, value: Any = None) -> None:
        self.movements.append(
            {
                "application_id": self.fact["application_id"],
                "seq": event["seq"],
                "kind": kind,
                "at": event["at"],
                "day": local_date(event["at"]),
                "until_day": None,
                "code": None if code is None else str(code)[:60],
                "value": _whole(value),
            }
        )

    def settle(self, at: datetime) -> None:
        """The first answer, or the first closing without one, ends both clocks."""
        if self.fact["settled_at"] is None:
            self.fact["settled_at"], self.fact["settled_day"] = at, local_date(at)


def project(application: Stored, events: Iterable[Stored]) -> tuple[Row, list[Row]]:
    """(row of case_fact, rows of case_movement) for the events of one application in order."""
    case = _Case(_blank(application))
    for event in events:
        kind, data = event["kind"], event["data"]
        case.fact["seq"] = event["seq"]
        if kind in _RULES:
            _RULES[kind](case, event, data)
        case.take_over(kind, data)
        if kind in _STATUS and (case.fact["is_open"] or kind in ("closed", "joined_into")):
            case.fact["status"] = (kind == "reopened" and data.get("status")) or _STATUS[kind]
    return case.fact, case.movements


def _blank(application: Stored) -> Row:
    received = local(application["received_at"])
    return {
        "application_id": application["id"],
        "seq": 0,
        "message_id": None,
        "type": "unclassified",
        "channel": application["kind"],
        "account": application["channel"],
        **dict.fromkeys(_LATER),
        "status": "recorded",
        "is_open": False,
        "received_at": application["received_at"],
        "received_day": received.date(),
        "received_weekday": received.weekday(),
        "received_hour": received.hour,
        "recorded_day": local_date(application["recorded_at"]),
        "transfers": 0,
        "asks": 0,
        "reopenings": 0,
    }


_LATER = (
    *("branch", "topic", "priority", "department", "province", "agent"),
    *("cause", "cause_department", "justified", "outcome", "position"),
    *("legal_due_at", "legal_due_day", "sla_due_at", "sla_due_day", "settled_at", "settled_day"),
)


def _recorded(case: _Case, event: Stored, data: Stored) -> None:
    if case.movements:
        return
    case.fact["message_id"] = data.get("message")
    case.fact["is_open"] = True
    case.move(event, "received")


def _assessed(case: _Case, event: Stored, data: Stored) -> None:
    before, after = case.fact["priority"], data.get("priority")
    if before is None:
        case.move(event, "assessed")
    elif after is not None and str(after) != before:
        case.move(event, "reprioritised", after)


def _routed(case: _Case, event: Stored, data: Stored) -> None:
    if case.fact["department"] is not None and data.get("department") != case.fact["department"]:
        case.fact["transfers"] += 1
        case.move(event, "transferred", data.get("department"))


def _deadlines(case: _Case, _event: Stored, data: Stored) -> None:
    for clock in ("legal", "sla"):
        given = data.get(f"{clock}_due_at")
        moment = datetime.fromisoformat(given) if given else None
        case.fact[f"{clock}_due_at"] = moment
        case.fact[f"{clock}_due_day"] = local_date(moment) if moment else None


def _asked(case: _Case, event: Stored, data: Stored) -> None:
    case.fact["asks"] += 1
    case.move(event, "asked", data.get("medium"))


def _answered(case: _Case, event: Stored, data: Stored) -> None:
    first = not any(one["kind"] == "answered" for one in case.movements)
    case.move(event, "answered" if first else "answered_again", data.get("position"))
    case.settle(event["at"])


def _closed(case: _Case, event: Stored, data: Stored) -> None:
    _close(case, event, data.get("outcome"), data.get("redress"))


def _joined(case: _Case, event: Stored, _data: Stored) -> None:
    _close(case, event, JOINED, None)


def _close(case: _Case, event: Stored, outcome: Any, redress: Any) -> None:
    if not case.fact["is_open"]:
        return
    case.fact["is_open"], case.fact["outcome"] = False, outcome
    case.move(event, "closed", outcome, redress or 0)
    case.settle(event["at"])
    opened = next(m for m in reversed(case.movements) if m["kind"] in ("received", "reopened"))
    opened["until_day"] = local_date(event["at"])


def _reopened(case: _Case, event: Stored, data: Stored) -> None:
    if case.fact["is_open"] or not case.movements:
        return
    case.fact["is_open"], case.fact["outcome"] = True, None
    if data.get("reason") == PARTED:
        _unsettle(case)
    else:
        case.fact["reopenings"] += 1
    case.move(event, "reopened", data.get("reason"))


def _unsettle(case: _Case) -> None:
    """A joining that was a mistake answered nothing: the clocks run on as if it had not been."""
    closed = next(m for m in reversed(case.movements) if m["kind"] == "closed")
    if case.fact["settled_at"] == closed["at"]:
        case.fact["settled_at"] = case.fact["settled_day"] = None


def _cause(case: _Case, event: Stored, data: Stored) -> None:
    if department := data.get("department"):
        case.fact["cause_department"] = str(department)
    case.move(event, "cause", data.get("cause"))


def _note(kind: str, code: str, value: str = "") -> Callable[[_Case, Stored, Stored], None]:
    """An event that is counted as it is."""

    def rule(case: _Case, event: Stored, data: Stored) -> None:
        case.move(event, kind, data.get(code), data.get(value))

    return rule


_RULES: Mapping[str, Callable[[_Case, Stored, Stored], None]] = {
    "recorded": _recorded,
    "assessed": _assessed,
    "routed": _routed,
    "deadlines_set": _deadlines,
    "asked": _asked,
    "answered": _answered,
    "closed": _closed,
    "joined_into": _joined,
    "reopened": _reopened,
    "cause_found": _cause,
    "verdict": _note("verdict", "verdict"),
    "proceeding_opened": _note("proceeding", "kind"),
    "proceeding_closed": _note("proceeding_ended", "outcome"),
    "survey_sent": _note("survey_sent", "medium"),
    "survey_answered": _note("surveyed", "recommends", "score"),
    "escalated": _note("escalated", "clock"),
    "consulted": _note("consulted", "department"),
    "called": _note("called", "reached"),
}


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None
