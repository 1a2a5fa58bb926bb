"""An SMS gateway with moods. What it took counts, whether or not it said so."""

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler
from typing import Any

from peers.sendsms import SendSms


class MoodyGateway(SendSms):
    """``mood``: ``well``; ``refuses`` (503, takes nothing); ``hangs`` (takes it, and is silent for
    longer than anybody waits); ``cuts`` (takes it, and closes without an answer); ``twice`` (answers
    with two lines for one SMS)."""

    def __init__(self) -> None:
        super().__init__()
        self.mood = "well"
        self.over = threading.Event()
        well: Any = self.server.RequestHandlerClass
        outer = self

        class Moody(well):  # type: ignore[misc]
            def do_GET(self) -> None:
                if outer.mood == "well":
                    super().do_GET()
                else:
                    outer.misbehave(self, super().do_GET)

        self.server.RequestHandlerClass = Moody

    def misbehave(self, handler: BaseHTTPRequestHandler, well: Any) -> None:
        if self.mood == "refuses":
            handler.send_response(503)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        out, handler.wfile = handler.wfile, _Nowhere()  # type: ignore[assignment]
        well()  # it is taken
        handler.wfile = out
        if self.mood == "hangs":
            self.over.wait(30)
        if self.mood == "twice":
            body = b"0: Accepted for delivery\n0: Accepted for delivery"
            head = f"HTTP/1.1 202 Accepted\r\nContent-Length: {len(body)}\r\n\r\n"
            handler.wfile.write(head.encode() + body)
            return
        handler.close_connection = True

    def handed(self) -> Counter[str]:
        """How often each application number was taken."""
        return Counter(self.numbers())

    def __exit__(self, *arguments: object) -> None:
        self.over.set()
        super().__exit__(*arguments)


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        """There is nothing."""
