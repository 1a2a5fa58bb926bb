"""What the applicant sees of an application, and what can be done there: add, and judge."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cases import progress, status_access
from cases import verdict as verdicts
from cases.answers import closing
from cases.answers.standing import CannotDo
from cases.number import shown as number_shown
from ingest import forms
from ingest.contract import RawItem
from portal.intake import receipt
from portal.public import files, form_key
from portal.public.accounts import intake, web_account
from portal.public.fields import LONGEST_TEXT
from portal.public.filetypes import ACCEPT
from portal.public.posted import Posted
from portal.public.status import COOKIE
from portal.services import services
from portal.web.page import redirect, render, texts
from storage import status
from storage.status import Seen
from storage.uploads import Upload

router = APIRouter(prefix="/status/application", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """A message as it stands in the form."""

    text: str = ""
    problem: str = ""
    waiting: tuple[Upload, ...] = ()
    key: str = ""


@router.get("")
def application(request: Request, added: str = "", judged: str = "") -> Response:
    """Where it stands, what comes next, and by when."""
    seen = _visited(request)
    if seen is None:
        return redirect("/status")
    return _page(request, seen, Typed(), added=added == "yes", judged=judged == "yes")


@router.post("/message", max_body_size=220_000_000)
def add(request: Request, posted: Posted) -> Response:
    """A message or files for this application: they land, and join it."""
    seen, house = _visited(request), services(request)
    if seen is None:
        return redirect("/status")
    account, settings = web_account(request)
    key, text = posted.text("key"), posted.text("text").strip()
    source_key = f"form:{key}"
    ours = form_key.shown_at(intake(request).secret, key) is not None
    if ours and receipt(house.database, account, source_key):
        return redirect("/status/application?added=yes")
    came = files.arrived(house.database, posted, settings, house.now())
    problem = came.problem.get("attached", "") and f"attached_{came.problem['attached']}"
    if not problem and not (text or came.named):
        problem = "text_missing"
    if not problem and len(text) > LONGEST_TEXT:
        problem = "text_long"
    if problem or not ours:
        return _page(request, seen, Typed(text, problem, came.waiting, key if ours else ""))
    if not house.limiter.allows("20/hour", "status-message", seen.number):
        return _page(request, seen, Typed(text, "often", came.waiting, key))
    intake(request).take(account, "web", _item(seen, text, source_key, came), came.contents)
    files.taken(house.database, came)
    return redirect("/status/application?added=yes")


@router.post("/verdict", max_body_size=10_000)
def judge(request: Request, posted: Posted) -> Response:
    """Whether the answer satisfied."""
    seen, house = _visited(request), services(request)
    if seen is None:
        return redirect("/status")
    try:
        with house.database.write() as connection:
            if not verdicts.given(connection, seen.id):
                said = posted.text("verdict")
                half_days, now = house.half_days, house.now()
                closing.verdict(
                    connection, seen.id, said, half_days=half_days, by="applicant", now=now
                )
    except CannotDo:
        return redirect("/status/application")  # it has moved on meanwhile: the page shows how
    return redirect("/status/application?judged=yes")


def _item(seen: Seen, text: str, key: str, came: files.Arrived) -> RawItem:
    said = forms.Form(
        text=text,
        name=seen.name or "",
        phone=seen.phone or "",
        email=seen.email or "",
        proved=seen.number,
        files=came.named,
    )
    return forms.item("web", key, said)


def _visited(request: Request) -> Seen | None:
    house, handle = services(request), request.cookies.get(COOKIE, "")
    with house.database.read() as connection:
        return status.visited(connection, status_access.digest(handle), house.now())


def _page(
    request: Request, seen: Seen, typed: Typed, *, added: bool = False, judged: bool = False
) -> HTMLResponse:
    house, say = services(request), texts(request)
    with house.database.read() as connection:
        steps = progress.steps(connection, seen.id)
        verdict = verdicts.given(connection, seen.id)
    settings = intake(request).web
    blanks = {
        "megabytes": f"{settings[1].max_file_mb:g}" if settings else "",
        "most": settings[1].max_files if settings else 0,
    }
    return render(
        request,
        "public/status_page.html",
        seen=seen,
        number=number_shown(seen.number),
        stage=progress.coarse(seen.status),
        stages=progress.STAGES,
        steps=steps,
        verdict=verdict,
        key=typed.key or form_key.issue(intake(request).secret, house.now()),
        typed=typed,
        problem=say(f"apply.wrong.{typed.problem}", **blanks) if typed.problem else "",
        added=added,
        judged=judged,
        accept=ACCEPT,
        settings=settings and settings[1],
        status=422 if typed.problem else 200,
    )
