"""Reports as they were made: the list, one as a page, its charts, its files."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.reports import charts, making, wording
from cases.reports.paper import pdf as on_paper
from cases.reports.paper import sheets
from cases.reports.paper import xlsx as as_sheets
from cases.rights import Right
from config.clock import local, local_date
from portal.services import services
from portal.supervise import report_views
from portal.web.guard import require
from portal.web.language import language_of
from portal.web.page import redirect, render
from portal.web.visitor import Staff
from storage.reporting import keeping
from storage.reporting.keeping import Report

router = APIRouter(prefix="/staff/reports")
Reader = Annotated[Staff, require(Right.SEE_REPORTS)]
KINDS: Sequence[str] = (*making.KINDS, "adhoc")
_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("")
def every(
    request: Request, _who: Reader, kind: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Reports that were made, newest period first."""
    kind = kind if kind in KINDS else ""
    with services(request).database.read() as connection:
        rows = keeping.listed(connection, kind=kind or None)
    language = language_of(request)
    titles = {one: wording.TITLES[one][language != "tr"] for one in making.KINDS}
    today = local_date(services(request).now())
    return render(
        request, "supervise/reports.html", rows=rows, kind=kind, titles=titles, today=today
    )


@router.post("/make")
def make(
    request: Request,
    who: Reader,
    kind: Annotated[str, Form(max_length=20)] = "",
    day: Annotated[date | None, Form()] = None,
) -> Response:
    """Make the report of the period in which the day lies; without a day of the last one."""
    house = services(request)
    now = house.now()
    if kind not in making.KINDS or (day is not None and day > local_date(now)):
        raise HTTPException(422)
    report, _ = making.make(
        house.database,
        kind,
        making.period_for(kind, day, local_date(now)),
        by=who.actor,
        now=now,
        responsible=[one.model_dump() for one in house.reports.responsible],
        half_day_counts=house.half_days,
    )
    return redirect(f"/staff/reports/{report.id}")


@router.get("/{report_id}")
def one(
    request: Request, _who: Reader, report_id: int, today: Annotated[bool, Query()] = False
) -> HTMLResponse:
    """A report as it was made; ``today``: also which of its figures would be others now."""
    report, language = _report(request, report_id), language_of(request)
    content = report.content
    common: dict[str, Any] = {
        "report": report,
        "title": report_views.title(report, language),
        "verified": making.verified(report),
        "definitions": report_views.definitions(content, language),
    }
    if report.kind == "adhoc":
        return render(request, "supervise/report_adhoc.html", **common)
    with services(request).database.read() as connection:
        others = making.revisions(connection, report) if today else None
        mails = keeping.mails(connection, report.id)
        earlier = keeping.revisions(connection, report)
    return render(
        request,
        "supervise/report.html",
        **common,
        tiles=report_views.tiles(content, language),
        balance=sheets.balance(content, language),
        lines=report_views.lines(content, language),
        splits=report_views.splits(content, language),
        charts=[(n, wording.word(n, language), charts.height(n)) for n in charts.wanted(content)],
        outcomes=sheets.outcomes(content, language) if content["outcomes"] else None,
        breakdowns=list(sheets.breakdowns(content, language)),
        actions=sheets.actions(content, language),
        prompts=[one[language != "tr"] for one in on_paper.REVIEW_PROMPTS],
        others=_changed(report, others, language),
        mails=mails,
        earlier=earlier,
    )


def _changed(
    report: Report, others: list[dict[str, object]] | None, language: str
) -> list[tuple[str, str, str]] | None:
    if others is None:
        return None
    out = []
    for one in others:
        name = str(one["name"])
        unit = sheets.unit(report.content, name)
        then, now = (wording.value(one[key], unit, language) for key in ("reported", "now"))  # type: ignore[arg-type]
        out.append((sheets.label(report.content, name, language), then, now))
    return out


@router.get("/{report_id}/charts/{name}")
def chart(request: Request, _who: Reader, report_id: int, name: str) -> Response:
    """A chart as SVG. It never changes, so a browser may keep it."""
    report, language = _report(request, report_id), language_of(request)
    if report.kind == "adhoc" or name not in charts.wanted(report.content):
        raise HTTPException(404)
    drawn = charts.draw(report.content, name, language)
    headers = {"Cache-Control": "private, max-age=3600", "Vary": "Cookie"}
    return Response(drawn, media_type="image/svg+xml", headers=headers)


@router.get("/{report_id}/files/{form}")
def file(request: Request, who: Reader, report_id: int, form: Literal["pdf", "xlsx"]) -> Response:
    """The report on paper or as a spreadsheet, marked with who took it; the taking is logged."""
    house, report = services(request), _report(request, report_id)
    now = house.now()
    taker = f"{who.login}, {local(now):%d.%m.%Y %H:%M}"
    stamp = on_paper.Stamp(
        house.company.name, report.revision, report.hash, language_of(request), taker
    )
    data = (on_paper.pdf if form == "pdf" else as_sheets.xlsx)(report.content, stamp)
    with house.database.write() as connection:
        keeping.log_export(
            connection,
            what=f"report-{form}",
            criteria={"report": report.id, "kind": report.kind},
            rows=1,
            anonymised=True,
            sha256=sha256(data).hexdigest(),
            by=who.login,
            now=now,
        )
    return download(data, f"{report.kind}-{report.first_day}.{form}", _TYPES[form])


def download(data: bytes, name: str, media_type: str) -> Response:
    """A file to be kept. ``name`` is ours: ASCII, no quotes."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=media_type, headers=headers)


def _report(request: Request, report_id: int) -> Report:
    with services(request).database.read() as connection:
        found = keeping.load(connection, report_id)
    if found is None:
        raise HTTPException(404)
    return found
