"""The list of the day: what is overdue, due today, due soon, and which warnings are new."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.deadlines import service, watch
from cases.rights import Right
from config.clock import local_date
from portal.services import services
from portal.supervise.names import choices, names_of
from portal.supervise.posted import Posted
from portal.web.guard import require
from portal.web.page import redirect, render
from portal.web.visitor import Staff
from storage import deadlines

router = APIRouter(prefix="/staff/day")
Handler = Annotated[Staff, require(Right.SEE_APPLICATIONS)]
Owner = Annotated[Staff, require(Right.HANDLE)]
NOWHERE = "-"
"""No department has this code: whoever belongs to none sees none."""
SHOWN = 50
"""Rows of one part of the list."""


@router.get("")
def day(
    request: Request, who: Handler, department: Annotated[str, Query(max_length=60)] = ""
) -> HTMLResponse:
    """The own department's day; who sees every department chooses one, or all."""
    house = services(request)
    chosen = _department(who, department)
    now = house.now()
    with house.database.read() as connection:
        law = service.law(connection, half_day_counts=house.half_days, around=local_date(now))
        calendar = law.calendar
        found = watch.day_list(connection, chosen, calendar=calendar, now=now, most=SHOWN)
        over, today, soon = watch.day_totals(connection, chosen, calendar=calendar, now=now)
        names = names_of(request, connection)
        return render(
            request,
            "supervise/day.html",
            parts=[
                ("overdue", found.overdue, over),
                ("today", found.today, today),
                ("next", found.next_days, soon),
            ],
            notices=deadlines.notices(connection, chosen) if chosen else [],
            chosen=chosen,
            names=names,
            departments=choices(connection, names, "department"),
        )


@router.post("/seen")
def seen(request: Request, who: Owner, given: Posted) -> Response:
    """The department has taken note of its warnings."""
    house = services(request)
    chosen = _department(who, given["department"])
    if chosen:
        with house.database.write() as connection:
            ids = [row["id"] for row in deadlines.notices(connection, chosen)]
            deadlines.seen(connection, ids, by=who.actor, now=house.now())
    return redirect(f"/staff/day?department={chosen or ''}")


def _department(who: Staff, asked: str) -> str | None:
    """None: all of them. Whoever sees one department sees that one, whatever is asked."""
    if who.may(Right.EVERY_DEPARTMENT):
        return asked or None
    return who.department or NOWHERE
