"""The data-protection desk: requests, what is held, what is restricted, what was destroyed."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases.answers import keeping as desk
from cases.answers.shipped import data as shipped
from cases.answers.standing import OPEN, CannotDo
from cases.rights import Right
from portal.services import services
from portal.supervise.names import names_of
from portal.supervise.posted import Posted
from portal.web.forms import Fields
from portal.web.guard import place, require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import keeping, known, viewlog
from storage.engine import Connection
from storage.viewlog import View

router = APIRouter(prefix="/staff/data-protection")
Reader = Annotated[Staff, require(Right.SEE_KEEPING)]
Keeper = Annotated[Staff, require(Right.PROTECT_DATA)]


@router.get("")
def page(request: Request, _who: Reader) -> HTMLResponse:
    return _page(request, Fields(), Fields())


@router.post("")
def put(request: Request, who: Keeper, given: Posted) -> Response:
    """Hold or restrict an application, with a reason."""
    house, t = services(request), texts(request)
    number = "".join(char for char in given["number"] if char.isdecimal())
    if not given["reason"]:
        return _page(request, given, Fields(reason=t("keeping.reason_missing")))
    act = desk.restrict if given["what"] == "restrict" else desk.hold
    try:
        with house.database.write() as connection:
            application_id = known.by_number(connection, [number]).get(number)
            if application_id is None:
                return _page(request, given, Fields(number=t("conflicts.no_number")))
            act(connection, application_id, given["reason"], by=who.actor, now=house.now())
            _note(connection, request, who, application_id, given["what"] or "hold")
    except CannotDo:
        return _page(request, given, Fields(number=t("conflicts.no_number")))
    return redirect("/staff/data-protection")


@router.post("/{application_id}/{act}")
def lift(
    request: Request, who: Keeper, application_id: int, act: Literal["lift-hold", "unrestrict"]
) -> Response:
    """No longer held, or no longer restricted."""
    house = services(request)
    how = desk.lift_hold if act == "lift-hold" else desk.unrestrict
    try:
        with house.database.write() as connection:
            how(connection, application_id, by=who.actor, now=house.now())
            _note(connection, request, who, application_id, act)
    except CannotDo:
        if act == "unrestrict":
            raise HTTPException(409) from None  # somebody was faster
        wrong = Fields(number=texts(request)("keeping.cannot_lift"))
        return _page(request, Fields(), wrong)
    return redirect("/staff/data-protection")


def _note(
    connection: Connection, request: Request, who: Staff, application_id: int, what: str
) -> None:
    view = View(
        who.login, "keeping_changed", application_id, data={"what": what}, place=place(request)
    )
    viewlog.append(connection, view, services(request).now())


def _page(request: Request, given: Fields, errors: Fields) -> HTMLResponse:
    house = services(request)
    with house.database.read() as connection:
        return render(
            request,
            "supervise/data_protection.html",
            status=422 if errors else 200,
            requests=keeping.requests(connection, OPEN),
            held=keeping.held(connection),
            restricted=keeping.restricted(connection),
            destroyed=keeping.disposals(connection),
            years=shipped()["retention"],
            due=len(desk.due(connection, house.now(), 1000)),
            names=names_of(request, connection),
            given=given,
            errors=errors,
        )
