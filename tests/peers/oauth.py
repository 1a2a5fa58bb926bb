"""A token endpoint with rotation and expiry, and the introspection that a mail server asks."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


class OAuthServer:
    """RFC 6749 refresh and client credentials, RFC 7662 introspection, on a free local port.

    ``valid`` holds the access tokens that introspection accepts, ``refresh_tokens`` what may be
    exchanged. ``asked`` counts exchanges. ``fail_with``: answer every exchange with this status.
    ``lasts``: seconds that new tokens claim to live.
    """

    def __init__(self, username: str = "basvuru") -> None:
        self.username = username
        self.valid: set[str] = set()
        self.refresh_tokens = {"refresh-0"}
        self.rotate = False
        self.asked: list[dict[str, str]] = []
        self.fail_with = 0
        self.lasts = 3600
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(5)
        self._server.server_close()

    @property
    def token_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/token"

    @property
    def introspect_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/introspect"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        if path == "/introspect":
            active = form.get("token") in self.valid
            return 200, {"active": active, "username": self.username, "exp": 4_102_444_800}
        self.asked.append(form)
        if self.fail_with:
            return self.fail_with, {"error": "temporarily_unavailable"}
        return self._exchange(form)

    def _exchange(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        given = form.get("refresh_token")
        if form.get("grant_type") == "refresh_token" and given not in self.refresh_tokens:
            return 400, {"error": "invalid_grant", "error_description": "expired for someone"}
        token = f"access-{len(self.asked)}"
        self.valid.add(token)
        out: dict[str, object] = {"access_token": token, "expires_in": self.lasts}
        if self.rotate and given:
            self.refresh_tokens = {f"refresh-{len(self.asked)}"}
            out["refresh_token"] = f"refresh-{len(self.asked)}"
        return 200, out

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                status, answer = owner.answer(self.path, form)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments: object) -> None:
                """Quiet."""

        return Handler
