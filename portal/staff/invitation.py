"""A one-time link: choose a password. The first of all makes the first administrator."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases.rights import Role
from portal.services import services
from portal.staff import passwords, signing_in
from portal.web.forms import Fields
from portal.web.guard import give_cookie, place
from portal.web.page import redirect, render, texts
from storage import sessions, staff, staffing
from storage.engine import Connection
from storage.sessions import OneTime

router = APIRouter(prefix="/staff/invitation")

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{1,98}")
"""What a login may look like; a mail address too."""
PURPOSES = ("invitation", "first")


@router.get("/{secret}")
def form(request: Request, secret: str) -> HTMLResponse:
    return _form(request, _link(request, secret), secret, Fields(), Fields())


@router.post("/{secret}")
def choose(
    request: Request,
    secret: str,
    login: Annotated[str, Form(max_length=100)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Keep the password and sign in. The link is used up then, and not before."""
    house, link = services(request), _link(request, secret)
    house.limiter.check("10/minute", "invitation", place(request))
    given = Fields(login=login.strip(), name=name.strip())
    errors = _errors(request, link, given, password, again)
    if errors:
        return _form(request, link, secret, given, errors)
    stored = passwords.hashed(password)
    with house.database.write() as connection:
        if sessions.use_one_time(connection, link.purpose, secret, house.now()) is None:
            raise HTTPException(410)
        staff_id = link.staff_id or _first(connection, request, given)
        values = {"password": stored, "failures": 0, "locked_until": None}
        staff.change(connection, staff_id, values)
        account = staff.by_id(connection, staff_id)
    if account is None or account.disabled_at is not None:
        raise HTTPException(410)
    answer = redirect("/staff")
    give_cookie(answer, house, signing_in.open_session(request, account, "password"))
    return answer


def _first(connection: Connection, request: Request, given: Fields) -> int:
    """The account of the first administrator; the link is void once anybody has one."""
    if not staff.is_empty(connection):
        raise HTTPException(410)
    now = services(request).now()
    made = staff.add(
        connection,
        login=given["login"],
        name=given["name"],
        roles=[Role.ADMINISTRATOR, Role.OPERATIONS],
        by="first start",
        now=now,
    )
    assert made is not None
    staffing.note(connection, "first start", given["login"], {"made": ["administrator"]}, now)
    return made


def _link(request: Request, secret: str) -> OneTime:
    house = services(request)
    with house.database.read() as connection:
        for purpose in PURPOSES:
            found = sessions.look_at_one_time(connection, purpose, secret, house.now())
            if found is not None:
                return found
    raise HTTPException(410)


def _errors(request: Request, link: OneTime, given: Fields, password: str, again: str) -> Fields:
    t, errors = texts(request), Fields()
    if link.staff_id is None and not LOGIN.fullmatch(given["login"]):
        errors["login"] = t("account.login_wrong")
    if link.staff_id is None and not given["name"]:
        errors["name"] = t("account.name_missing")
    if complaint := passwords.complaint(password, link.data.get("login", given["login"])):
        errors["password"] = t(complaint)
    elif password != again:
        errors["again"] = t("account.password_differs")
    return errors


def _form(
    request: Request,
    link: OneTime,
    secret: str,
    given: Fields,
    errors: Fields,
) -> HTMLResponse:
    house = services(request)
    with house.database.read() as connection:
        account = staff.by_id(connection, link.staff_id) if link.staff_id else None
    return render(
        request,
        "staff/invitation.html",
        status=422 if errors else 200,
        secret=secret,
        account=account,
        given=given,
        errors=errors,
        shortest=passwords.SHORTEST,
    )
