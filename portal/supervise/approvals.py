"""Which answers a second person reads before they go."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from cases.answers.shipped import positions
from cases.rights import Right
from cases.words import TYPES
from portal.services import services
from portal.supervise.names import choices, names_of
from portal.supervise.posted import Posted, count_of
from portal.web.forms import Fields
from portal.web.guard import place, require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import answers, viewlog
from storage.answers import ApprovalRule
from storage.viewlog import View

router = APIRouter(prefix="/staff/rules/approval")
Keeper = Annotated[Staff, require(Right.MANAGE_TEXTS)]


@router.get("")
def every(request: Request, _who: Keeper) -> HTMLResponse:
    return _page(request, Fields(), Fields())


@router.post("")
def add(request: Request, who: Keeper, given: Posted) -> Response:
    """A new rule; it holds at once, and only ever makes more answers wait."""
    lira, house = count_of(given["redress_from"]), services(request)
    rule = ApprovalRule(
        given["type"] if given["type"] in TYPES else None,
        given["department"] or None,
        given["position"] if given["position"] in positions() else None,
        None if lira is None else lira * 100,
    )
    if given["redress_from"] and lira is None:
        return _page(request, given, Fields(redress_from=texts(request)("approvals.no_amount")))
    with house.database.write() as connection:
        rule_id = answers.add_approval_rule(connection, rule, by=who.actor, now=house.now())
        viewlog.append(connection, _note(request, who, rule_id, "added"), house.now())
    return redirect("/staff/rules/approval")


@router.post("/{rule_id}/end")
def end(request: Request, who: Keeper, rule_id: int) -> Response:
    """The rule holds no more; answers that wait go on waiting."""
    house = services(request)
    with house.database.write() as connection:
        if answers.end_approval_rule(connection, rule_id, by=who.actor, now=house.now()):
            viewlog.append(connection, _note(request, who, rule_id, "ended"), house.now())
    return redirect("/staff/rules/approval")


def _note(request: Request, who: Staff, rule_id: int, what: str) -> View:
    data = {"rule": rule_id, "what": what}
    return View(who.login, "approval_changed", data=data, place=place(request))


def _page(request: Request, given: Fields, errors: Fields) -> HTMLResponse:
    with services(request).database.read() as connection:
        names = names_of(request, connection)
        return render(
            request,
            "supervise/approvals.html",
            status=422 if errors else 200,
            rules=answers.approval_rules(connection),
            names=names,
            types=[(code, names("type", code)) for code in TYPES],
            departments=choices(connection, names, "department"),
            positions=[(code, names("position", code)) for code in positions()],
            given=given,
            errors=errors,
        )
