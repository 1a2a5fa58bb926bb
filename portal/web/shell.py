"""Around every answer: a trace id and safe headers; and how a foreign site's post is told, and a
request that no browser would make."""

import secrets
from email.message import Message as Header
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Nothing inline and nothing from elsewhere; ``data:`` images come from our own sheets."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # not no-referrer: with that, browsers hide the Origin of our own forms
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HOOKS = "/hooks/"
_PROGRAMS = (_HOOKS, "/api/")
"""Paths whose callers are programs: they prove themselves by signature or key, never by cookie."""


class Shell:
    """ASGI middleware, outermost but for the one that turns failures into pages."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app, self._https = app, https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = secrets.token_hex(8)
        scope.setdefault("state", {})["trace"] = trace
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(trace=trace)

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(MutableHeaders(scope=message), trace)
            await send(message)

        await self._app(scope, receive, safe)

    def _dress(self, headers: MutableHeaders, trace: str) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers["X-Trace"] = trace
        if self._https:
            headers["Strict-Transport-Security"] = "max-age=31536000"


def is_foreign(scope: Scope) -> bool:
    """Whether a browser says that this change was asked for by a page of another site.

    ``Sec-Fetch-Site`` where the browser sends it, else ``Origin``; a caller that sends neither is
    no browser that carries somebody's cookies along (Fetch standard, 2.1 and 3.2).
    """
    if scope["method"] in _SAFE_METHODS or scope["path"].startswith(_PROGRAMS):
        return False
    headers = Headers(scope=scope)
    if site := headers.get("sec-fetch-site"):
        return site not in {"same-origin", "none"}
    if origin := headers.get("origin"):
        return _host(origin) != headers.get("host", "")
    return False


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""  # no address at all, and so none of ours


def is_malformed(scope: Scope) -> bool:
    """Whether nobody but a program that looks for holes asks like this: U+0000 in the address,
    which no database takes, or a form in an encoding that pages of ours never ask for.

    Hooks are left alone: gateways write as they like, and are read with care.
    """
    if scope["path"].startswith(_HOOKS):
        return False
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return True
    header = Header()
    header["content-type"] = Headers(scope=scope).get("content-type", "")[:400]
    charset = header.get_content_charset("utf-8")
    return header.get_content_maintype() == "multipart" and charset not in ("utf-8", "utf8")
