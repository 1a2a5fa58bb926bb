"""Routing an application, assigning it, asking others about it. Each act writes its event.

What a person decided stays: rules route only what nobody routed by hand. Who is complained about,
or is close to them, is in conflict, and neither gets the application nor decides on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases.deadlines.calendar import Calendar
from cases.deadlines.rules import end_of
from cases.rules.book import Rule, compiled, first
from cases.rules.facts import facts
from config.clock import local_date
from config.errors import BasvuruError
from storage import events, routing, rules
from storage.engine import Connection
from storage.events import Event
from storage.facts import FactRow
from storage.routing import Place

REASONS = (
    "default",
    "rule",
    "responsible",
    "wrong_department",
    "absence",
    "conflict",
    "escalation",
)
"""Why something is routed. What is to be said about people stands in a note, not here."""
_NO_RULE = ("system", "default", None)
"""Who routed it, why, and by which rule, where no rule holds."""
_DONE = ("closed", "duplicate")
LONGEST = 10_000
"""Characters of a question or an answer between departments."""


class CannotRoute(BasvuruError):
    """The application, department, colleague or text does not fit; nothing was changed."""


def route(
    connection: Connection,
    application_id: int,
    department: str,
    *,
    reason: str,
    by: str,
    rule: str | None = None,
    now: datetime,
) -> None:
    """Hand an application to a department; whoever had it there before has it no more.

    Raises CannotRoute: there is no such application, it is closed, it is there already, the reason
    is none of :data:`REASONS`.
    """
    place = _open(connection, application_id)
    if reason not in REASONS:
        raise CannotRoute(f"{reason!r} is no reason; there are: {', '.join(REASONS)}.")
    if not department or place.department == department:
        raise CannotRoute("It is in that department already." if department else "Where to?")
    routing.hand_over(connection, {application_id: department})
    data = {"department": department, "from": place.department, "reason": reason, "rule": rule}
    events.append(connection, [Event(application_id, "routed", by, data)], now)


def by_rules(
    connection: Connection, rows: Sequence[FactRow], *, unit: str, now: datetime
) -> dict[int, str]:
    """Route applications by the rules that are switched on; what none of them holds for goes to
    ``unit`` if it is nowhere yet. Returns where those went that moved. What a person routed, and
    what is closed, stays where it is."""
    places = routing.take(connection, [row.id for row in rows])
    by_hand = routing.routed_by_hand(connection, places)
    free = [r for r in rows if r.id not in by_hand and places[r.id].status not in _DONE]
    book = compiled(rules.rules(connection, "route", only_on=True))
    went: dict[int, str] = {}
    told = []
    for row in free:
        rule = first("department", book, facts(row))
        department = rule.gives["department"] if rule else (row.department or unit)
        if department != row.department:
            went[row.id] = department
            told.append(_by_rule(row, department, rule))
    routing.hand_over(connection, went)
    events.append(connection, told, now)
    return went


def _by_rule(row: FactRow, department: str, rule: Rule | None) -> Event:
    by, reason, name = (f"rule:{rule.name}", "rule", rule.name) if rule else _NO_RULE
    data = {"department": department, "from": row.department, "reason": reason, "rule": name}
    return Event(row.id, "routed", by, data)


def assign(
    connection: Connection, application_id: int, login: str | None, *, by: str, now: datetime
) -> None:
    """Give an application to a colleague, or (None) back to the department. Raises CannotRoute for
    somebody who is in conflict or away."""
    place = _open(connection, application_id)
    if login is not None:
        if not may_decide(connection, application_id, login):
            raise CannotRoute("This colleague is in conflict with the application.")
        away = routing.absent(connection, local_date(now))
        if login in away:
            raise CannotRoute(f"This colleague is away; {away[login] or 'nobody'} stands in.")
    if login == place.assignee:
        return
    routing.put(connection, application_id, department=place.department, assignee=login)
    data = {"to": login, "from": place.assignee}
    events.append(connection, [Event(application_id, "assigned", by, data)], now)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take an application. ``load``: open applications that they have."""

    login: str
    load: int


