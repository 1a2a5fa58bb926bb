"""The record of who saw or changed what, for auditors."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from cases.rights import Right
from portal.services import services
from portal.web.guard import require
from portal.web.page import render
from portal.web.visitor import Staff
from storage import viewlog

router = APIRouter(prefix="/staff/records")
Auditor = Annotated[Staff, require(Right.SEE_VIEWS)]
PAGE = 100


@router.get("")
def records(
    request: Request,
    _who: Auditor,
    login: Annotated[str, Query(max_length=100)] = "",
    what: Annotated[str, Query(max_length=40)] = "",
    before: int | None = None,
) -> HTMLResponse:
    with services(request).database.read() as connection:
        found = viewlog.rows(connection, login=login, what=what, before=before, limit=PAGE + 1)
        rows = list(found)
    chosen = {"login": login, "what": what, "before": before}
    last = rows[PAGE - 1]["seq"] if len(rows) > PAGE else None
    return render(request, "staff/records.html", rows=rows[:PAGE], chosen=chosen, last=last)


@router.post("/check")
def check(request: Request, _who: Auditor) -> HTMLResponse:
    """Whether every row is what was written, and none is missing in between."""
    with services(request).database.read() as connection:
        broken = viewlog.first_break(connection)
    return render(request, "staff/records_checked.html", broken=broken)
