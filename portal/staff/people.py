"""Administration of accounts: who works here, in which department, with which roles."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases.rights import RIGHTS, Right, Role
from portal.services import services
from portal.staff.invitation import LOGIN
from portal.web.forms import Fields
from portal.web.guard import place, require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import departments, invitations, staff, staffing
from storage.engine import Connection
from storage.staff import Account

router = APIRouter(prefix="/staff/people")
Administrator = Annotated[Staff, require(Right.MANAGE_STAFF)]


@router.get("")
def people(request: Request, _who: Administrator) -> HTMLResponse:
    with services(request).database.read() as connection:
        accounts, names = staff.every(connection), departments.every(connection, closed=True)
    return render(
        request, "staff/people.html", accounts=accounts, departments={d.code: d for d in names}
    )


@router.get("/new")
def new(request: Request, _who: Administrator) -> HTMLResponse:
    return _form(request, None, Fields(roles=[Role.HANDLER]), Fields())


@router.post("/new")
def add(
    request: Request,
    who: Administrator,
    login: Annotated[str, Form(max_length=100)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    email: Annotated[str, Form(max_length=200)] = "",
    department: Annotated[str, Form(max_length=60)] = "",
    roles: Annotated[list[Role] | None, Form()] = None,
) -> HTMLResponse:
    """Make an account and show its one-time link, once."""
    house, t = services(request), texts(request)
    given = _given(name, email, department, roles)
    given["login"] = login.strip()
    errors = _errors(request, given)
    if not LOGIN.fullmatch(given["login"]):
        errors["login"] = t("account.login_wrong")
    if errors:
        return _form(request, None, given, errors)
    with house.database.write() as connection:
        made = staff.add(connection, **given, by=who.actor, now=house.now())
        if made is not None:
            _note(connection, request, who, given["login"], {"made": given["roles"]})
            return _link(request, connection, made)
    return _form(request, None, given, Fields(login=t("people.login_taken")))


@router.get("/{staff_id}")
def one(request: Request, staff_id: int, _who: Administrator) -> HTMLResponse:
    account = _account(request, staff_id)
    names = ("name", "email", "department", "roles")
    given = Fields((name, getattr(account, name)) for name in names)
    return _form(request, account, given, Fields())


@router.post("/{staff_id}")
def change(
    request: Request,
    who: Administrator,
    staff_id: int,
    name: Annotated[str, Form(max_length=200)] = "",
    email: Annotated[str, Form(max_length=200)] = "",
    department: Annotated[str, Form(max_length=60)] = "",
    roles: Annotated[list[Role] | None, Form()] = None,
) -> Response:
    account, given = _account(request, staff_id), _given(name, email, department, roles)
    errors = _errors(request, given)
    if account.id == who.id and Role.ADMINISTRATOR not in given["roles"]:
        errors["roles"] = texts(request)("people.not_yourself")
    if errors:
        return _form(request, account, given, errors)
    with services(request).database.write() as connection:
        staff.change(connection, account.id, given)
        data = {"was": list(account.roles), "roles": given["roles"]}
        _note(connection, request, who, account.login, data)
    return redirect("/staff/people")


@router.post("/{staff_id}/disable")
def disable(request: Request, who: Administrator, staff_id: int) -> Response:
    account, house = _account(request, staff_id), services(request)
    if account.id == who.id:
        raise HTTPException(409)
    with house.database.write() as connection:
        staffing.disable(connection, account, house.now())
        _note(connection, request, who, account.login, {"disabled": True})
    return redirect("/staff/people")


@router.post("/{staff_id}/enable")
def enable(request: Request, who: Administrator, staff_id: int) -> Response:
    account = _account(request, staff_id)
    with services(request).database.write() as connection:
        staffing.enable(connection, account)
        _note(connection, request, who, account.login, {"disabled": False})
    return redirect("/staff/people")


@router.post("/{staff_id}/reset")
def reset(request: Request, who: Administrator, staff_id: int) -> HTMLResponse:
    """Password and one-time codes are void, sessions end; a new link is shown, once."""
    account = _account(request, staff_id)
    with services(request).database.write() as connection:
        staffing.reset(connection, account)
        _note(connection, request, who, account.login, {"reset": True})
        return _link(request, connection, account.id)


def _given(name: str, email: str, department: str, roles: list[Role] | None) -> Fields:
    return Fields(
        name=name.strip(),
        email=email.strip(),
        department=department or None,
        roles=[str(role) for role in roles or ()],
    )


def _errors(request: Request, given: Fields) -> Fields:
    t, errors = texts(request), Fields()
    if not given["name"]:
        errors["name"] = t("account.name_missing")
    if not given["roles"]:
        errors["roles"] = t("people.role_missing")
    with services(request).database.read() as connection:
        known = {one.code for one in departments.every(connection)}
    if given["department"] is not None and given["department"] not in known:
        errors["department"] = t("people.department_unknown")
    return errors


def _account(request: Request, staff_id: int) -> Account:
    with services(request).database.read() as connection:
        account = staff.by_id(connection, staff_id)
    if account is None:
        raise HTTPException(404)
    return account


def _note(
    connection: Connection, request: Request, who: Staff, login: str, data: dict[str, object]
) -> None:
    now = services(request).now()
    staffing.note(connection, who.login, login, data, now, place(request))


def _link(request: Request, connection: Connection, staff_id: int) -> HTMLResponse:
    house = services(request)
    account = staff.by_id(connection, staff_id)
    assert account is not None
    path = invitations.invite(connection, account, house.now())
    return render(
        request, "staff/link.html", account=account, link=f"{house.base_url.rstrip('/')}{path}"
    )


def _form(
    request: Request,
    account: Account | None,
    given: Fields,
    errors: Fields,
) -> HTMLResponse:
    with services(request).database.read() as connection:
        open_departments = departments.every(connection)
    return render(
        request,
        "staff/person.html",
        status=422 if errors else 200,
        account=account,
        given=given,
        errors=errors,
        departments=open_departments,
        roles=RIGHTS,
    )
