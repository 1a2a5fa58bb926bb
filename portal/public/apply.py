"""The form, and the page with the number."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from cases.words import TYPES
from ingest import forms
from portal.intake import awaited, receipt
from portal.public import files, form_key, robots
from portal.public.accounts import client, intake, web_account
from portal.public.fields import Fields, problems
from portal.public.filetypes import ACCEPT
from portal.public.notice import NOTICE_VERSION
from portal.public.posted import Posted
from portal.services import services
from portal.web.page import redirect, render, texts
from storage.uploads import Upload

router = APIRouter(include_in_schema=False)
LARGEST_FORM = 220_000_000
"""Bytes of a form with all its files; each of them is bounded by the settings of the account."""
_WITH_FILES = "60/hour"
"""Forms with files in them from one network, right or wrong: each may be large, and is kept."""
_WITHOUT_PUZZLE = "3/hour"
"""Applications from one network when the browser solved nothing (no script)."""


@router.get("/apply")
def form(request: Request) -> HTMLResponse:
    """The empty form."""
    secret, now = intake(request).secret, services(request).now()
    return _form(request, Fields(), key=form_key.issue(secret, now))


@router.get("/apply/puzzle")
def puzzle(request: Request, key: str = "") -> JSONResponse:
    """What the browser solves while somebody writes."""
    secret = intake(request).secret
    if form_key.shown_at(secret, key) is None:
        raise HTTPException(404)
    return JSONResponse(robots.challenge(secret, key))


@router.post("/apply", max_body_size=LARGEST_FORM)
def send(request: Request, posted: Posted) -> Response:
    """Take the form: the same form again gets the same number, and costs no try."""
    house, (account, settings) = services(request), web_account(request)
    key, secret, now = posted.text("key"), intake(request).secret, house.now()
    shown = form_key.shown_at(secret, key)
    if shown is not None and receipt(house.database, account, f"form:{key}"):
        return redirect(f"/apply/received/{key}")
    said = Fields.of(posted.data)
    if posted.files("attached") and not house.limiter.allows(_WITH_FILES, "files", client(request)):
        return _form(request, said, key=key, doubt="often", status=429)
    solved = robots.is_solved(secret, posted.text("altcha"), key)
    doubt = _doubt(shown, now, bait=posted.text(robots.BAIT), solved=solved)
    errors = problems(said)
    is_right = not (errors or doubt)
    came = files.arrived(house.database, posted, settings, now, is_right=is_right)
    errors |= came.problem
    if errors or doubt:
        fresh = key if shown and doubt != "old" else form_key.issue(secret, now)
        return _form(request, said, key=fresh, errors=errors, doubt=doubt, waiting=came.waiting)
    limit = f"{settings.per_visitor_hour}/hour" if solved else _WITHOUT_PUZZLE
    if not house.limiter.allows(limit, "apply", client(request)):
        return _form(request, said, key=key, doubt="often", waiting=came.waiting, status=429)
    one = forms.Form(**asdict(said), notice=NOTICE_VERSION, files=came.named)
    intake(request).take(account, "web", forms.item("web", f"form:{key}", one), came.contents)
    files.taken(house.database, came)
    return redirect(f"/apply/received/{key}")


@router.get("/apply/received/{key}")
def received(request: Request, key: str) -> HTMLResponse:
    """The number; or, when it takes longer, the truth and another look in some seconds."""
    if form_key.shown_at(intake(request).secret, key) is None:
        raise HTTPException(404)
    account, _ = web_account(request)
    found = awaited(services(request).database, account, f"form:{key}")
    if found is None:
        raise HTTPException(404)
    headers = {} if found.number else {"Refresh": "5"}
    return render(request, "public/received.html", found=found, headers=headers)


def _doubt(shown: datetime | None, now: datetime, *, bait: str, solved: bool) -> str:
    """Why this may be no person, or a form from too long ago; empty when there is no doubt."""
    if bait:
        return "robot"
    if shown is None or now - shown > form_key.LIVES:
        return "old"
    return "" if solved or not robots.is_hasty(shown, now) else "hasty"


def _form(
    request: Request,
    said: Fields,
    *,
    key: str,
    errors: dict[str, str] | None = None,
    doubt: str = "",
    waiting: Sequence[Upload] = (),
    status: int = 0,
) -> HTMLResponse:
    say = texts(request)
    settings = web_account(request)[1] if intake(request).web else None
    in_words = {
        name: say(f"apply.wrong.{name}_{code}", **_blanks(settings))
        for name, code in (errors or {}).items()
    }
    return render(
        request,
        "public/apply.html" if settings else "public/no_form.html",
        status=status or (422 if errors or doubt else 200),
        said=said,
        key=key,
        errors=in_words,
        doubt="" if errors and doubt == "hasty" else doubt,
        waiting=waiting,
        types=[(code, say(f"apply.type.{code}"), say(f"apply.type_hint.{code}")) for code in TYPES],
        accept=ACCEPT,
        settings=settings,
    )


def _blanks(settings: object) -> dict[str, object]:
    return {
        "megabytes": f"{getattr(settings, 'max_file_mb', 0):g}",
        "most": getattr(settings, "max_files", 0),
    }
