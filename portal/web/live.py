"""Pages that follow what happens: server-sent events, each the anew rendered part of a page."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import anyio
from anyio import to_thread
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from portal.web.guard import is_still_in

EVERY_SECONDS = 2.0
"""How often a page looks; what did not change is not sent."""
_KEEP_ALIVE = b": \n\n"


def live(
    request: Request,
    look: Callable[[], Any],
    draw: Callable[[Any], HTMLResponse],
    *,
    every: float = EVERY_SECONDS,
    goes_on: Callable[[], bool] | None = None,
) -> Response:
    """Follow something: ``look`` reads what is to be shown, ``draw`` renders it when it changed.

    Both run in a thread. It ends when the session of whoever looks has
    ended, or when ``goes_on`` says so.
    The page takes the events with ``hx-ext="sse" sse-connect="ADDRESS"
    sse-swap="message"``.
    """
    return StreamingResponse(
        _events(request, look, draw, every, goes_on or partial(is_still_in, request)),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _events(
    request: Request,
    look: Callable[[], Any],
    draw: Callable[[Any], HTMLResponse],
    every: float,
    goes_on: Callable[[], bool],
) -> AsyncIterator[bytes]:
    last: Any = None
    while not await request.is_disconnected() and await to_thread.run_sync(goes_on):
        seen = await to_thread.run_sync(look)
        if seen == last:
            yield _KEEP_ALIVE
        else:
            last = seen
            yield _event((await to_thread.run_sync(draw, seen)).body)
        await anyio.sleep(every)


def _event(body: "bytes | memoryview[int]") -> bytes:
    """One event: each line of the fragment is a line of data (HTML standard, 9.2.5)."""
    lines = bytes(body).splitlines()
    return b"".join(b"data: " + line + b"\n" for line in lines) + b"\n"
