"""A stand-in for an SMS provider's HTTP API on this machine, that can also misbehave."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from workers.gateways.testkit import Behaviour


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Says:
    """One answer."""

    status: int
    body: bytes | str = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Pair = Callable[..., "tuple[Any, HttpProvider]"]
"""A gateway, and the provider that it speaks to: see the fixture of this name."""

ERROR_PAGE = Says(200, "<html><body>Bad Gateway</body></html>", {"Content-Type": "text/html"})


@dataclass(frozen=True)
class Shape:
    """What one provider's API looks like.

    ``message``: number and text of a request that hands an SMS over, None for any other.
    ``answer``: what is said to a request when all is well.
    """

    message: Callable[[Asked], tuple[str, str] | None]
    answer: Callable[[Asked], Says]
    busy: Says
    denied: Says


class HttpProvider:
    """``script``: answers for the next requests, before behaviour counts. A context manager."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.asked: list[Asked] = []
        self.taken: list[tuple[str, str]] = []
        self._script: deque[Says | Behaviour] = deque()
        self._behaviour = Behaviour.TAKES
        self._over = threading.Event()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._serve(self)

            do_POST = do_GET  # noqa: N815  the library's name

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "HttpProvider":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def behave(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    def script(self, *answers: Says | Behaviour) -> None:
        self._script.extend(answers)

    def stop(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        asked = _read(handler)
        self.asked.append(asked)
        message = self.shape.message(asked)
        step = self._script.popleft() if self._script else self._behaviour
        if step in (Behaviour.TAKES, Behaviour.SILENT) and message:
            self.taken.append(message)
        if step == Behaviour.CUTS:
            return
        if step == Behaviour.SILENT:
            self._over.wait(30)
            return
        _write(handler, step if isinstance(step, Says) else self._said(step, asked))

    def _said(self, behaviour: Behaviour, asked: Asked) -> Says:
        if behaviour == Behaviour.TAKES:
            return self.shape.answer(asked)
        known = {Behaviour.BUSY: self.shape.busy, Behaviour.DENIES: self.shape.denied}
        return known.get(behaviour, ERROR_PAGE)


def _read(handler: BaseHTTPRequestHandler) -> Asked:
    address = urlsplit(handler.path)
    query = dict(parse_qsl(address.query, keep_blank_values=True))
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    return Asked(handler.command, address.path, query, dict(handler.headers.items()), body)


def _write(handler: BaseHTTPRequestHandler, says: Says) -> None:
    body = says.body.encode() if isinstance(says.body, str) else says.body
    handler.send_response(says.status)
    for name, value in says.headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
