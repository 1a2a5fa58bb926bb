"""Administration of departments: names, mail, and whom they escalate to."""

import re
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from cases.rights import Right
from portal.services import services
from portal.web.forms import Fields
from portal.web.guard import place, require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage import departments, viewlog
from storage.departments import Department
from storage.viewlog import View

router = APIRouter(prefix="/staff/departments")
Administrator = Annotated[Staff, require(Right.MANAGE_STAFF)]
_CODE = re.compile(r"[a-z][a-z0-9-]{1,59}")
_NEW = Department("", "", "", "", None, None)


@router.get("")
def every(request: Request, _who: Administrator) -> HTMLResponse:
    with services(request).database.read() as connection:
        found = departments.every(connection, closed=True)
    return render(
        request, "staff/departments.html", departments=found, by_code={d.code: d for d in found}
    )


@router.get("/new")
def new(request: Request, _who: Administrator) -> HTMLResponse:
    return _form(request, _NEW, Fields(), is_new=True)


@router.post("/new")
def add(
    request: Request,
    who: Administrator,
    code: Annotated[str, Form(max_length=60)] = "",
    name_tr: Annotated[str, Form(max_length=200)] = "",
    name_en: Annotated[str, Form(max_length=200)] = "",
    email: Annotated[str, Form(max_length=200)] = "",
    escalates_to: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    given = Department(
        code.strip(), name_tr.strip(), name_en.strip(), email.strip(), escalates_to or None, None
    )
    errors, t = _errors(request, given), texts(request)
    with services(request).database.read() as connection:
        if not _CODE.fullmatch(given.code):
            errors["code"] = t("departments.code_wrong")
        elif departments.one(connection, given.code):
            errors["code"] = t("departments.code_taken")
    if errors:
        return _form(request, given, errors, is_new=True)
    return _save(request, who, given)


@router.get("/{code}")
def one(request: Request, code: str, _who: Administrator) -> HTMLResponse:
    return _form(request, _department(request, code), Fields())


@router.post("/{code}")
def change(
    request: Request,
    who: Administrator,
    code: str,
    name_tr: Annotated[str, Form(max_length=200)] = "",
    name_en: Annotated[str, Form(max_length=200)] = "",
    email: Annotated[str, Form(max_length=200)] = "",
    escalates_to: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    given = replace(
        _department(request, code),
        name_tr=name_tr.strip(),
        name_en=name_en.strip(),
        email=email.strip(),
        escalates_to=escalates_to or None,
    )
    errors = _errors(request, given)
    return _form(request, given, errors) if errors else _save(request, who, given)


@router.post("/{code}/close")
def close(request: Request, who: Administrator, code: str) -> Response:
    """Nothing is routed there any more; what it has, it keeps."""
    return _save(
        request, who, replace(_department(request, code), closed_at=services(request).now())
    )


@router.post("/{code}/open")
def open_again(request: Request, who: Administrator, code: str) -> Response:
    return _save(request, who, replace(_department(request, code), closed_at=None))


def _save(request: Request, who: Staff, given: Department) -> Response:
    house = services(request)
    with house.database.write() as connection:
        departments.save(connection, given)
        data = {"department": given.code, "closed": given.closed_at is not None}
        view = View(who.login, "department_changed", data=data, place=place(request))
        viewlog.append(connection, view, house.now())
    return redirect("/staff/departments")


def _department(request: Request, code: str) -> Department:
    with services(request).database.read() as connection:
        found = departments.one(connection, code)
    if found is None:
        raise HTTPException(404)
    return found


def _errors(request: Request, given: Department) -> Fields:
    t, errors = texts(request), Fields()
    for name in ("name_tr", "name_en"):
        if not getattr(given, name):
            errors[name] = t("departments.name_missing")
    with services(request).database.read() as connection:
        known = {one.code for one in departments.every(connection)} - {given.code}
    if given.escalates_to is not None and given.escalates_to not in known:
        errors["escalates_to"] = t("people.department_unknown")
    return errors


def _form(
    request: Request, given: Department, errors: Fields, *, is_new: bool = False
) -> HTMLResponse:
    with services(request).database.read() as connection:
        others = [one for one in departments.every(connection) if one.code != given.code]
    return render(
        request,
        "staff/department.html",
        status=422 if errors else 200,
        given=given,
        errors=errors,
        others=others,
        is_new=is_new,
    )
