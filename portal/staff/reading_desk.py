"""The reading desk: the page beside what was read in it, and one key to the next."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, Response

from cases import reading_desk as desk
from cases.reading_desk import Waiting
from cases.rights import Right
from portal.services import services
from portal.staff import doubts
from portal.staff.case.door import Case, readable
from portal.staff.case.files import picture
from portal.web.guard import place, require
from portal.web.page import redirect, render
from portal.web.visitor import Staff
from storage import dossier, reading_desk, viewlog
from storage.engine import Connection
from storage.viewlog import View

PATH = "/staff/reading"
PAGE = "/{number}/{message_id}/{page}"
router = APIRouter(prefix=PATH)
Reader = Annotated[Staff, require(Right.CORRECT_READING)]
PageNumber = Annotated[int, Path(ge=1, le=10_000)]


@router.get("")
def begin(request: Request, who: Reader, after: int = 0) -> Response:
    """The page that has waited longest; ``after``: of an application that came later than this."""
    with services(request).database.read() as connection:
        one = _next(connection, request, who, after)
        if one is None:
            waiting = _count(connection, who)
            return render(request, "board/reading_done.html", waiting=waiting, after=after)
    return redirect(_address(one))


@router.get(PAGE)
def page(
    request: Request,
    who: Reader,
    number: str,
    message_id: int,
    page: PageNumber,
    file: int | None = None,
) -> HTMLResponse:
    return _shown(request, who, number, (message_id, file, page))


@router.post(PAGE)
def correct(
    request: Request,
    who: Reader,
    number: str,
    message_id: int,
    page: PageNumber,
    text: Annotated[str, Form(max_length=desk.LONGEST)] = "",
    file: int | None = None,
) -> Response:
    """Keep what was read, and on to the next page."""
    house = services(request)
    if house.intake is None:
        raise HTTPException(503)  # nobody told this portal who we are
    ours = house.intake.house()
    with house.database.write() as connection:
        case = readable(connection, request, who, number)
        one = _waiting(connection, case, (message_id, file, page))
        known = (ours.us, ours.index_key)
        kept = one is not None and desk.correct(
            connection, one, text, by=who.login, who=known, now=house.now()
        )
    if not kept:
        return _shown(request, who, number, (message_id, file, page), status=409)
    return redirect(PATH)


@router.get(f"{PAGE}/picture")
def image(
    request: Request,
    who: Reader,
    number: str,
    message_id: int,
    page: PageNumber,
    file: int | None = None,
    turned: int = 0,
) -> Response:
    with services(request).database.read() as connection:
        case = readable(connection, request, who, number)
        if file is None:
            row = dossier.original(connection, case.id, message_id)
        else:
            row = dossier.attachment(connection, case.id, message_id, file)
    return picture(request, row, page, turned)


def _shown(
    request: Request, who: Staff, number: str, at: tuple[int, int | None, int], status: int = 200
) -> HTMLResponse:
    """The page to read; one that was read by now says by whom."""
    house = services(request)
    with house.database.write() as connection:
        case = readable(connection, request, who, number)
        one = _waiting(connection, case, at)
        data = {"message": at[0], "page": at[2]}
        seen = View(who.login, "read_page", case.id, data, place=place(request))
        viewlog.append(connection, seen, house.now())
        if one is None:
            return _read_already(connection, request, case, at, status)
        return render(
            request,
            "board/reading.html",
            status=status,
            one=one,
            case=case.row,
            address=_address(one),
            picture=_picture_of(one),
            doubted=doubts.doubted(one.read),
            waiting=_count(connection, who),
        )


def _read_already(
    connection: Connection,
    request: Request,
    case: Case,
    at: tuple[int, int | None, int],
    status: int,
) -> HTMLResponse:
    read = [
        one
        for one in reading_desk.corrections(connection, [at[0]])
        if (one["position"], one["page"]) == at[1:]
    ]
    if not read:
        raise HTTPException(404)
    return render(
        request, "board/reading_read.html", status=status, case=case.row, read=read[-1], page=at[2]
    )


def _waiting(connection: Connection, case: Case, at: tuple[int, int | None, int]) -> Waiting | None:
    return next((one for one in desk.left(connection, case.id) if one.place == at), None)


def _next(connection: Connection, request: Request, who: Staff, after: int) -> Waiting | None:
    every = who.may(Right.EVERY_DEPARTMENT)
    while some := reading_desk.waiting(
        connection, department=who.department, every=every, after=after
    ):
        for application_id, number in some:
            try:
                readable(connection, request, who, number)
            except HTTPException:
                continue  # theirs neither to read nor to know why
            if waiting := desk.left(connection, application_id):
                return waiting[0]
        after = some[-1][0]
    return None


def _count(connection: Connection, who: Staff) -> int:
    every = who.may(Right.EVERY_DEPARTMENT)
    return reading_desk.count(connection, department=who.department, every=every)


def _address(one: Waiting) -> str:
    file = "" if one.sheet.position is None else f"?file={one.sheet.position}"
    return f"{PATH}/{one.sheet.number}/{one.sheet.message_id}/{one.page}{file}"


def _picture_of(one: Waiting) -> str:
    path, _, query = _address(one).partition("?")
    turned = f"turned={one.read.rotation}"
    return f"{path}/picture?{query}&{turned}" if query else f"{path}/picture?{turned}"
