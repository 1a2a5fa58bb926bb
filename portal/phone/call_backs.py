"""Missed calls that are to be called back."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases.phone_calls import CALL_BACK
from portal.phone.access import Agent
from portal.services import services
from portal.web.page import redirect, render
from storage import calls, tasks

router = APIRouter(prefix="/staff/phone/call-backs", include_in_schema=False)


@router.get("")
def call_backs(request: Request, _who: Agent) -> HTMLResponse:
    """Open call-backs, the most urgent first."""
    with services(request).database.read() as connection:
        found = tasks.open_ones(connection, kind=CALL_BACK)
        ids = [one.id for one in found]
        callers, times = calls.by_task(connection, ids), calls.missed_times(connection, ids)
    return render(request, "phone/call_backs.html", tasks=found, callers=callers, times=times)


@router.post("/{task_id}/done")
def done(request: Request, who: Agent, task_id: int) -> Response:
    """It was called back. Who did it second finds it gone, and nothing is done twice."""
    house = services(request)
    with house.database.write() as connection:
        tasks.done(connection, task_id, by=who.actor, now=house.now())
    return redirect("/staff/phone/call-backs")
