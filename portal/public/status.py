"""How is my application? Number and phone, a code by SMS, then the page.

Whether number and phone fit is looked at after the answer was sent: what the visitor sees, and how
long it takes, is the same for a wrong number, a wrong phone, and the right ones.
"""

import secrets

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi.responses import HTMLResponse

from cases import status_access
from cases.joining import digits
from portal.public.accounts import client, intake
from portal.public.posted import Posted
from portal.services import Services, services
from portal.web.page import redirect, render
from storage import status

router = APIRouter(prefix="/status", include_in_schema=False)
COOKIE = "status"
_MINUTES = 30


@router.get("")
def ask(request: Request) -> HTMLResponse:
    """Number and phone."""
    return render(request, "public/status_ask.html", problem="")


@router.post("", max_body_size=10_000)
def begin(request: Request, posted: Posted, later: BackgroundTasks) -> Response:
    """Begin a visit; the code is sent, if it is, behind the visitor's back."""
    house, number, phone = services(request), digits(posted.text("number")), posted.text("phone")
    if not status_access.may_be_number(number):
        return render(request, "public/status_ask.html", problem="number", status=422)
    allowed = house.limiter.allows("20/hour", "status", client(request))
    if not (allowed and house.limiter.allows("6/hour", "status-number", number)):
        return render(request, "public/status_ask.html", problem="often", status=429)
    handle = secrets.token_urlsafe(24)
    with house.database.write() as connection:
        status.begin(connection, status_access.digest(handle), house.now())
    later.add_task(_send_code, house, intake(request).secret, handle, number, phone)
    answer = redirect("/status/code")
    return _remember(request, answer, handle)


@router.get("/code")
def code(request: Request) -> HTMLResponse:
    """Type in what came by SMS."""
    return render(request, "public/status_code.html", wrong=False)


@router.post("/code", max_body_size=10_000)
def enter(request: Request, posted: Posted) -> Response:
    """Try a code; a wrong one, a late one, and one that was never sent look the same."""
    house, handle = services(request), request.cookies.get(COOKIE, "")
    if not house.limiter.allows("30/hour", "status-code", client(request)):
        return render(request, "public/status_code.html", wrong=True, status=429)
    new_handle = secrets.token_urlsafe(24)
    tried = status_access.code_digest(intake(request).secret, handle, digits(posted.text("code")))
    with house.database.write() as connection:
        fits = status.enter(
            connection,
            status_access.digest(handle),
            tried,
            status_access.digest(new_handle),
            house.now(),
        )
    if not fits:
        return render(request, "public/status_code.html", wrong=True, status=422)
    return _remember(request, redirect("/status/application"), new_handle)


@router.post("/leave")
def leave(request: Request) -> Response:
    """End the visit on this device."""
    with services(request).database.write() as connection:
        status.leave(connection, status_access.digest(request.cookies.get(COOKIE, "")))
    answer = redirect("/status")
    answer.delete_cookie(COOKIE, path="/status")
    return answer


def _send_code(house: Services, secret: bytes, handle: str, number: str, phone: str) -> None:
    with house.database.write() as connection:
        to_send = status_access.send_code(
            connection,
            handle=handle,
            number=number,
            phone=phone,
            secret=secret,
            company=house.company.short_name,
            now=house.now(),
        )
    house.ring(to_send)


def _remember(request: Request, answer: Response, handle: str) -> Response:
    answer.set_cookie(
        COOKIE,
        handle,
        max_age=_MINUTES * 60,
        path="/status",
        httponly=True,
        samesite="strict",
        secure=services(request).is_https,
    )
    return answer
