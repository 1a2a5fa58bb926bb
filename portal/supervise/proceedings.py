"""Matters before others: arbitration, consumer board, court, regulator, data board, mediation."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.answers import proceedings as desk
from cases.answers.standing import CannotDo
from cases.rights import Right
from config.clock import local_date
from portal.services import services
from portal.supervise.names import names_of
from portal.supervise.posted import Posted, count_of, day_of
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import closing, known

router = APIRouter(prefix="/staff/proceedings")
Reader = Annotated[Staff, require(Right.SEE_APPLICATIONS)]
Owner = Annotated[Staff, require(Right.HANDLE)]


@router.get("")
def every(request: Request, _who: Reader, ended: Annotated[bool, Query()] = False) -> HTMLResponse:
    return _page(request, Fields(), Fields(), ended=ended)


@router.post("")
def open_(request: Request, who: Owner, given: Posted) -> Response:
    """Note one: from then on nothing of the application is erased."""
    house, t = services(request), texts(request)
    number = "".join(char for char in given["number"] if char.isdecimal())
    opened = day_of(given["opened_on"])
    if opened is None or opened > local_date(house.now()):
        return _page(request, given, Fields(opened_on=t("proceedings.day_wrong")))
    try:
        with house.database.write() as connection:
            application_id = known.by_number(connection, [number]).get(number)
            if application_id is None:
                return _page(request, given, Fields(number=t("conflicts.no_number")))
            desk.open_proceeding(
                connection,
                application_id,
                given["kind"],
                given["file_number"][:200],
                opened,
                by=who.actor,
                now=house.now(),
            )
    except CannotDo:
        return _page(request, given, Fields(kind=t("proceedings.kind_wrong")))
    return redirect("/staff/proceedings")


@router.post("/{proceeding_id}/end")
def end(request: Request, who: Owner, proceeding_id: int, given: Posted) -> Response:
    """How it ended; a person lifts the hold afterwards, at the data-protection desk."""
    house, t = services(request), texts(request)
    closed, lira = day_of(given["closed_on"]), count_of(given["awarded"] or "0")
    if closed is None or lira is None:
        return _page(request, Fields(), Fields(end=t("proceedings.end_wrong")))
    try:
        with house.database.write() as connection:
            desk.close_proceeding(
                connection,
                proceeding_id,
                given["outcome"],
                lira * 100,
                closed,
                by=who.actor,
                now=house.now(),
            )
    except CannotDo:
        return _page(request, Fields(), Fields(end=t("proceedings.end_wrong")))
    return redirect("/staff/proceedings")


def _page(request: Request, given: Fields, errors: Fields, *, ended: bool = False) -> HTMLResponse:
    today = local_date(services(request).now())
    with services(request).database.read() as connection:
        return render(
            request,
            "supervise/proceedings.html",
            status=422 if errors else 200,
            proceedings=closing.every_proceeding(connection, is_open=not ended),
            ended=ended,
            names=names_of(request, connection),
            kinds=desk.KINDS,
            outcomes=desk.OUTCOMES,
            given=given,
            errors=errors,
            today=today,
        )
