"""The door for the telephone system: ``POST /hooks/calls/ACCOUNT`` (docs/phone.md)."""

import base64
import binascii
import hmac
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from structlog import get_logger

from cases import phone_calls
from cases.phone_calls import CallEvent
from ingest.channels.phone import Settings
from portal.services import Services, services
from portal.web.bodies import bounded
from storage.engine import Unavailable

log = get_logger()
router = APIRouter(include_in_schema=False)
_LARGEST = 20_000


class Posted(BaseModel):
    """One event. Fields that a telephone system sends besides are left alone."""

    model_config = ConfigDict(populate_by_name=True)

    event: Literal["ring", "answer", "end", "failed"]
    call_id: Annotated[str, Field(min_length=1, max_length=200)]
    caller: Annotated[str, Field(alias="from", max_length=200)] = ""
    called: Annotated[str, Field(alias="to", max_length=200)] = ""
    agent: Annotated[str, Field(max_length=100)] = ""
    recording: Annotated[str, Field(max_length=1_000)] = ""


@router.post("/hooks/calls/{account}")
async def event(account: str, request: Request) -> Response:
    """Take one event. 204: it is written down. Whatever else: post it again, or mend it."""
    body, house = await bounded(request, _LARGEST), services(request)
    phone = house.intake.phone if house.intake else None
    if phone is None or phone[0] != account:
        raise HTTPException(404)
    if not _is_theirs(phone[1], request, body):
        log.warning("calls.refused", channel=account)
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    try:
        posted = Posted.model_validate_json(body)
    except ValidationError as error:
        # which fields are wrong, and never what stands in them
        wrong = ", ".join(sorted({str(one["loc"][0]) for one in error.errors() if one["loc"]}))
        raise HTTPException(400, f"not an event: {wrong or 'no JSON'}") from None
    await run_in_threadpool(_take, house, account, phone[1], posted)
    return Response(status_code=204)


def _take(house: Services, account: str, settings: Settings, posted: Posted) -> None:
    happened = CallEvent(
        posted.event,
        posted.call_id,
        caller=posted.caller,
        called=posted.called,
        agent=posted.agent,
        recording=posted.recording,
    )
    try:
        with house.database.write() as connection:
            phone_calls.take(
                connection, account, happened, call_back=settings.call_back, now=house.now()
            )
    except Unavailable as error:
        log.warning("calls.not_stored", error=type(error).__name__)
        raise HTTPException(503) from None


def _is_theirs(settings: Settings, request: Request, body: bytes) -> bool:
    """The secret itself (Bearer, or as the password of Basic), or a signature made with it."""
    secret = settings.secret.get_secret_value().encode()
    if not secret:
        return False
    signature = request.headers.get("x-signature", "").removeprefix("sha256=")
    if signature:
        return hmac.compare_digest(
            signature.encode(), hmac.digest(secret, body, "sha256").hex().encode()
        )
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        given = _password(given)
    return hmac.compare_digest(given.strip().encode(), secret)


def _password(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""  # then it is not the secret
