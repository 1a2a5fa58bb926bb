"""Corrective and preventive actions, and the causes that they are for."""

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.assessment.taxonomy import NoSuchEntry
from cases.causes import service
from cases.causes.service import BadCause, NewImprovement
from cases.reports import building, charts
from cases.rights import Right
from config.clock import local_date
from portal.services import services
from portal.supervise.names import choices, names_of
from portal.supervise.posted import Posted, day_of
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.language import language_of
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import causes, known, staff
from storage.engine import Connection
from storage.reporting.counting import Slice

router = APIRouter(prefix="/staff/actions")
Reader = Annotated[Staff, require(Right.SEE_APPLICATIONS)]
Owner = Annotated[Staff, require(Right.HANDLE)]
Judge = Annotated[Staff, require(Right.APPROVE)]
STATES = ("open", "done", "verified", "dropped")
MOST_CAUSES = 12


@router.get("")
def every(
    request: Request, _who: Reader, state: Annotated[str, Query(max_length=10)] = ""
) -> HTMLResponse:
    """Actions, the first due first, under the causes that complaints have had lately."""
    house = services(request)
    today = local_date(house.now())
    with house.database.read() as connection:
        found = causes.improvements(connection, states=(state,) if state in STATES else ())
        return render(
            request,
            "supervise/actions.html",
            actions=found,
            state=state,
            states=STATES,
            today=today,
            names=names_of(request, connection),
            causes=_causes(connection, today)[:MOST_CAUSES],
            first=_since(today),
        )


@router.get("/pareto")
def pareto(request: Request, _who: Reader) -> Response:
    """The causes of the last 90 days as a chart."""
    house, language = services(request), language_of(request)
    today = local_date(house.now())
    with house.database.read() as connection:
        rows, names = _causes(connection, today), names_of(request, connection)
    if not rows:
        raise HTTPException(404)
    called = {row["key"]: [names("cause", row["key"])] * 2 for row in rows}
    content = {"causes": rows, "labels": {"cause": called}}
    return Response(charts.draw(content, "pareto", language), media_type="image/svg+xml")


@router.get("/new")
def new(
    request: Request, who: Owner, cause: Annotated[str, Query(max_length=60)] = ""
) -> HTMLResponse:
    given = Fields(cause=cause, owner=who.login, department=who.department or "")
    return _form(request, given, Fields())


@router.post("/new")
def open_(request: Request, who: Owner, given: Posted) -> Response:
    """Open an action. Its source applications are named by their numbers."""
    house, t = services(request), texts(request)
    due = day_of(given["due_on"])
    if due is None:
        return _form(request, given, Fields(due_on=t("actions.due_on_wrong")))
    try:
        with house.database.write() as connection:
            action_id = service.open_(
                connection, _new(connection, given, due), by=who.actor, now=house.now()
            )
    except BadCause as error:
        return _form(request, given, Fields({error.field: t(f"actions.{error.field}_wrong")}))
    except NoSuchEntry:
        return _form(request, given, Fields(cause=t("actions.cause_wrong")))
    return redirect(f"/staff/actions/{action_id}")


@router.get("/{action_id}")
def one(request: Request, _who: Reader, action_id: int) -> HTMLResponse:
    return _page(request, action_id, Fields())


@router.post("/{action_id}/{step}")
def move(
    request: Request,
    who: Owner,
    action_id: int,
    step: Literal["done", "postpone", "drop", "link"],
    given: Posted,
) -> Response:
    """Done with evidence, postponed or dropped with a reason, or more sources named."""
    house = services(request)
    now = house.now()
    try:
        with house.database.write() as connection:
            match step:
                case "done":
                    service.done(connection, action_id, given["text"], by=who.actor, now=now)
                case "drop":
                    service.drop(connection, action_id, given["text"], by=who.actor, now=now)
                case "link":
                    ids = _sources(connection, given["text"])
                    service.link(connection, action_id, ids, by=who.actor, now=now)
                case "postpone":
                    due = day_of(given["due_on"]) or _none()
                    service.postpone(
                        connection, action_id, due, given["text"], by=who.actor, now=now
                    )
    except BadCause as error:
        wrong = texts(request)(f"actions.{error.field}_wrong")
        return _page(request, action_id, Fields({f"{step}-text": wrong}))
    return redirect(f"/staff/actions/{action_id}")


@router.post("/{action_id}/verdict/{verdict}")
def verify(
    request: Request, who: Judge, action_id: int, verdict: Literal["effective", "ineffective"]
) -> Response:
    """Whether it helped; one that did not is open again."""
    house = services(request)
    try:
        with house.database.write() as connection:
            service.verify(connection, action_id, verdict, by=who.actor, now=house.now())
    except BadCause:
        return _page(request, action_id, Fields(verdict=texts(request)("actions.action_wrong")))
    return redirect(f"/staff/actions/{action_id}")


def _none() -> date:
    raise BadCause("due_on", "An action is postponed to a day.")


def _since(today: date) -> date:
    return today - timedelta(days=90)


def _causes(connection: Connection, today: date) -> list[dict[str, object]]:
    return building.causes(connection, Slice(_since(today), today))


def _new(connection: Connection, given: Fields, due: date) -> NewImprovement:
    names = ("title", "department", "owner", "steps")
    return NewImprovement(
        kind="preventive" if given["kind"] == "preventive" else "corrective",
        due_on=due,
        cause=given["cause"] or None,
        topic=given["topic"] or None,
        sources=_sources(connection, given["sources"]),
        **{name: given[name] for name in names},
    )


def _sources(connection: Connection, text: str) -> list[int]:
    """Ids of the applications whose numbers stand in a text. Raises BadCause for others."""
    numbers = ["".join(c for c in word if c.isdecimal()) for word in text.replace(",", " ").split()]
    found = known.by_number(connection, numbers)
    if len(found) != len(set(numbers)):
        raise BadCause("sources", "An application has no such number.")
    return sorted(set(found.values()))


def _page(request: Request, action_id: int, errors: Fields) -> HTMLResponse:
    house = services(request)
    with house.database.read() as connection:
        action = causes.improvement(connection, action_id)
        if action is None:
            raise HTTPException(404)
        measured = action["state"] in ("done", "verified")
        return render(
            request,
            "supervise/action.html",
            status=422 if errors else 200,
            action=action,
            names=names_of(request, connection),
            sources=causes.sources(connection, action_id),
            steps=causes.steps(connection, action_id),
            effect=service.measure(connection, action_id, now=house.now()) if measured else None,
            today=local_date(house.now()),
            errors=errors,
        )


def _form(request: Request, given: Fields, errors: Fields) -> HTMLResponse:
    with services(request).database.read() as connection:
        names = names_of(request, connection)
        return render(
            request,
            "supervise/action_new.html",
            status=422 if errors else 200,
            given=given,
            errors=errors,
            departments=choices(connection, names, "department"),
            causes=choices(connection, names, "cause"),
            topics=choices(connection, names, "topic"),
            people=[(a.login, a.name) for a in staff.every(connection) if not a.disabled_at],
            today=local_date(services(request).now()),
        )
