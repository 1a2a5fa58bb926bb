"""Kannel's sendsms as a stand-in that remembers what it took, for tests that kill its callers."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class SendSms:
    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.taken: list[dict[str, str]] = []
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
                with outer.lock:
                    outer.taken.append({name: values[0] for name, values in query.items()})
                body = b"0: Accepted for delivery"
                self.send_response(202)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.server.server_port}/cgi-bin/sendsms"

    def numbers(self) -> list[str]:
        """Application numbers of the texts that were taken, ten digits each."""
        with self.lock:
            texts = [one["text"] for one in self.taken]
        return [
            re.sub(r"\D", "", found[0])
            for t in texts
            if (found := re.search(r"\d\d-\d{4}-\d{4}", t))
        ]

    def __enter__(self) -> "SendSms":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
