"""Who must not decide on what: whoever an application complains about, and those close to them."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from cases.rights import Right
from cases.routing import service
from cases.routing.service import CannotRoute
from portal.services import services
from portal.supervise.names import names_of
from portal.supervise.posted import Posted
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import known, routing, staff

router = APIRouter(prefix="/staff/conflicts")
Judge = Annotated[Staff, require(Right.APPROVE)]


@router.get("")
def every(request: Request, _who: Judge) -> HTMLResponse:
    return _page(request, Fields(), Fields())


@router.post("")
def add(request: Request, who: Judge, given: Posted) -> Response:
    """From now on this colleague neither has the application nor decides on it."""
    house, t = services(request), texts(request)
    number = "".join(char for char in given["number"] if char.isdecimal())
    try:
        with house.database.write() as connection:
            application_id = known.by_number(connection, [number]).get(number)
            if application_id is None:
                return _page(request, given, Fields(number=t("conflicts.no_number")))
            if staff.find(connection, given["login"]) is None:
                return _page(request, given, Fields(login=t("absences.nobody")))
            service.bar(
                connection,
                application_id,
                given["login"],
                given["reason"],
                by=who.actor,
                now=house.now(),
            )
    except CannotRoute:
        field = "number" if given["reason"] else "reason"
        return _page(request, given, Fields({field: t(f"conflicts.{field}_wrong")}))
    return redirect("/staff/conflicts")


def _page(request: Request, given: Fields, errors: Fields) -> HTMLResponse:
    with services(request).database.read() as connection:
        return render(
            request,
            "supervise/conflicts.html",
            status=422 if errors else 200,
            conflicts=routing.every_conflict(connection),
            names=names_of(request, connection),
            people=[(one.login, one.name) for one in staff.every(connection)],
            given=given,
            errors=errors,
        )
