"""Files that are sent piece by piece (tus 1.0.0, core and creation: https://tus.io/protocols).

``POST /uploads`` announces a file, ``PATCH`` brings a piece, ``HEAD`` says where we are, ``DELETE``
takes it back. The address is random and is all that opens it.
"""

import base64
import binascii
import secrets

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from portal.public import files
from portal.public.accounts import client, web_account
from portal.services import Services, services
from portal.web.bodies import bounded
from storage import uploads
from storage.uploads import Upload

router = APIRouter(prefix="/uploads", include_in_schema=False)
LARGEST_PIECE = 1_000_000
_TUS = {"Tus-Resumable": "1.0.0"}


@router.post("")
def begin(request: Request) -> Response:
    """Announce a file: ``Upload-Length``, and ``Upload-Metadata: filename BASE64``."""
    house = services(request)
    _, settings = web_account(request)
    house.limiter.check("120/hour", "uploads", client(request))
    size = _number(request, "upload-length")
    if size > files.largest(settings):
        raise HTTPException(413)
    name, token = _filename(request.headers.get("upload-metadata", "")), secrets.token_urlsafe(24)
    with house.database.write() as connection:
        if uploads.waiting_bytes(connection) + size > files.MOST_WAITING:
            raise HTTPException(503)
        uploads.begin(connection, token, files.clean_name(name), size, now=house.now())
    return Response(status_code=201, headers=_TUS | {"Location": f"/uploads/{token}"})


@router.head("/{token}")
def where(request: Request, token: str) -> Response:
    """How much of it we have."""
    found = _found(services(request), token)
    headers = {"Upload-Offset": str(found.received), "Upload-Length": str(found.size)}
    return Response(status_code=200, headers=_TUS | headers)


@router.patch("/{token}")
async def piece(request: Request, token: str) -> Response:
    """One piece, from ``Upload-Offset`` on; 409 when that is not where we are."""
    start, body = _number(request, "upload-offset"), await bounded(request, LARGEST_PIECE)
    have = await run_in_threadpool(_keep, services(request), token, start, body)
    return Response(status_code=204, headers=_TUS | {"Upload-Offset": str(have)})


@router.delete("/{token}")
def take_back(request: Request, token: str) -> Response:
    """The sender does not want to send it after all."""
    with services(request).database.write() as connection:
        uploads.drop(connection, [token])
    return Response(status_code=204, headers=_TUS)


def _keep(house: Services, token: str, start: int, body: bytes) -> int:
    """Keep a piece. What turns out to be nothing that we take is refused as soon as it is whole."""
    found = _found(house, token)
    with house.database.write() as connection:
        have = uploads.add_piece(connection, found, start, body)
        if have is None:
            raise HTTPException(409)
        if have < found.size:
            return have
        data = uploads.content(connection, found)
        try:
            media_type = files.checked_type(found.name, data, found.size)
        except files.NotTaken:
            uploads.drop(connection, [token])
        else:
            uploads.name_type(connection, found, media_type)
            return have
    raise HTTPException(415)


def _found(house: Services, token: str) -> Upload:
    with house.database.read() as connection:
        found = uploads.find(connection, token)
    if found is None:
        raise HTTPException(404)
    return found


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise HTTPException(400)
    return int(text)


def _filename(metadata: str) -> str:
    for pair in metadata[:2_000].split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode()
            except (binascii.Error, ValueError):
                return ""  # it gets a name of ours
    return ""
