"""Originals and attachments: as pictures that we draw, as text, or as a download in a sandbox."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response

from cases.rights import Right
from cases.scanning import service as scanning
from normalizers.pages.document import Unreadable
from normalizers.pages.picture import drawn
from portal.services import services
from portal.staff.case.door import PATH, Case, readable
from portal.web.guard import place, require
from portal.web.visitor import Staff
from storage import dossier, viewlog
from storage.engine import Connection
from storage.viewlog import View

router = APIRouter(prefix=f"{PATH}/messages/{{message_id}}")
Revealer = Annotated[Staff, require(Right.REVEAL)]
PageNumber = Annotated[int, Path(ge=1, le=200)]
LARGEST_DRAWN = 100_000_000
_SANDBOX = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/pages/{page}")
def page(
    request: Request,
    who: Revealer,
    number: str,
    message_id: int,
    page: PageNumber,
    turned: int = 0,
) -> Response:
    """A page of what was faxed or scanned."""
    with services(request).database.read() as connection:
        case = _open(connection, request, who, number)
        row = dossier.original(connection, case.id, message_id)
    return picture(request, row, page, turned)


@router.get("/files/{position}/pages/{page}")
def file_page(
    request: Request,
    who: Revealer,
    number: str,
    message_id: int,
    position: int,
    page: PageNumber,
    turned: int = 0,
) -> Response:
    """A page of an attached document, or an attached picture."""
    with services(request).database.read() as connection:
        case = _open(connection, request, who, number)
        row = dossier.attachment(connection, case.id, message_id, position)
    return picture(request, row, page, turned)


@router.get("/files/{position}")
def download(
    request: Request, who: Revealer, number: str, message_id: int, position: int
) -> Response:
    """The file as it came; that it was taken is recorded."""
    house = services(request)
    with house.database.read() as connection:
        case = _open(connection, request, who, number)
        row = dossier.attachment(connection, case.id, message_id, position)
    body = _harmless(request, row)
    with house.database.write() as connection:
        data = {"message": message_id, "file": position}
        seen = View(who.login, "downloaded", case.id, data, place=place(request))
        viewlog.append(connection, seen, house.now())
    name = quote(row["name"] if row else "", safe="")
    headers = _SANDBOX | {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(body, media_type="application/octet-stream", headers=headers)


def _open(connection: Connection, request: Request, who: Staff, number: str) -> Case:
    """The application, where its data are shown whole. Raises HTTPException 403."""
    case = readable(connection, request, who, number)
    if not case.open:
        raise HTTPException(403)
    return case


def picture(
    request: Request, row: Mapping[str, Any] | None, page: int, turned: int = 0
) -> Response:
    """A page of a file, drawn by us. Raises HTTPException 404 where there is none, 413,
    423."""
    body = _harmless(request, row)
    if len(body) > LARGEST_DRAWN:
        raise HTTPException(413)
    try:
        drawing = drawn(body, page, turned % 360 // 90 * 90)
    except Unreadable:
        raise HTTPException(404) from None
    return Response(drawing, media_type="image/png", headers=_SANDBOX)


def _harmless(request: Request, row: Mapping[str, Any] | None) -> bytes:
    """The bytes, unless something harmful was found in them: these are kept, and not handed out.
    Raises HTTPException 404, 423."""
    house, body = services(request), _bytes(request, row)
    assert row is not None  # or there were no bytes
    said = scanning.verdict(house.database, house.clamd, row["sha256"], body, house.now())
    if said is not None and said.state == "found":
        raise HTTPException(423)
    return body


def _bytes(request: Request, row: Mapping[str, Any] | None) -> bytes:
    read = services(request).raw
    if row is None or read is None:
        raise HTTPException(404)
    try:
        return read(row["sha256"])
    except (KeyError, OSError):
        raise HTTPException(404) from None
