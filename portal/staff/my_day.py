"""What waits for whoever is signed in, and one key to begin with the most urgent of it."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cases.rights import Right
from config.clock import local_date, start_of
from portal.services import services
from portal.staff import listed
from portal.web.guard import require
from portal.web.page import render
from portal.web.visitor import Staff
from storage import departments, my_day, reading_desk, routing, worklist
from storage.engine import Connection
from storage.worklist import Wanted

router = APIRouter(prefix="/staff/my-day")
REPLIES_OF = timedelta(days=7)


@router.get("")
def page(request: Request, who: Annotated[Staff, require(Right.HANDLE)]) -> HTMLResponse:
    house, now = services(request), services(request).now()
    today = start_of(local_date(now) + timedelta(days=1))
    with house.database.read() as connection:
        mine = Wanted(assignee=who.login, due="today")
        due = worklist.page(connection, mine, now=now, end_of_today=today, limit=my_day.MOST)
        nobodys = Wanted(department=who.department or "-", assignee="-")
        free = worklist.page(connection, nobodys, now=now, end_of_today=today, limit=10)
        approvals = my_day.approvals(connection, who.login) if who.may(Right.APPROVE) else []
        questions = (
            routing.consultations(connection, department=who.department) if who.department else []
        )
        return render(
            request,
            "board/my_day.html",
            due=due,
            tasks=my_day.tasks(connection, who.login, who.department),
            replies=my_day.replies(connection, who.login, now - REPLIES_OF),
            approvals=[one for one in approvals if listed.reads(who, one["department"])],
            questions=questions[: my_day.MOST],
            free=free,
            reading=_reading(connection, who),
            first=next((one["number"] for one in (*due, *free)), ""),
            departments={one.code: one for one in departments.every(connection, closed=True)},
        )


def _reading(connection: Connection, who: Staff) -> int:
    """Applications with pages that this colleague may read."""
    every = who.may(Right.EVERY_DEPARTMENT)
    return reading_desk.count(connection, department=who.department, every=every)
