"""An SMS gateway with moods. What it took counts, whether or not it said so."""

import threading
import urllib.request
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from random import Random
from typing import Any

from peers.sendsms import SendSms


class MoodyGateway(SendSms):
    """``mood``: ``well``; ``hangs`` (takes it, and is silent for longer than anybody waits);
    ``cuts`` (takes it, and closes without an answer); ``twice`` (answers with two lines for one
    SMS). ``receipts``: share of the SMS of which a receipt comes, and as often again comes twice.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__(host)
        self.mood, self.receipts = "well", 0.0
        self.over = threading.Event()
        self.chance = Random(1)
        well: Any = self.server.RequestHandlerClass
        outer = self

        class Moody(well):  # type: ignore[misc]
            def do_GET(self) -> None:  # noqa: N802  the library's name
                mood = outer.mood
                if mood == "well":
                    super().do_GET()
                else:
                    outer.misbehave(mood, self, super().do_GET)
                outer.report()

        self.server.RequestHandlerClass = Moody

    def misbehave(self, mood: str, handler: BaseHTTPRequestHandler, well: Any) -> None:
        out, handler.wfile = handler.wfile, _Nowhere()  # type: ignore[assignment]
        well()  # it is taken
        handler.wfile = out
        if mood == "hangs":
            self.over.wait(30)
        if mood == "twice":
            body = b"0: Accepted for delivery\n0: Accepted for delivery"
            head = f"HTTP/1.1 202 Accepted\r\nContent-Length: {len(body)}\r\n\r\n"
            handler.wfile.write(head.encode() + body)
            return
        handler.close_connection = True

    def report(self) -> None:
        """Post the receipt of the newest SMS, unless it is one of those that are lost."""
        with self.lock:
            url = self.taken[-1].get("dlr-url", "")
            comes, again = (self.chance.random() < self.receipts for _ in range(2))
        address = url.replace("%d", "1").replace("%T", "").replace("%A", "").replace("%%", "%")
        for _ in range(comes + (comes and again)):
            threading.Thread(target=_fetch, args=(address,), daemon=True).start()

    def handed(self) -> Counter[str]:
        """How often each application number was taken."""
        return Counter(self.numbers())

    def __exit__(self, *arguments: object) -> None:
        self.over.set()
        super().__exit__(*arguments)


def _fetch(address: str) -> None:
    with suppress(OSError):  # a receipt that nobody takes is a lost one
        urllib.request.urlopen(address, timeout=20).close()


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        """There is nothing."""
