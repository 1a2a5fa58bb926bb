"""Policies in force, by branch and month: what complaints are divided by."""

import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.rights import Right
from config.clock import local_date
from portal.services import services
from portal.supervise.names import choices, names_of
from portal.supervise.posted import Posted
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage.reporting import keeping

router = APIRouter(prefix="/staff/reports/policies")
Reader = Annotated[Staff, require(Right.SEE_REPORTS)]
Keeper = Annotated[Staff, require(Right.MANAGE_TEXTS)]
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
MOST = 10**12


@router.get("")
def page(
    request: Request, _who: Reader, month: Annotated[str, Query(max_length=7)] = ""
) -> HTMLResponse:
    """The months that are there, and one of them to be filled in."""
    return _page(request, _month(request, month), Fields(), Fields())


@router.post("")
def enter(request: Request, who: Keeper, given: Posted) -> Response:
    """Write one month; a branch that is left empty stays as it was."""
    month, t = _month(request, given["month"]), texts(request)
    rows, errors = [], Fields()
    for name, text in given.items():
        kind, _, branch = name.partition(".")
        if kind != "policies" or not text:
            continue
        policies, claims = _number(text), _number(given[f"claims.{branch}"])
        if policies is None or (claims is None and given[f"claims.{branch}"]):
            errors[name] = t("policies.no_number")
        else:
            rows.append((month, branch, policies, claims))
    if errors:
        return _page(request, month, given, errors)
    with services(request).database.write() as connection:
        known = {code for code, _ in choices(connection, names_of(request, connection), "branch")}
        wanted = [row for row in rows if row[1] in known]
        keeping.set_policies(connection, wanted, by=who.actor, now=services(request).now())
    return redirect(f"/staff/reports/policies?month={month:%Y-%m}")


def _number(text: str) -> int | None:
    """``12.345`` and ``12345``; None for what is no count."""
    digits = re.sub(r"[.\s]", "", text)
    fits = digits.isascii() and digits.isdecimal() and int(digits) < MOST
    return int(digits) if fits else None


def _month(request: Request, text: str) -> date:
    """The first of the month that was asked for, or of the last one that is over."""
    if found := _MONTH.fullmatch(text):
        return date(int(found[1]), int(found[2]), 1)
    today = local_date(services(request).now())
    return date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)


def _page(request: Request, month: date, given: Fields, errors: Fields) -> HTMLResponse:
    with services(request).database.read() as connection:
        names = names_of(request, connection)
        return render(
            request,
            "supervise/policies.html",
            status=422 if errors else 200,
            month=month,
            months=keeping.policy_months(connection),
            branches=choices(connection, names, "branch"),
            entered=keeping.policies_of(connection, month),
            given=given,
            errors=errors,
        )