def candidates(
    connection: Connection, application_id: int, logins: Sequence[str], *, today: date
) -> list[Candidate]:
    """Who of these colleagues can take it, the least loaded first. Whoever is away is replaced by
    their deputy; whoever is in conflict is left out."""
    away = routing.absent(connection, today)
    there = {_present(login, away) for login in logins} - {None}
    barred = {one["login"] for one in routing.conflicts(connection, application_id)}
    free = sorted(login for login in there if login is not None and login not in barred)
    loads = routing.loads(connection, free)
    return sorted((Candidate(one, loads[one]) for one in free), key=lambda c: (c.load, c.login))


def _present(login: str, away: dict[str, str | None]) -> str | None:
    """The colleague, or the first in the row of deputies who is there."""
    seen: set[str] = set()
    one: str | None = login
    while one is not None and one in away:
        seen.add(one)
        one = away[one] if away[one] not in seen else None
    return one


def bar(
    connection: Connection, application_id: int, login: str, reason: str, *, by: str, now: datetime
) -> None:
    """This colleague must not decide: complained about, or close to the applicant. Takes the
    application away from them if they have it. Raises CannotRoute."""
    place = _open(connection, application_id)
    if not reason.strip():
        raise CannotRoute("A conflict of interest needs a reason.")
    routing.add_conflict(connection, application_id, login, reason.strip(), by=by, now=now)
    if place.assignee == login:
        routing.put(connection, application_id, department=place.department, assignee=None)
        data = {"to": None, "from": login}
        events.append(connection, [Event(application_id, "assigned", by, data)], now)


def may_decide(connection: Connection, application_id: int, login: str) -> bool:
    """Whether a colleague may answer, approve or close: everybody who is not in conflict."""
    return all(one["login"] != login for one in routing.conflicts(connection, application_id))


def consult(
    connection: Connection,
    application_id: int,
    department: str,
    question: str,
    *,
    calendar: Calendar,
    days: int = 2,
    by: str,
    now: datetime,
) -> int:
    """Ask another department without handing the application over; returns the question's id.

    ``days``: working days that they have. Raises CannotRoute.
    """
    place = _open(connection, application_id)
    if department == place.department:
        raise CannotRoute("It is in that department: ask a colleague there.")
    text = _text(question)
    due_at = end_of(calendar.add_working_days(local_date(now), days))
    asked = routing.ask(connection, application_id, department, text, due_at=due_at, by=by, now=now)
    data = {"department": department, "consultation": asked}
    events.append(connection, [Event(application_id, "consulted", by, data)], now)
    return asked


def answer_consultation(
    connection: Connection, consultation_id: int, answer: str, *, by: str, now: datetime
) -> None:
    """Raises CannotRoute when there is no such question, or it is answered."""
    found = routing.consultation(connection, consultation_id)
    if found is None or found["answered_at"] is not None:
        raise CannotRoute("There is no such open question.")
    routing.take(connection, [found["application_id"]])
    routing.answer(connection, consultation_id, _text(answer), by=by, now=now)
    data = {"department": found["department"], "consultation": consultation_id}
    told = Event(found["application_id"], "consultation_answered", by, data)
    events.append(connection, [told], now)


def away(
    connection: Connection,
    login: str,
    first_day: date,
    last_day: date,
    *,
    deputy: str | None,
    by: str,
    now: datetime,
) -> int:
    """Write down an absence; returns its id. Raises CannotRoute for a span that ends before it
    begins, or a deputy who is the same person."""
    if last_day < first_day or deputy == login:
        raise CannotRoute("An absence ends after it begins, and somebody else stands in.")
    return routing.add_absence(connection, login, first_day, last_day, deputy, by=by, now=now)


def _open(connection: Connection, application_id: int) -> Place:
    place = routing.take(connection, [application_id]).get(application_id)
    if place is None:
        raise CannotRoute("There is no such application.")
    if place.status in _DONE:
        raise CannotRoute("The application is closed, or was joined into another one.")
    return place


def _text(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise CannotRoute(f"The text is empty, or longer than {LONGEST} characters.")
    return text
