"""How long things may take: deadline rules, each with the law or decision that it comes from."""

from datetime import date, datetime, time
from typing import Annotated, cast

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases.deadlines import desk, service
from cases.deadlines.rules import CLOCKS, STARTS, UNITS, Rule, Unit, due_at
from cases.rights import Right
from cases.rules.condition import BadCondition
from config.clock import ISTANBUL, local_date
from portal.services import services
from portal.supervise.posted import Posted, count_of, day_of
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import deadlines

router = APIRouter(prefix="/staff/rules/deadlines")
Keeper = Annotated[Staff, require(Right.MANAGE_TEXTS)]


@router.get("")
def every(request: Request, _who: Keeper) -> HTMLResponse:
    """Every rule, and when what comes in today would be due."""
    house = services(request)
    today = local_date(house.now())
    with house.database.read() as connection:
        rows = deadlines.rules(connection)
        law = service.law(connection, half_day_counts=house.half_days, around=today)
    begun = datetime.combine(today, time(9), ISTANBUL)
    due = {one.name: due_at(one, begun, law.calendar) for one in law.rules}
    return render(request, "supervise/deadline_rules.html", rules=rows, due=due, today=today)


@router.get("/{name}")
def one(request: Request, _who: Keeper, name: str) -> HTMLResponse:
    return _form(request, name, Fields(), Fields())


@router.post("/{name}")
def change(request: Request, who: Keeper, name: str, given: Posted) -> Response:
    """A new version holds for what is recorded from now on; deadlines that run stay as they are."""
    house, t = services(request), texts(request)
    old = _row(request, name)
    dates: dict[str, date | None] = {n: day_of(given[n]) for n in ("valid_from", "valid_to")}
    rule = Rule(
        name=name,
        clock=str(old["clock"]),
        condition=given["condition"],
        length=count_of(given["length"]) or 0,
        unit=cast("Unit", given["unit"]),
        start=given["start"],
        source=given["source"],
        **dates,
    )
    try:
        with house.database.write() as connection:
            desk.change_rule(connection, rule, by=who.actor, note=given["note"], now=house.now())
    except BadCondition as error:
        rest = rule.condition[error.position :][:40] or t("rules.the_end")
        wrong = t("rules.condition_wrong", at=error.position + 1, rest=rest)
        return _form(request, name, given, Fields(condition=wrong))
    except desk.NotAllowed:
        field = "source" if rule.length else "length"
        return _form(request, name, given, Fields({field: t(f"deadline_rules.{field}_wrong")}))
    return redirect("/staff/rules/deadlines")


@router.post("/{name}/end")
def end(request: Request, _who: Keeper, name: str) -> Response:
    """The rule holds no more for what comes from now on."""
    _row(request, name)
    with services(request).database.write() as connection:
        desk.end_rule(connection, name, now=services(request).now())
    return redirect("/staff/rules/deadlines")


def _row(request: Request, name: str) -> dict[str, object]:
    with services(request).database.read() as connection:
        found = [row for row in deadlines.rules(connection) if row["name"] == name]
    if not found:
        raise HTTPException(404)
    return found[0]


def _form(request: Request, name: str, given: Fields, errors: Fields) -> HTMLResponse:
    row = _row(request, name)
    shown = given or Fields({key: "" if row[key] is None else str(row[key]) for key in row})
    with services(request).database.read() as connection:
        history = deadlines.rule_history(connection, name)
    return render(
        request,
        "supervise/deadline_rule.html",
        status=422 if errors else 200,
        rule=row,
        given=shown,
        errors=errors,
        history=history,
        units=UNITS,
        starts=STARTS,
        clocks=CLOCKS,
    )
