"""From a figure to the applications behind it, as rights allow, and out as a file."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.reports import exports, figures
from cases.rights import Right
from portal.services import services
from portal.supervise.names import names_of
from portal.supervise.posted import Posted, day_of
from portal.supervise.report_views import dimension_name
from portal.supervise.reports import download
from portal.web.guard import place, require
from portal.web.language import language_of
from portal.web.page import render
from portal.web.visitor import Staff
from storage import viewlog
from storage.engine import Connection
from storage.reporting import lists
from storage.reporting.counters import DIMENSIONS
from storage.reporting.counting import Slice
from storage.viewlog import View

router = APIRouter(prefix="/staff/reports/behind")
Reader = Annotated[Staff, require(Right.SEE_REPORTS)]
Taker = Annotated[Staff, require(Right.EXPORT)]
SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("")
def behind(
    request: Request,
    who: Reader,
    figure: Annotated[str, Query(max_length=60)] = "",
    first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
    by: Annotated[str, Query(max_length=30)] = "",
    of: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """The applications that a figure counts. Looking is on record."""
    house, language = services(request), language_of(request)
    part = _part(figure, first, last, by, of)
    with house.database.read() as connection:
        found = exports.behind(connection, figure, part, _may_see(connection, who), limit=SHOWN)
        names = names_of(request, connection)
    with house.database.write() as connection:
        data = {"figure": figure, "rows": len(found.rows)}
        viewlog.append(
            connection, View(who.login, "searched", data=data, place=place(request)), house.now()
        )
    asked = figures.figures()[figure]
    return render(
        request,
        "supervise/behind.html",
        asked=asked,
        label=asked.tr if language == "tr" else asked.en,
        about=asked.about_tr if language == "tr" else asked.about_en,
        part=part,
        found=found,
        names=names,
        by=by,
        of=of,
        split=f"{dimension_name(by, language)}: {names(by, part.where[by])}" if by else "",
        most=SHOWN,
    )


@router.post("/file")
def file(request: Request, who: Taker, given: Posted) -> Response:
    """The same as a file: anonymised, unless somebody who may reveal asks for the numbers."""
    figure, by, of = (given[name][:100] for name in ("figure", "by", "of"))
    first, last = day_of(given["first"]), day_of(given["last"])
    form = "csv" if given["form"] == "csv" else "xlsx"
    house = services(request)
    part = _part(figure, first, last, by, of)
    taker = exports.Taker(who.login, names_people=bool(given["numbers"]) and who.may(Right.REVEAL))
    write = exports.list_csv if form == "csv" else exports.list_xlsx
    criteria = {
        "figure": figure,
        "first": str(part.first),
        "last": str(part.last),
        **part.where,
    }
    with house.database.write() as connection:
        ids = _may_see(connection, who)(figures.applications(connection, figure, part))
        data = write(
            connection, ids, taker, what="applications", criteria=criteria, now=house.now(),
            language=language_of(request),
        )  # fmt: skip
    return download(data, f"{figure}-{part.first}.{form}", "text/csv" if form == "csv" else XLSX)


def _may_see(connection: Connection, who: Staff) -> exports.MaySee:
    """Those of the own department, or of all; what is restricted only with the right to it."""
    department = None if who.may(Right.EVERY_DEPARTMENT) else who.department or ""
    restricted = who.may(Right.PROTECT_DATA)
    return lambda ids: lists.visible(connection, ids, department=department, restricted=restricted)


def _part(figure: str, first: date | None, last: date | None, by: str, of: str) -> Slice:
    """Raises HTTPException 404 for what is no figure, dimension or span."""
    known = figure in figures.figures() and (not by or by in DIMENSIONS)
    if not known or first is None or last is None or last < first:
        raise HTTPException(404)
    return Slice(first, last, {by: _value(by, of)} if by else {})


def _value(by: str, of: str) -> Any:
    if by in ("weekday", "hour"):
        return int(of) if of.isdecimal() else None
    return of or None
