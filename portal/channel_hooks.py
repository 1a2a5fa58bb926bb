"""The door for sources that post to us: ``/hooks/channel/ACCOUNT``.

Whoever mounts it says what becomes of a post; :func:`answered` is that for an account whose channel
is a :class:`~ingest.contract.Webhook`: what it brings lands as a poll's would, and then the source
hears 200.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from structlog import get_logger

from ingest.contract import MAX_ITEMS, Delivery, RawItem, Webhook, WebhookRequest
from ingest.errors import Later, Misconfigured, Refused
from portal.web.bodies import bounded

log = get_logger()

LARGEST_POST = 4_000_000
"""Bytes of one post. Meta's have at most 3 MB."""


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What the source hears."""

    status: int
    body: bytes = field(default=b"", repr=False)


Receive = Callable[[str, WebhookRequest], HookAnswer]
"""(account, what was posted to it) -> answer. Called in a thread; 404 for an unknown account."""


def channel_hooks(receive: Receive) -> APIRouter:
    """The routes, to be mounted in the portal."""
    router = APIRouter(max_body_size=LARGEST_POST)

    @router.api_route("/hooks/channel/{account}", methods=["GET", "POST"])
    async def hook(account: str, request: Request) -> Response:
        posted = WebhookRequest(
            method=request.method,
            query=dict(request.query_params),
            headers=dict(request.headers),
            body=await bounded(request, LARGEST_POST),
        )
        answer = await run_in_threadpool(receive, account, posted)
        return Response(answer.body, answer.status, headers=_SAFE, media_type="text/plain")

    return router


_SAFE = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
"""A challenge is echoed, and must not be taken for a page."""


def answered(
    account: str,
    webhook: Webhook,
    request: WebhookRequest,
    land: Callable[[Delivery], object],
) -> HookAnswer:
    """Take one post: prove it, land what it brings, and only then say 200.

    ``land`` stores one delivery; what it raises goes through, so that the source gets an error and
    posts again.
    """
    try:
        brought = webhook.verify_and_items(request)
    except Refused as error:
        log.warning("hook.refused", channel=account, reason=error.reason)
        return HookAnswer(403)
    except (Later, Misconfigured) as error:
        # The source repeats what was answered so; an operator reads why.
        log.warning("hook.not_now", channel=account, reason=error.reason)
        return HookAnswer(503)
    if isinstance(brought, bytes):
        return HookAnswer(200, brought)
    _land(brought, land)
    return HookAnswer(200)


def _land(items: Sequence[RawItem], land: Callable[[Delivery], object]) -> None:
    for start in range(0, len(items), MAX_ITEMS):
        land(Delivery(items[start : start + MAX_ITEMS]))
