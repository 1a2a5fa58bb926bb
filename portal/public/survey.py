"""How satisfied were you? Three questions behind a one-time link (ISO 10002 §8.3)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases.answers import surveys
from cases.answers.surveys import Answers, NoSuchSurvey
from portal.public.accounts import client
from portal.public.posted import Posted
from portal.services import services
from portal.web.page import render

router = APIRouter(prefix="/anket", include_in_schema=False)


@router.get("/{token}")
def survey(request: Request, token: str) -> HTMLResponse:
    """The questions; nothing of the application is shown."""
    house = services(request)
    try:
        with house.database.read() as connection:
            surveys.find(connection, token[:200], house.now())
    except NoSuchSurvey:
        return render(request, "public/survey.html", state="closed", status=410)
    return render(request, "public/survey.html", state="open")


@router.post("/{token}", max_body_size=20_000)
def answer(request: Request, token: str, posted: Posted) -> Response:
    """Take the marks, once."""
    house = services(request)
    house.limiter.check("30/hour", "survey", client(request))
    marks = [_mark(posted.text("score"), 1, 5), _mark(posted.text("recommends"), 0, 10)]
    if marks[0] is None:
        return render(request, "public/survey.html", state="missing", status=422)
    given = Answers(marks[0], marks[1], posted.text("comment").strip()[: surveys.LONGEST])
    try:
        with house.database.write() as connection:
            surveys.answer(connection, token[:200], given, house.now())
    except NoSuchSurvey:
        return render(request, "public/survey.html", state="closed", status=410)
    return render(request, "public/survey.html", state="done")


def _mark(text: str, least: int, most: int) -> int | None:
    known = {str(mark): mark for mark in range(least, most + 1)}
    return known.get(text)
