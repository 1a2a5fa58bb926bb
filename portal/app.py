"""The web: what people and other programs reach over HTTP.

Nothing here writes an application: what comes in lands raw, and the stages see to it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from structlog import get_logger

from normalizers.clean import storable_text
from portal.channel_hooks import Receive, channel_hooks
from portal.pages import overview
from storage import daemons
from storage.engine import Database, Failed, Unavailable
from storage.schema import is_current

log = get_logger()

LARGEST_CALLBACK = 1_000_000
"""Bytes that a gateway may post at once."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the portal asks of the house."""

    database: Database
    now: Callable[[], datetime]
    ring: Callable[[Mapping[str, Collection[int]]], object]
    """Rings: queue -> row ids."""
    receive: Receive
    """Takes what a source posts to one of its accounts."""
    is_signed: Callable[[str, str], bool]
    """(path below /hooks, signature) -> whether we made that address."""


def make_app(services: Services) -> FastAPI:
    app = FastAPI(title="Başvuru", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(channel_hooks(services.receive))

    @app.get("/", response_class=HTMLResponse)
    def home() -> HTMLResponse:
        return HTMLResponse(overview(services.database, services.now()), headers=_SAFE)

    @app.get("/healthz")
    def healthz() -> PlainTextResponse:
        """The process runs and answers."""
        return PlainTextResponse("ok")

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """The process can work: its database answers and has the right schema."""
        try:
            ready = is_current(services.database)
        except (*Unavailable, Failed):
            ready = False  # said in the answer; the caller decides what to do about it
        return JSONResponse({"ready": ready}, status_code=200 if ready else 503)

    @app.api_route("/hooks/sms/{gateway}/{reference}/{signature}", methods=["GET", "POST"])
    async def receipt(gateway: str, reference: str, signature: str, request: Request) -> Response:
        """A receipt for one SMS: stored as it came, before it is answered."""
        return await _receive(services, request, gateway, reference, signature)

    @app.api_route("/hooks/sms/{gateway}/{signature}", methods=["GET", "POST"])
    async def receipts(gateway: str, signature: str, request: Request) -> Response:
        """Receipts from a provider that posts all of them to one address."""
        return await _receive(services, request, gateway, "", signature)

    return app


_SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


async def _receive(
    services: Services, request: Request, gateway: str, reference: str, signature: str
) -> Response:
    path = f"sms/{gateway}/{reference}" if reference else f"sms/{gateway}"
    if not services.is_signed(path, signature):
        raise HTTPException(404)
    body = await _bounded(request)
    await run_in_threadpool(_keep, services, gateway, reference, request, body)
    return PlainTextResponse("")


async def _bounded(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_CALLBACK:
            raise HTTPException(413)
    return body


def _keep(services: Services, gateway: str, reference: str, request: Request, body: bytes) -> None:
    fields: dict[str, Any] = {
        "gateway": gateway[:40],
        "reference": reference,
        "method": request.method,
        "query": {storable_text(k): storable_text(v) for k, v in request.query_params.items()},
        "body": body,
        "content_type": storable_text(request.headers.get("content-type", "")),
    }
    try:
        with services.database.write() as connection:
            row = daemons.keep_callback(connection, **fields, now=services.now())
    except Unavailable as error:
        log.warning("callback.not_stored", error=type(error).__name__)
        raise HTTPException(503) from None  # the provider tries again
    services.ring({"callbacks": [row]})
