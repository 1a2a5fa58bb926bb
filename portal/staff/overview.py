"""What came in, and whether anything waits."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cases.rights import Right
from config.clock import local_date
from portal.services import services
from portal.web.guard import require
from portal.web.page import render
from portal.web.visitor import Staff
from storage import channels, views

router = APIRouter(prefix="/staff")


@router.get("")
def overview(request: Request, _who: Annotated[Staff, require(Right.SEE_BOARD)]) -> HTMLResponse:
    house = services(request)
    now = house.now()
    with house.database.read() as connection:
        ledger = views.ledger(connection, since=local_date(now) - timedelta(days=1))
        return render(
            request,
            "staff/overview.html",
            applications=views.applications(connection, limit=50)[::-1],
            channels=channels.states(connection),
            waiting=sum(row["waiting"] for row in views.queues(connection, now)),
            duties=len(views.duties(connection)),
            quarantine=sum(views.quarantine_causes(connection).values()),
            balances=all(row["balances"] for row in ledger),
        )
