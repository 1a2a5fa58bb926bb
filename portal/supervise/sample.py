"""For the audit (ISO 10002 §8.5): a sample that can be drawn again, and who took what out."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from cases.reports import exports, periods, sampling
from cases.rights import Right
from config.clock import local_date
from portal.services import services
from portal.supervise.drill import XLSX
from portal.supervise.names import names_of
from portal.supervise.reports import download
from portal.web.guard import require
from portal.web.language import language_of
from portal.web.page import render
from portal.web.visitor import Staff
from storage.engine import Connection
from storage.reporting import keeping, lists

router = APIRouter(prefix="/staff/reports")
Reader = Annotated[Staff, require(Right.SEE_REPORTS)]
Taker = Annotated[Staff, require(Right.EXPORT)]
MOST = 500


@router.get("/sample")
def sample(
    request: Request,
    who: Reader,
    first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
    size: Annotated[int, Query(ge=1, le=MOST)] = 25,
    seed: Annotated[int, Query(ge=0, le=10**9)] = 1,
) -> HTMLResponse:
    """Closed applications drawn at random; the same days, size and seed draw the same ones."""
    language = language_of(request)
    first, last = _span(request, first, last)
    with services(request).database.read() as connection:
        ids = _drawn(connection, who, first, last, size, seed)
        return render(
            request,
            "supervise/sample.html",
            rows=lists.facts_of(connection, ids),
            names=names_of(request, connection),
            checks=[one[language != "tr"] for one in sampling.CHECKS],
            first=first,
            last=last,
            size=size,
            seed=seed,
        )


@router.post("/sample/file")
def file(
    request: Request,
    who: Taker,
    first: Annotated[date | None, Form()] = None,
    last: Annotated[date | None, Form()] = None,
    size: Annotated[int, Form(ge=1, le=MOST)] = 25,
    seed: Annotated[int, Form(ge=0, le=10**9)] = 1,
) -> Response:
    """The sample with its numbers, for whoever opens the files one by one."""
    house = services(request)
    first, last = _span(request, first, last)
    criteria = {"first": str(first), "last": str(last), "size": size, "seed": seed}
    taker = exports.Taker(who.login, names_people=who.may(Right.REVEAL))
    with house.database.write() as connection:
        ids = _drawn(connection, who, first, last, size, seed)
        data = exports.list_xlsx(
            connection, ids, taker, what="sample", criteria=criteria, now=house.now(),
            language=language_of(request),
        )  # fmt: skip
    return download(data, f"sample-{first}-{seed}.xlsx", XLSX)


@router.get("/exports")
def taken(request: Request, _who: Reader) -> HTMLResponse:
    """Who took figures or lists out of the system."""
    with services(request).database.read() as connection:
        rows = keeping.exports(connection)
    return render(request, "supervise/exports.html", rows=rows)


def _drawn(
    connection: Connection, who: Staff, first: date, last: date, size: int, seed: int
) -> list[int]:
    """What is restricted is drawn like the rest, and left out for whoever may not open it."""
    ids = sampling.sample(connection, periods.span(first, last), size, seed)
    return lists.visible(connection, ids, restricted=who.may(Right.PROTECT_DATA))


def _span(request: Request, first: date | None, last: date | None) -> tuple[date, date]:
    """The days that were asked for, or the quarter before this one."""
    if first and last:
        if last < first or last - first > timedelta(days=800):
            raise HTTPException(422)
        return first, last
    today = local_date(services(request).now())
    before = periods.previous(periods.containing("quarter", today))
    return before.first, before.last
