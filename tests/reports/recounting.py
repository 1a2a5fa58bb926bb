"""Every figure once more: from the history, the messages and what was sent, by a plain reading.

None of the tables, counters and statements that reports count by is used, nor what defines a
figure there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from math import ceil, isclose
from typing import Any

from sqlalchemy import Connection, select

from cases.reports.figures import Value
from config.clock import local, local_date
from samples.year.story import is_working
from storage import tables as t

UNJUDGED = ("duplicate", "withdrawn", "out_of_scope")
Row = Mapping[str, Any]
Figure = tuple[float | None, float | None, float | None]
"""Value, numerator, denominator."""


@dataclass
class Told:
    """An application as its events tell it, to the last one."""

    received_at: datetime
    type: str = "unclassified"
    priority: int | None = None
    department: str | None = None
    agent: str | None = None
    outcome: str | None = None
    is_open: bool = False
    opened: list[date] = field(default_factory=list)
    shut: list[tuple[date, str, int]] = field(default_factory=list)
    settled_at: datetime | None = None
    answered_on: date | None = None
    due: dict[str, datetime] = field(default_factory=dict)
    transfers: int = 0
    asks: int = 0
    reopenings: int = 0
    seen: list[tuple[str, date, Any]] = field(default_factory=list)

    @property
    def judged(self) -> bool:
        return self.type != "thanks" and self.outcome not in UNJUDGED

    def open_at_end_of(self, day: date) -> bool:
        return sum(d <= day for d in self.opened) > sum(d <= day for d, _, _ in self.shut)

    def late_at_end_of(self, day: date, clock: str) -> bool:
        due = self.due.get(f"{clock}_due_at")
        if due is None or local_date(due) > day:
            return False
        return self.settled_at is None or local_date(self.settled_at) > day


def _tell(one: Told, kind: str, at: datetime, data: Row) -> None:
    day = local_date(at)
    match kind:
        case "recorded":
            one.is_open = True
            one.opened.append(day)
        case "assessed":
            _assessed(one, day, data)
        case "routed":
            _routed(one, day, data["department"])
        case "deadlines_set":
            one.due = {n: datetime.fromisoformat(at) for n, at in data.items() if at}
        case "answered":
            one.answered_on = one.answered_on or day
            one.settled_at = one.settled_at or at
        case "asked":
            one.asks += 1
        case "closed" | "joined_into" | "reopened":
            _turned(one, kind, at, data)
        case _:
            one.seen.append((kind, day, data))


def _routed(one: Told, day: date, to: str) -> None:
    if one.department not in (None, to):
        one.transfers += 1
        one.seen.append(("transferred", day, to))
    one.department = to


def _turned(one: Told, kind: str, at: datetime, data: Row) -> None:
    day = local_date(at)
    if kind == "reopened" and not one.is_open:
        one.is_open, one.outcome = True, None
        one.reopenings += 1
        one.opened.append(day)
    elif kind != "reopened" and one.is_open:
        one.is_open, one.outcome = False, data.get("outcome", "duplicate")
        one.settled_at = one.settled_at or at
        one.shut.append((day, str(one.outcome), data.get("redress") or 0))


def _assessed(one: Told, day: date, data: Row) -> None:
    if one.priority is None:
        one.seen.append(("assessed", day, 1))
    elif data["priority"] != one.priority:
        one.seen.append(("reprioritised", day, 1))
    one.type, one.priority = data["type"], data["priority"]
    one.agent = data.get("agent", one.agent)


def balance(everything: Iterable[Told], first: date, last: date) -> dict[str, int]:
    """How many were open before, came, came back, went, and are open after these days."""
    before = first - timedelta(days=1)
    out: Counter[str] = Counter()
    for one in everything:
        out["opening"] += one.open_at_end_of(before)
        out["closing"] += one.open_at_end_of(last)
        out["received"] += first <= one.opened[0] <= last
        out["reopened"] += sum(first <= day <= last for day in one.opened[1:])
        out["closed"] += sum(first <= day <= last for day, _, _ in one.shut)
    return dict(out)


class Recount:
    """Everything once, by name and day; then any period of it. ``department``: of one alone."""

    def __init__(self, connection: Connection, department: str = "") -> None:
        self.at: dict[str, list[tuple[date, Any]]] = defaultdict(list)
        self._ordinal: dict[date, int] = {}
        every = told(connection)
        self.told = {i: o for i, o in every.items() if department in ("", o.department)}
        repeats = _repeats(connection)
        for key, one in self.told.items():
            self._note(key, one, key in repeats)
        self._sent(connection)
        self.actions = _actions(connection)
        self.policies = [dict(row) for row in connection.execute(select(t.policy_count)).mappings()]

    def figures(self, first: date, last: date) -> dict[str, Figure]:
        """Name -> (value, numerator, denominator), for all figures."""

        def within(name: str) -> list[Any]:
            return [value for day, value in self.at[name] if first <= day <= last]

        return {
            **_counted({name: within(name) for name in list(self.at)}),
            **self._standing(last),
            **self._of_actions(first, last),
            **self._of_policies(len(within("complaint")), first, last),
        }

    def _note(self, key: int, one: Told, repeats: bool) -> None:
        came, complaint = local(one.received_at), one.type in ("complaint", "objection")
        received = one.opened[0]
        self.at["received"].append((received, key))
        if complaint:
            self.at["complaint"].append((received, key))
        if not 9 <= came.hour < 18 or came.weekday() > 4:
            self.at["outside"].append((received, key))
        if repeats and one.outcome != "duplicate":
            self.at["repeat"].append((received, key))
        for day in one.opened[1:]:
            self.at["reopened"].append((day, key))
        for name, day, value in one.seen:
            self.at[name].append((day, value))
            if name == "assessed":
                self.at["assessment_days"].append((day, self._days(one, day)))
        if one.answered_on and one.judged:
            self.at["answer_days"].append((one.answered_on, self._days(one, one.answered_on)))
        self._closings(one, complaint)
        for name, due in one.due.items() if one.judged else ():
            met = one.settled_at is not None and one.settled_at <= due
            self.at[name].append((local_date(due), met))

    def _closings(self, one: Told, complaint: bool) -> None:
        at_once = not (one.transfers or one.asks or one.reopenings)
        for day, outcome, redress in one.shut:
            self.at["closed"].append((day, 1))
            self.at["redress"].append((day, redress))
            if outcome == "duplicate":
                self.at["joined"].append((day, 1))
            if outcome in UNJUDGED or one.type == "thanks":
                continue
            self.at["resolution_days"].append((day, self._days(one, day)))
            self.at["at_once"].append((day, at_once))
            if complaint:
                self.at["upheld"].append((day, outcome in ("accepted", "partly")))

    def _sent(self, connection: Connection) -> None:
        for row in connection.execute(select(t.outbox)).mappings():
            one = self.told.get(row["application_id"])
            if one is None:
                continue
            if row["purpose"] == "received" and row["state"] != "suppressed":
                reached = row["state"] in ("accepted", "delivered", "met")
                handed = row["submitted_at"] or row["accepted_at"] or row["settled_at"]
                minutes = (handed - one.received_at) // timedelta(minutes=1) if reached else None
                self.at["owed"].append((one.opened[0], minutes))
            if row["medium"] == "sms" and row["submitted_at"]:
                sent = (row["parts"], row["price"], row["state"] == "delivered")
                self.at["sms"].append((local_date(row["created_at"]), sent))

    def _days(self, one: Told, until: date) -> int:
        return self._count(until) - self._count(local_date(one.received_at))

    def _count(self, day: date) -> int:
        """Working days of three years up to a day."""
        if not self._ordinal:
            begin, so_far = date(day.year - 1, 1, 1), 0
            for one in (begin + timedelta(days=n) for n in range(3 * 366)):
                so_far += is_working(one)
                self._ordinal[one] = so_far
        return self._ordinal[day]

    def _standing(self, last: date) -> dict[str, Figure]:
        standing = [one for one in self.told.values() if one.open_at_end_of(last)]
        late = {c: sum(o.late_at_end_of(last, c) for o in standing) for c in ("legal", "sla")}
        counts = {"open": len(standing)} | {f"overdue_{c}": n for c, n in late.items()}
        return {name: (count, None, None) for name, count in counts.items()}

    def _of_actions(self, first: date, last: date) -> dict[str, Figure]:
        steps = [
            [(local_date(at), what) for at, what in one if local_date(at) <= last]
            for _, one in self.actions
        ]
        now = [what for one in steps for _, what in one if first <= _ <= last]
        stands = [
            [what for _, what in one if what in ("opened", "ineffective", "done", "dropped")][-1:]
            for one in steps
        ]
        is_open = [what in (["opened"], ["ineffective"]) for what in stands]
        late = [o and due <= last for o, (due, _) in zip(is_open, self.actions, strict=True)]
        good = now.count("effective")
        return {
            "actions_open": (sum(is_open), None, None),
            "actions_overdue": (sum(late), None, None),
            "actions_done": (now.count("done"), None, None),
            "actions_effective": _share(good, good + now.count("ineffective")),
        }

    def _of_policies(self, complaints: int, first: date, last: date) -> dict[str, Figure]:
        """Months that the made-up year has, whole ones."""
        months = [row for row in self.policies if first <= row["month"] <= last]
        spans = len({row["month"] for row in months}) or 1
        in_force = sum(row["policies"] for row in months) / spans
        claims = sum(row["claims"] for row in months)
        return {
            "complaints_per_1000": _share(complaints, in_force, 1000),
            "complaints_per_1000_claims": _share(complaints, claims, 1000),
        }


def differences(mine: Mapping[str, Figure], theirs: Mapping[str, Value]) -> dict[str, Any]:
    """Name -> (as it was recounted, as it is reported), where the two are not the same."""
    both = {name: (mine[name], astuple(one)) for name, one in theirs.items()}
    return {name: pair for name, pair in both.items() if not all(map(_same, *pair))}


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, abs_tol=1e-3)


def _counted(of: Mapping[str, Sequence[Any]]) -> dict[str, Figure]:
    seen: defaultdict[str, Sequence[Any]] = defaultdict(list, of)
    owed = seen["owed"]
    reached = [minutes for minutes in owed if minutes is not None]
    judged, answers, ended = (
        len(seen["at_once"]),
        seen["survey_answered"],
        seen["proceeding_closed"],
    )
    said = [one["recommends"] for one in answers if one["recommends"] is not None]
    lost = sum(one["outcome"] in ("against_us", "partly") for one in ended)
    sms = seen["sms"]
    counts = {
        "received": len(seen["received"]),
        "received_complaints": len(seen["complaint"]),
        "not_acknowledged": len(owed) - len(reached),
        "closed": len(seen["closed"]),
        "reopened": len(seen["reopened"]),
        "duplicates": len(seen["joined"]),
        "redress": sum(seen["redress"]),
        "escalated": len(seen["escalated"]),
        "proceedings": len(seen["proceeding_opened"]),
        "sms_parts": sum(parts for parts, _, _ in sms),
        "sms_cost": sum(price for _, price, _ in sms),
    }
    shares = {
        "outside_hours": (len(seen["outside"]), len(seen["received"])),
        "repeats": (len(seen["repeat"]), len(seen["received"])),
        "acknowledged": (len(reached), len(owed)),
        "acknowledged_in_hour": (sum(minutes <= 60 for minutes in reached), len(owed)),
        "sla": (sum(seen["sla_due_at"]), len(seen["sla_due_at"])),
        "legal": (sum(seen["legal_due_at"]), len(seen["legal_due_at"])),
        "reopened_share": (len(seen["reopened"]), judged),
        "first_contact": (sum(seen["at_once"]), judged),
        "upheld": (sum(seen["upheld"]), len(seen["upheld"])),
        "reprioritised": (len(seen["reprioritised"]), len(seen["assessed"])),
        "proceedings_lost": (lost, len(ended)),
        "survey_rate": (len(answers), len(seen["survey_sent"])),
        "sms_delivered": (sum(arrived for _, _, arrived in sms), len(sms)),
    }
    spread = {
        "acknowledgement_median": (reached, 0.5),
        "acknowledgement_p90": (reached, 0.9),
        "assessment_median": (seen["assessment_days"], 0.5),
        "answer_median": (seen["answer_days"], 0.5),
        "resolution_median": (seen["resolution_days"], 0.5),
        "resolution_p90": (seen["resolution_days"], 0.9),
    }
    net = sum(one >= 9 for one in said) - sum(one <= 6 for one in said)
    return {
        **{name: (count, None, None) for name, count in counts.items()},
        **{name: _share(*both) for name, both in shares.items()},
        **{name: (_at(rows, part), None, len(rows)) for name, (rows, part) in spread.items()},
        "transfers": _share(len(seen["transferred"]), judged, 1),
        "csat": _share(sum(one["score"] for one in answers), len(answers), 1),
        "nps": _share(net, len(said)),
    }


def _share(top: float, bottom: float, times: int = 100) -> Figure:
    return (times * top / bottom if bottom else None), top, bottom


def _at(rows: Sequence[int], part: float) -> float | None:
    return sorted(rows)[ceil(part * len(rows)) - 1] if rows else None


def told(connection: Connection) -> dict[int, Told]:
    a, e = t.application.c, t.event.c
    received = connection.execute(select(a.id, a.received_at))
    found = {row.id: Told(row.received_at) for row in received}
    rows = connection.execute(
        select(e.application_id, e.kind, e.at, e.data).order_by(e.application_id, e.seq)
    )
    for key, kind, at, data in rows:
        _tell(found[key], kind, at, data)
    return found


def _repeats(connection: Connection) -> set[int]:
    """Applications whose writer had one recorded in the ninety days before."""
    found, last = set(), {}
    for key, recorded_at, who in _writers(connection):
        before = [last[one] for one in who if one in last]
        if before and recorded_at - max(before) <= timedelta(days=90):
            found.add(key)
        for one in who:
            last[one] = max(recorded_at, last.get(one, recorded_at))
    return found


def _writers(connection: Connection) -> Iterator[tuple[int, datetime, list[str]]]:
    """In the order of recording: (application, when, all by which its writer can be known)."""
    a, e, m = t.application.c, t.event.c, t.message.c
    opened = connection.execute(select(e.application_id, e.data).where(e.kind == "recorded"))
    message = {row.application_id: row.data["message"] for row in opened}
    documents = dict(connection.execute(select(m.id, m.document)).all())
    for row in connection.execute(select(a.id, a.recorded_at).order_by(a.id)):
        sender = documents[message[row.id]].get("sender", {})
        names = ("phone", "email", "handle")
        yield row.id, row.recorded_at, [sender[n] for n in names if sender.get(n)]


def _actions(connection: Connection) -> list[tuple[date, list[tuple[datetime, str]]]]:
    """(due, steps) of every action."""
    s = t.improvement_step.c
    due = dict(connection.execute(select(t.improvement.c.id, t.improvement.c.due_on)).all())
    rows = connection.execute(
        select(s.improvement_id, s.at, s.what).order_by(s.improvement_id, s.seq)
    )
    steps = groupby(rows, key=lambda row: row.improvement_id)
    return [(due[key], [(row.at, row.what) for row in some]) for key, some in steps]
