"""Pages of signing in and out. They work without JavaScript."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from portal.services import services
from portal.staff import known, signing_in
from portal.staff.oidc import Declined, Somebody
from portal.web.guard import (
    end_session,
    give_cookie,
    own_session,
    place,
    session_cookie,
    signed_in,
)
from portal.web.page import own_path, redirect, render
from portal.web.visitor import Staff
from storage import sessions, staff

router = APIRouter(prefix="/staff")
_STATE_COOKIE = "sign_in"
_STATE_SECONDS = 600


@router.get("/sign-in")
def form(request: Request, to: str = "/staff") -> HTMLResponse:
    return _form(request, to)


@router.post("/sign-in")
def password(
    request: Request,
    login: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    to: Annotated[str, Form()] = "/staff",
) -> Response:
    """Password first; whoever has one-time codes is asked for one next."""
    limiter = services(request).limiter
    limiter.check("10/minute", "sign-in", place(request))
    login = login.strip()
    if not signing_in.is_owners_browser(request, login):
        limiter.check("30/hour", "sign-in-login", login.lower())
    step = signing_in.with_password(request, login, password)
    if step is None:
        return _form(request, to, failed=True)
    if step.needs_code:
        return _code_form(request, step.secret, to)
    return _enter(request, step.secret, to)


@router.post("/sign-in/code")
def code(
    request: Request,
    step: Annotated[str, Form(max_length=100)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
    to: Annotated[str, Form()] = "/staff",
) -> Response:
    services(request).limiter.check("10/minute", "sign-in", place(request))
    secret = signing_in.with_code(request, step, code)
    if secret is None:
        return _code_form(request, step, to, failed=True)
    return _enter(request, secret, to)


@router.get("/sign-in/provider")
def provider(request: Request, to: str = "/staff") -> Response:
    """Off to the identity provider; what has to be the same on return is kept here."""
    house = services(request)
    if house.provider is None:
        raise HTTPException(404)
    try:
        address, kept = house.provider.start(_back(request))
    except Declined:
        return _form(request, to, failed=True)
    with house.database.write() as connection:
        secret = sessions.give_one_time(
            connection,
            "provider",
            until=house.now() + signing_in.CODE_WITHIN * 2,
            data=kept | {"to": own_path(to, "/staff")},
        )
    answer = redirect(address)
    answer.set_cookie(
        _STATE_COOKIE,
        secret,
        _STATE_SECONDS,
        path="/staff/sign-in",
        httponly=True,
        samesite="lax",
        secure=house.is_https,
    )
    return answer


@router.get("/sign-in/returned")
def returned(request: Request, state: str = "", code: str = "") -> Response:
    """Back from the provider, in the browser that was sent there."""
    house = services(request)
    if house.provider is None:
        raise HTTPException(404)
    with house.database.write() as connection:
        secret = request.cookies.get(_STATE_COOKIE, "")
        kept = sessions.use_one_time(connection, "provider", secret, house.now())
    if kept is None or not hmac.compare_digest(kept.data["state"].encode(), state.encode()):
        return _form(request, "/staff", failed=True)
    try:
        who = house.provider.finish(code, kept.data, _back(request), house.now())
    except Declined:
        return _form(request, "/staff", failed=True)
    account = _known(request, who)
    if account is None:
        return _form(request, "/staff", failed=True)
    session = signing_in.open_session(request, account, "provider")
    return _enter(request, session, kept.data["to"])


@router.post("/sign-out")
def sign_out(request: Request, _who: Annotated[Staff, signed_in()]) -> RedirectResponse:
    house = services(request)
    with house.database.write() as connection:
        end_session(connection, request)
    answer = redirect("/staff/sign-in")
    answer.delete_cookie(session_cookie(house), secure=house.is_https, httponly=True)
    return answer


def _known(request: Request, who: Somebody) -> staff.Account | None:
    """The account of somebody whom the provider knows: by subject, the first time by login."""
    house = services(request)
    with house.database.write() as connection:
        account = staff.by_subject(connection, who.subject)
        if account is None:
            account = staff.find(connection, who.login)
            if account is None or account.subject is not None:
                return None
            staff.change(connection, account.id, {"subject": who.subject})
    return account if account.disabled_at is None else None


def _form(request: Request, to: str, *, failed: bool = False) -> HTMLResponse:
    house = services(request)
    return render(
        request,
        "staff/sign_in.html",
        status=401 if failed else 200,
        to=own_path(to, "/staff"),
        failed=failed,
        provider=house.provider,
        again=own_session(request) is not None,
    )


def _code_form(request: Request, step: str, to: str, *, failed: bool = False) -> HTMLResponse:
    return render(
        request,
        "staff/sign_in_code.html",
        status=401 if failed else 200,
        step=step,
        to=own_path(to, "/staff"),
        failed=failed,
    )


def _enter(request: Request, secret: str, to: str) -> RedirectResponse:
    answer, house = redirect(own_path(to, "/staff")), services(request)
    give_cookie(answer, house, secret)
    with house.database.read() as connection:
        session = sessions.find(connection, secret)
        account = staff.by_id(connection, session.staff_id) if session else None
    if account is not None:
        known.remember(answer, request, account)
    return answer


def _back(request: Request) -> str:
    return f"{services(request).base_url.rstrip('/')}/staff/sign-in/returned"
