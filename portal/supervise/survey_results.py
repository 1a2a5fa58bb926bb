"""What applicants said of how their application was handled."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from cases.rights import Right
from portal.services import services
from portal.supervise.names import names_of
from portal.web.guard import require
from portal.web.page import render
from portal.web.visitor import Staff
from storage import closing

router = APIRouter(prefix="/staff/reports/surveys")
Reader = Annotated[Staff, require(Right.SEE_REPORTS)]
DAYS = (30, 90, 365)


@router.get("")
def page(request: Request, _who: Reader, days: Annotated[int, Query()] = 90) -> HTMLResponse:
    """Marks, how many answered, and what they wrote."""
    house = services(request)
    days = days if days in DAYS else DAYS[1]
    now = house.now()
    start = now - timedelta(days=days)
    with house.database.read() as connection:
        marks = closing.survey_marks(connection, start, now)
        rows = closing.survey_answers(connection, start, now)
        names = names_of(request, connection)
    scores, said = marks["score"], marks["recommends"]
    answered = sum(scores.values())
    promoters = sum(count for mark, count in said.items() if mark >= 9)
    detractors = sum(count for mark, count in said.items() if mark <= 6)
    asked = sum(said.values())
    return render(
        request,
        "supervise/surveys.html",
        days=days,
        spans=DAYS,
        sent=marks["sent"][0],
        answered=answered,
        mean=sum(m * n for m, n in scores.items()) / answered if answered else None,
        score=100 * (promoters - detractors) / asked if asked else None,
        scores=[(mark, scores.get(mark, 0)) for mark in range(5, 0, -1)],
        rows=rows,
        names=names,
    )
