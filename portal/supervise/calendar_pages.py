"""The calendar of the installation: holidays, half days, worked Saturdays, and where it ends."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.deadlines import desk, watch
from cases.rights import Right
from config.clock import local_date
from portal.services import services
from portal.supervise.posted import Posted, count_of, day_of
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import calendar
from storage.engine import Connection

router = APIRouter(prefix="/staff/calendar")
Reader = Annotated[Staff, require(Right.MANAGE_TEXTS)]
WARN_MONTHS = 12
"""Months before its end from which on somebody should complete the next year."""


@router.get("")
def page(
    request: Request, _who: Reader, year: Annotated[int | None, Query(ge=2000, le=2200)] = None
) -> HTMLResponse:
    """One year: every day that is not what its weekday says."""
    return _page(request, year, Fields(), Fields())


@router.post("/day")
def change_day(request: Request, who: Reader, given: Posted) -> Response:
    """Deadlines that run already stay as they were set; what comes from now on counts anew."""
    house, t, errors = services(request), texts(request), Fields()
    day = day_of(given["day"])
    if day is None:
        errors["day"] = t("calendar.day_missing")
    if not given["name"]:
        errors["name"] = t("calendar.name_missing")
    if day is None or errors or given["kind"] not in desk.KINDS:
        return _page(request, None, given, errors or Fields(kind=t("calendar.kind_wrong")))
    with house.database.write() as connection:
        desk.change_day(
            connection, day, given["kind"], given["name"], by=who.actor, now=house.now()
        )
    return redirect(f"/staff/calendar?year={day.year}")


@router.post("/year")
def complete_year(request: Request, who: Reader, given: Posted) -> Response:
    """Somebody says that the holidays of a year are all there."""
    house, year = services(request), count_of(given["year"]) or 0
    try:
        with house.database.write() as connection:
            desk.complete_year(connection, year, by=who.actor, now=house.now())
    except (desk.NotAllowed, ValueError):  # ValueError: a year that no calendar has
        wrong = Fields(year=texts(request)("calendar.year_wrong"))
        return _page(request, None, Fields(), wrong)
    return redirect(f"/staff/calendar?year={year}")


def _page(request: Request, year: int | None, given: Fields, errors: Fields) -> HTMLResponse:
    house = services(request)
    today = local_date(house.now())
    year = year or today.year
    with house.database.read() as connection:
        last = calendar.last_year(connection)
        rows = calendar.days(connection, date(year, 1, 1), date(year, 12, 31))
        next_days = len(_of_year(connection, (last or today.year) + 1))
    months = watch.months_left(last, today)
    return render(
        request,
        "supervise/calendar.html",
        status=422 if errors else 200,
        year=year,
        days=rows,
        last=last,
        months=months,
        ends_soon=months < WARN_MONTHS,
        next_days=next_days,
        given=given,
        errors=errors,
        kinds=desk.KINDS,
    )


def _of_year(connection: Connection, year: int) -> list[calendar.DayRow]:
    return list(calendar.days(connection, date(year, 1, 1), date(year, 12, 31)))
