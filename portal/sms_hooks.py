"""The door for SMS gateways: a receipt is stored as it came, before it is answered."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse
from structlog import get_logger

from normalizers.clean import storable_text
from portal.services import Services, services
from portal.web.bodies import bounded
from storage import daemons
from storage.engine import Unavailable

log = get_logger()

LARGEST_CALLBACK = 1_000_000
"""Bytes that a gateway may post at once."""

router = APIRouter()


@router.api_route("/hooks/sms/{gateway}/{reference}/{signature}", methods=["GET", "POST"])
async def receipt(gateway: str, reference: str, signature: str, request: Request) -> Response:
    """A receipt for one SMS."""
    return await _receive(request, gateway, reference, signature)


@router.api_route("/hooks/sms/{gateway}/{signature}", methods=["GET", "POST"])
async def receipts(gateway: str, signature: str, request: Request) -> Response:
    """Receipts from a provider that posts all of them to one address."""
    return await _receive(request, gateway, "", signature)


async def _receive(request: Request, gateway: str, reference: str, signature: str) -> Response:
    house = services(request)
    path = f"sms/{gateway}/{reference}" if reference else f"sms/{gateway}"
    if not house.is_signed(path, signature):
        raise HTTPException(404)
    body = await bounded(request, LARGEST_CALLBACK)
    await run_in_threadpool(_keep, house, gateway, reference, request, body)
    return PlainTextResponse("")


def _keep(house: Services, gateway: str, reference: str, request: Request, body: bytes) -> None:
    fields: dict[str, Any] = {
        "gateway": gateway[:40],
        "reference": reference,
        "method": request.method,
        "query": {storable_text(k): storable_text(v) for k, v in request.query_params.items()},
        "body": body,
        "content_type": storable_text(request.headers.get("content-type", "")),
    }
    try:
        with house.database.write() as connection:
            row = daemons.keep_callback(connection, **fields, now=house.now())
    except Unavailable as error:
        log.warning("callback.not_stored", error=type(error).__name__)
        raise HTTPException(503) from None  # the provider tries again
    house.ring({"callbacks": [row]})
