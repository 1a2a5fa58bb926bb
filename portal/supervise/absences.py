"""Who is away, and who stands in: routing and assigning respect it."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases.rights import Right
from cases.routing import service
from cases.routing.service import CannotRoute
from config.clock import local_date
from portal.services import services
from portal.supervise.posted import Posted, day_of
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import routing, staff
from storage.engine import Connection

router = APIRouter(prefix="/staff/absences")
Owner = Annotated[Staff, require(Right.HANDLE)]


@router.get("")
def every(request: Request, who: Owner) -> HTMLResponse:
    return _page(request, who, Fields(login=who.login), Fields())


@router.post("")
def add(request: Request, who: Owner, given: Posted) -> Response:
    """One's own absence; a supervisor also writes down that of others."""
    house, t = services(request), texts(request)
    login = given["login"] or who.login
    if login != who.login and not who.may(Right.APPROVE):
        raise HTTPException(403)
    first, last = day_of(given["first_day"]), day_of(given["last_day"])
    if first is None or last is None:
        return _page(request, who, given, Fields(first_day=t("absences.days_missing")))
    try:
        with house.database.write() as connection:
            if login not in dict(_people(connection)):
                return _page(request, who, given, Fields(login=t("absences.nobody")))
            service.away(
                connection,
                login,
                first,
                last,
                deputy=given["deputy"] or None,
                by=who.actor,
                now=house.now(),
            )
    except CannotRoute:
        return _page(request, who, given, Fields(last_day=t("absences.span_wrong")))
    return redirect("/staff/absences")


@router.post("/{absence_id}/drop")
def drop(request: Request, who: Owner, absence_id: int) -> Response:
    """Back earlier, or written down by mistake."""
    with services(request).database.write() as connection:
        found = routing.absence(connection, absence_id)
        if found is None:
            raise HTTPException(404)
        if found["login"] != who.login and not who.may(Right.APPROVE):
            raise HTTPException(403)
        routing.drop_absence(connection, absence_id)
    return redirect("/staff/absences")


def _people(connection: Connection) -> list[tuple[str, str]]:
    return [(one.login, one.name) for one in staff.every(connection) if not one.disabled_at]


def _page(request: Request, who: Staff, given: Fields, errors: Fields) -> HTMLResponse:
    today = local_date(services(request).now())
    with services(request).database.read() as connection:
        return render(
            request,
            "supervise/absences.html",
            status=422 if errors else 200,
            absences=routing.absences(connection, today),
            people=_people(connection),
            for_others=who.may(Right.APPROVE),
            given=given,
            errors=errors,
            today=today,
        )
