"""What the stand-ins of social networks share: a server on this machine that can misbehave.

A subclass answers one request (:meth:`Standin.answer`); everything that goes wrong on the way is
here: scripted answers, cut bodies, silence, a wrong clock, a line that breaks. ``asked`` is the log
of requests, without tokens.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]
HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass(frozen=True)
class Call:
    """One request. ``query`` is decoded; ``path`` and ``raw_query`` are as they came."""

    method: str
    path: str
    query: Mapping[str, str]
    raw_query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Says:
    """``cut``: bytes after which the line breaks; ``hang``: never answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    hang: bool = False


def says(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Says:
    # surrogates stay escaped, as a network's own JSON writes them
    return Says(status, json.dumps(body).encode(), JSON | dict(headers or {}))


ERROR_PAGE = Says(500, b"<html><body>Something is technically wrong.</body></html>", HTML)
OVERLOADED = Says(503, b"<html><body>Over capacity</body></html>", HTML)
NO_TYPE = Says(503)
NOT_JSON = Says(200, b"<html>maintenance</html>", HTML)
CUT_BODY = Says(200, b'{"data": [{"id": "1301573587187331074", "text": "x"}]}', JSON, cut=12)
LIST_BODY = says([{"error": "a list"}], 500)
SILENCE = Says(200, hang=True)


class Standin:
    """``now``: the network's clock, before ``skew`` is shown in the header Date."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.now = now or (lambda: datetime.now(UTC))
        self.skew = timedelta()
        self.asked: list[str] = []
        self.faults: deque[Says] = deque()
        """Answers for the next requests, before everything else."""
        self.limit: Says | None = None
        """What every request is answered while we are throttled."""
        self.down = False
        self.between_pages: Callable[[], object] | None = None
        """Called once, after the next page that is not the last was made."""
        self._over = threading.Event()
        self._lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        if not self._over.is_set():
            self._over.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def answer(self, call: Call) -> Says:
        """What is said when nothing goes wrong."""
        raise AssertionError(f"each network says what it has under {call.path}")

    def turned_page(self) -> None:
        between, self.between_pages = self.between_pages, None
        if between:
            between()

    def _answered(self, call: Call) -> Says:
        with self._lock:
            self.asked.append(f"{call.method} {call.path}")
            if self.faults:
                return self.faults.popleft()
            return self.limit or self.answer(call)

    def _date(self) -> str:
        return format_datetime((self.now() + self.skew).astimezone(UTC), usegmt=True)


def _handler(standin: Standin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not standin.down:  # otherwise the line just breaks
                self._write(standin._answered(self._call()))

        do_POST = do_GET  # noqa: N815  the library's name

        def _call(self) -> Call:
            address = urlsplit(self.path)
            return Call(
                method=self.command,
                path=address.path,
                query=dict(parse_qsl(address.query, keep_blank_values=True)),
                raw_query=address.query,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )

        def _write(self, answer: Says) -> None:
            if answer.hang:
                standin._over.wait(60)
                return
            self.send_response_only(answer.status)
            named = {"Date": standin._date(), "Content-Length": str(len(answer.body))}
            for name, value in (named | dict(answer.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    return Handler
