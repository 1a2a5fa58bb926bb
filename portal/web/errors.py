"""What a visitor sees when it does not work: words, what to do, an id that finds it in the log."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog import get_logger

from portal.web.page import redirect, render
from portal.web.shell import is_foreign, is_malformed
from storage.engine import Unavailable, Unstorable

log = get_logger()

_IN_WORDS = frozenset({400, 403, 404, 405, 409, 410, 413, 415, 422, 423, 429, 500, 503})


class SignInNeeded(Exception):
    """This page is for staff, and nobody is signed in."""


class CodesNeeded(Exception):
    """Whoever is signed in has to set up one-time codes first."""


def add_error_pages(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if not _wants_page(request.headers.get("accept", "")):
            return await http_exception_handler(request, error)
        return error_page(request, error.status_code, error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        """Which fields, and why; never what was in them, which may be anything."""
        if _wants_page(request.headers.get("accept", "")):
            return error_page(request, 422)
        said = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        return JSONResponse({"detail": "; ".join(said)}, 422)

    @app.exception_handler(SignInNeeded)
    async def sign_in(request: Request, _error: SignInNeeded) -> Response:
        address = "/staff/sign-in"
        if "hx-request" in request.headers:
            return Response(status_code=401, headers={"HX-Redirect": address})
        if request.method == "GET" and request.url.path != "/staff":
            address += f"?to={request.url.path}"
        return redirect(address)

    @app.exception_handler(CodesNeeded)
    async def set_up_codes(_request: Request, _error: CodesNeeded) -> Response:
        return redirect("/staff/account")


def error_page(request: Request, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """The page for a status, in words."""
    shown = status if status in _IN_WORDS else 500 if status >= 500 else 400
    return render(
        request,
        "error.html",
        status=status,
        headers=headers,
        kind=str(shown),
        trace=request.state.trace,
    )


class Failures:
    """ASGI middleware: what nobody caught is logged with its place, and answered with a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, started = Request(scope), False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        if refused := _refused(scope):
            await _answer(request, refused)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, watched)
        except Unavailable as error:
            # The database is away: said to the visitor, and the next request tries again.
            log.warning("web.no_database", error=type(error).__name__, path=_place(scope))
            if not started:
                await _answer(request, 503)(scope, receive, send)
        except Unstorable:
            # What was typed in holds U+0000, or more than fits: it is the visitor's to mend.
            log.warning("web.not_storable", path=_place(scope))
            if not started:
                await _answer(request, 400)(scope, receive, send)
        except Exception:
            # The visitor gets a page with the trace id; the process serves everybody else.
            log.exception("web.failed", path=_place(scope))
            if not started:
                await _answer(request, 500)(scope, receive, send)


def _refused(scope: Scope) -> int:
    """The status for a request that nobody has to look at; 0 for every other."""
    if is_foreign(scope):
        return 403
    return 400 if is_malformed(scope) else 0


def _answer(request: Request, status: int) -> Response:
    if _wants_page(request.headers.get("accept", "")):
        return error_page(request, status)
    return JSONResponse({"detail": HTTPStatus(status).phrase}, status)


def _place(scope: Scope) -> str:
    """The route's pattern: a path itself may hold what somebody typed."""
    return str(getattr(scope.get("route"), "path", "?"))


def _wants_page(accept: str) -> bool:
    return "text/html" in accept
