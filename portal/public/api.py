"""The interface for the company's own site and app: what the form does, for programs.

A program proves itself with its key, and sees only what came through that key.
"""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from cases import api_keys, progress
from cases.joining import digits
from cases.number import shown
from ingest import forms
from ingest.channels.web import Settings
from portal.intake import awaited, receipt
from portal.public import files
from portal.public.accounts import intake, web_account
from portal.public.api_models import (
    ApplicationIn,
    FileOut,
    IdempotencyKey,
    MessageIn,
    Problem,
    Progress,
    Receipt,
    StepOut,
)
from portal.public.filetypes import fitting
from portal.services import Services, services
from portal.web.bodies import bounded
from storage import keys, receipts, status, uploads
from storage.status import Seen

VERSION = "1"
_ERRORS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No key, or one that opens nothing (any more)."},
    422: {"model": Problem, "description": "Something is missing or wrong; nothing was stored."},
    429: {"model": Problem, "description": "Too many requests with this key; see Retry-After."},
}
_UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "Nothing of this came through this key."}
}
_LATER: dict[int | str, dict[str, Any]] = {
    202: {"model": Receipt, "description": "Stored; the number comes shortly."},
}
_bearer = HTTPBearer(auto_error=False, description="A key made by `basvuru api-key add`.")
router = APIRouter(prefix="/api/v1", responses=_ERRORS, tags=["applications"])
public = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """The program that asks."""

    name: str
    account: str
    settings: Settings
    house: Services


def _caller(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    house, (_, settings) = services(request), web_account(request)
    digest = api_keys.digest(given.credentials if given else "")
    with house.database.write() as connection:
        key = keys.use(connection, digest, house.now())
    if key is None:
        raise HTTPException(401, "no valid key", {"WWW-Authenticate": "Bearer"})
    house.limiter.check("600/minute", "api", key.name)
    return Caller(key.name, api_keys.account(key.name), settings, house)


Asks = Annotated[Caller, Depends(_caller)]


@router.post(
    "/files",
    status_code=201,
    responses={413: {"model": Problem}, 415: {"model": Problem}},
    max_body_size=files.LARGEST,
)
async def add_file(request: Request, caller: Asks, name: str = "") -> FileOut:
    """Send one file: the body is its bytes, `name` what it is called.

    What it is is found by looking into it. It waits for a day for an application that names it."""
    data = await bounded(request, files.largest(caller.settings))
    return await run_in_threadpool(_keep, caller, unquote(name)[:400], data)


@router.post("/applications", status_code=201, responses=_LATER)
def add_application(
    request: Request, answer: Response, caller: Asks, key: IdempotencyKey, said: ApplicationIn
) -> Receipt:
    """Make an application. The number is in the answer, and goes to the applicant by SMS."""
    form = forms.Form(**said.model_dump(exclude={"files"}))
    return _brought(request, answer, caller, key, form, said.files)


@router.get("/receipts/{key}", responses=_UNKNOWN)
def get_receipt(caller: Asks, key: str) -> Receipt:
    """What became of what was sent with this Idempotency-Key."""
    found = receipt(caller.house.database, caller.account, f"api:{key[:100]}")
    if found is None:
        raise HTTPException(404, "unknown")
    return _receipt(found)


@router.get("/applications/{number}", responses=_UNKNOWN)
def get_application(caller: Asks, number: str) -> Progress:
    """Where an application stands that came through this key."""
    seen = _own(caller, number)
    with caller.house.database.read() as connection:
        steps = progress.steps(connection, seen.id)
    return Progress.model_validate(
        {
            "number": shown(seen.number),
            "type": seen.type,
            "stage": progress.coarse(seen.status),
            "received_at": seen.received_at,
            "due_at": seen.legal_due_at,
            "steps": [StepOut(what=one.what, at=one.at) for one in steps],
        }
    )


@router.post("/applications/{number}/messages", status_code=201, responses=_LATER | _UNKNOWN)
def add_message(
    request: Request,
    answer: Response,
    caller: Asks,
    number: str,
    key: IdempotencyKey,
    said: MessageIn,
) -> Receipt:
    """Add a message or files to an application that came through this key."""
    seen = _own(caller, number)
    form = forms.Form(
        text=said.text,
        name=seen.name or "",
        phone=seen.phone or "",
        email=seen.email or "",
        proved=seen.number,
    )
    return _brought(request, answer, caller, key, form, said.files)


@public.get("/api/v1/openapi.json")
def openapi() -> JSONResponse:
    """The description of all this (OpenAPI 3.1), for people and generators."""
    description = get_openapi(
        title="Başvuru", version=VERSION, summary=__doc__.splitlines()[0], routes=router.routes
    )
    return JSONResponse(description, headers={"Cache-Control": "public, max-age=300"})


def _keep(caller: Caller, name: str, data: bytes) -> FileOut:
    house = caller.house
    try:
        media_type = files.checked_type(name, data, files.largest(caller.settings))
    except files.NotTaken as error:
        raise HTTPException(415, f"file: {error.code}") from None
    with house.database.write() as connection:
        token = files.keep(connection, name, data, owner=caller.account, now=house.now())
    shown_as = fitting(files.clean_name(name), media_type)
    return FileOut(file=token, name=shown_as, size=len(data), content_type=media_type)


def _brought(
    request: Request,
    answer: Response,
    caller: Caller,
    key: str,
    form: forms.Form,
    tokens: list[str],
) -> Receipt:
    """Land it, unless it was, and say what became of it."""
    database, source_key = caller.house.database, f"api:{key}"
    if receipt(database, caller.account, source_key) is None:
        _land(request, caller, source_key, form, tokens)
    found = awaited(database, caller.account, source_key)
    assert found is not None
    answer.status_code = 201 if found.number else 202
    return _receipt(found)


def _land(
    request: Request, caller: Caller, source_key: str, form: forms.Form, tokens: list[str]
) -> None:
    database = caller.house.database
    try:
        named, contents = _files(caller, tokens)
    except HTTPException:
        if receipt(database, caller.account, source_key) is None:
            raise
        return  # the same request came twice at once, and the other one has taken the files
    item = forms.item("web", source_key, forms.with_files(form, named))
    intake(request).take(caller.account, "web", item, contents)
    with database.write() as connection:
        uploads.drop(connection, tokens, owner=caller.account)


def _files(
    caller: Caller, tokens: list[str]
) -> tuple[tuple[forms.FormFile, ...], tuple[bytes, ...]]:
    with caller.house.database.read() as connection:
        try:
            waiting = files.whole(connection, tokens, caller.settings, owner=caller.account)
            if len(waiting) != len(set(tokens)):
                raise HTTPException(422, "files: unknown")
            return files.gathered(connection, waiting, caller.settings)
        except files.NotTaken as error:
            raise HTTPException(422, f"files: {error.code}") from None


def _own(caller: Caller, number: str) -> Seen:
    """The application, if something in it came through this key. Raises HTTPException 404."""
    with caller.house.database.read() as connection:
        found = receipts.brought_by(connection, caller.account, digits(number[:40]))
        seen = status.seen(connection, found) if found is not None else None
    if seen is None:
        raise HTTPException(404, "unknown")
    return seen


def _receipt(found: receipts.Receipt) -> Receipt:
    return Receipt(
        number=shown(found.number) if found.number else None,
        joined=bool(found.number) and found.how != "opened",
        received_at=found.landed_at,
    )
