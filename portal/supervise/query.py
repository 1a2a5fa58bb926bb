"""Reports that somebody puts together: figures, what they are split by, when they come by mail."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.reports import adhoc, exports, figures
from cases.reports.adhoc import SPANS, BadChoice, Choice
from cases.reports.labels import DIMENSIONS
from cases.rights import Right
from config.clock import local_date
from portal.services import services
from portal.supervise.names import choices, names_of
from portal.supervise.posted import Posted
from portal.supervise.reports import download
from portal.web.forms import Fields
from portal.web.guard import require
from portal.web.language import language_of
from portal.web.page import redirect, render, texts
from portal.web.visitor import Staff
from storage.reporting import counters, keeping

router = APIRouter(prefix="/staff/reports/query")
Reader = Annotated[Staff, require(Right.SEE_REPORTS)]
Taker = Annotated[Staff, require(Right.EXPORT)]
Keeper = Annotated[Staff, require(Right.MANAGE_TEXTS)]
SCHEDULES: Mapping[str, str] = {
    "": "",
    "daily": "20 6 * * *",
    "weekly": "40 6 * * 1",
    "monthly": "10 7 1 * *",
}
"""Name -> cron on an Istanbul clock: three rhythms are all that anybody asked for."""
LONGEST_NAME = 200
FIRST_LOOK = ("received", "closed", "legal", "resolution_median")
_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
Names = Annotated[list[str] | None, Query(max_length=40)]
FormNames = Annotated[list[str] | None, Form()]


@router.get("")
def query(
    request: Request,
    _who: Reader,
    measure: Names = None,
    by: Names = None,
    span: Annotated[str, Query(max_length=20)] = "last_month",
    department: Annotated[str, Query(max_length=60)] = "",
    kind: Annotated[str, Query(max_length=30)] = "",
) -> HTMLResponse:
    """Pick, and see what comes out."""
    return _page(request, _asked(measure or FIRST_LOOK, by or (), span, department, kind))


@router.post("/file")
def file(
    request: Request, who: Taker, given: Posted, measure: FormNames = None, by: FormNames = None
) -> Response:
    """The table as CSV: no count below five."""
    house = services(request)
    try:
        choice = Choice(**_asked_by(given, measure, by))
    except BadChoice:
        raise HTTPException(422) from None
    with house.database.write() as connection:
        found = adhoc.sheet(
            connection, choice, house.now(), title="", language=language_of(request)
        )
        data = exports.table_csv(
            connection, found.head, found.raw, exports.Taker(who.login),
            what="query", criteria=choice.definition(), now=house.now(),
        )  # fmt: skip
    return download(data, "figures.csv", "text/csv")


@router.post("/save")
def save(
    request: Request, who: Keeper, given: Posted, measure: FormNames = None, by: FormNames = None
) -> Response:
    """Keep it under a name; the same name is replaced."""
    house, asked = services(request), _asked_by(given, measure, by)
    errors, to = _wrong(request, given), _MAIL.findall(given["recipients"])
    try:
        choice = Choice(**asked)
    except BadChoice:
        return _page(request, asked, given, errors)
    if errors:
        return _page(request, asked, given, errors)
    with house.database.write() as connection:
        adhoc.save(
            connection, given["name"], choice, schedule=SCHEDULES[given["schedule"]],
            recipients=to, by=who.actor, now=house.now(),
        )  # fmt: skip
    return redirect(f"/staff/reports/query?{_address(asked)}")


def _wrong(request: Request, given: Fields) -> Fields:
    t, errors = texts(request), Fields()
    written = [one for one in re.split(r"[\s,;]+", given["recipients"]) if one]
    if not given["name"] or len(given["name"]) > LONGEST_NAME:
        errors["name"] = t("query.name_missing")
    if given["schedule"] not in SCHEDULES:
        errors["schedule"] = t("query.schedule_wrong")
    if len(_MAIL.findall(given["recipients"])) != len(written):
        errors["recipients"] = t("query.recipients_wrong")
    return errors


@router.post("/drop")
def drop(
    request: Request, _who: Keeper, name: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Forget a saved report; what it made stays."""
    with services(request).database.write() as connection:
        keeping.drop_choice(connection, name)
    return redirect("/staff/reports/query")


def _asked_by(
    given: Fields, measure: Sequence[str] | None, by: Sequence[str] | None
) -> dict[str, Any]:
    span = given["span"] or "last_month"
    return _asked(measure or (), by or (), span, given["department"], given["kind"])


def _asked(
    measure: Sequence[str], by: Sequence[str], span: str, department: str, kind: str
) -> dict[str, Any]:
    """What was picked, as :class:`Choice` takes it."""
    where = {"department": department, "type": kind}
    split = tuple(dict.fromkeys(one for one in by if one))
    return {
        "measures": tuple(dict.fromkeys(measure)),
        "by": split,
        "span": span,
        "where": {name: value for name, value in where.items() if value},
    }


def _address(asked: Mapping[str, Any]) -> str:
    pairs = [("measure", one) for one in asked["measures"]] + [("by", one) for one in asked["by"]]
    where = asked.get("where", {})
    pairs += [("span", asked.get("span", "last_month"))]
    pairs += [("department", where.get("department", "")), ("kind", where.get("type", ""))]
    return urlencode([pair for pair in pairs if pair[1]])


def _page(
    request: Request,
    asked: Mapping[str, Any],
    given: Fields | None = None,
    errors: Fields | None = None,
) -> HTMLResponse:
    house, language = services(request), language_of(request)
    choice, problem = _choice(asked)
    with house.database.read() as connection:
        found = (
            adhoc.sheet(connection, choice, house.now(), title="", language=language)
            if choice
            else None
        )
        names = names_of(request, connection)
        departments = choices(connection, names, "department")
        saved = keeping.choices(connection)
    period = adhoc.period_of(choice, local_date(house.now())) if choice else None
    english = language != "tr"
    return render(
        request,
        "supervise/query.html",
        status=422 if errors or problem else 200,
        asked=asked,
        found=found,
        problem=texts(request)("query.impossible") if problem else "",
        period=period,
        figures=[(f.name, f.en if english else f.tr) for f in figures.figures().values()],
        dimensions=[
            (name, DIMENSIONS[name][english]) for name in (*counters.DIMENSIONS, *counters.PERIODS)
        ],
        departments=departments,
        names=names,
        spans=SPANS,
        saved=[(row, _saved_address(row["definition"]), _rhythm(row["schedule"])) for row in saved],
        schedules=SCHEDULES,
        given=given or Fields(),
        errors=errors or Fields(),
    )


def _choice(asked: Mapping[str, Any]) -> tuple[Choice | None, str]:
    try:
        return Choice(**asked), ""
    except BadChoice as error:
        return None, str(error)


def _saved_address(definition: Mapping[str, Any]) -> str:
    return _address({"measures": (), "by": (), **definition})


def _rhythm(cron: str) -> str:
    """The name of a schedule; one that the command line gave is shown as it is."""
    return next((name for name, one in SCHEDULES.items() if one == cron), cron)
