"""WhatsApp on this machine: posts that are signed as Meta signs them, and a Graph API that answers.

What it does is what the public reference describes; it keeps nothing but memory. The tests use it,
and ``basvuru demo --start`` (:class:`Demo`).
"""

import hmac
import itertools
import json
import threading
import time
from collections.abc import Mapping, Sequence
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from basvuru.plugin import WebhookRequest

TOKEN = "made-up-token-of-a-system-user"  # noqa: S105  made up
APP_SECRET = "made-up-app-secret"  # noqa: S105  made up
VERIFY_TOKEN = "made-up-verify-token"  # noqa: S105  made up
NUMBER_ID = "106540352242922"
CUSTOMER = "905550001234"
NAME = "Zzelda Örnekoğlu"


class StandIn:
    """One number at Meta."""

    def __init__(self) -> None:
        self.ids = itertools.count(1)
        self.media: dict[str, bytes] = {}
        self.sent: list[dict[str, Any]] = []
        self.token = TOKEN
        self.trouble: tuple[int, dict[str, str], bytes] | None = None
        """Status, headers and body of every answer from now on."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread: threading.Thread | None = None
        self.port = self._server.server_address[1]
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        """Refuse connections from now on. May be called twice."""
        if self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._thread = None

    def again(self) -> None:
        """Listen once more, at the same port."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.start()

    def message(self, **content: Any) -> dict[str, Any]:
        """One message, as it stands in a post; by default a text."""
        number = next(self.ids)
        return {
            "from": CUSTOMER,
            "id": f"wamid.MADE-UP-{number:06}",
            "timestamp": str(1_770_000_000 + number),
            **(content or {"type": "text", "text": {"body": f"Poliçem iptal edilsin {number}"}}),
        }

    def photo(self, data: bytes, **more: str) -> dict[str, Any]:
        media_id = f"27548594{next(self.ids):06}"
        self.media[media_id] = data
        facts = {"id": media_id, "mime_type": "image/jpeg", "sha256": sha256(data).hexdigest()}
        return self.message(type="image", image=facts | more)

    def answer(self, method: str, path: str, token: str, body: bytes) -> tuple[int, Any]:
        """Status, and an object or bytes."""
        if token != f"Bearer {self.token}":
            return 401, {"error": {"code": 190, "type": "OAuthException", "message": "dead"}}
        kind, _, name = path.partition("?")[0].strip("/").partition("/")
        if kind == "media":
            return (200, self.media[name]) if name in self.media else (404, b"")
        if method == "POST" and name == f"{NUMBER_ID}/messages":
            self.sent.append(json.loads(body))
            return 200, {"messages": [{"id": f"wamid.SENT-{len(self.sent)}"}]}
        if name == NUMBER_ID:
            return 200, {"id": NUMBER_ID}
        if data := self.media.get(name):
            facts = {"id": name, "sha256": sha256(data).hexdigest(), "file_size": len(data)}
            return 200, facts | {"url": f"{self.url}/media/{name}"}
        return 400, {"error": {"code": 100, "error_subcode": 33, "message": "no such object"}}


def post_of(*messages: dict[str, Any]) -> WebhookRequest:
    """A signed post with these messages."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "900000000000", "phone_number_id": NUMBER_ID},
        "contacts": [{"profile": {"name": NAME}, "wa_id": CUSTOMER}],
        "messages": list(messages),
    }
    entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    return signed(body)


def signed(body: bytes) -> WebhookRequest:
    signature = hmac.digest(APP_SECRET.encode(), body, "sha256").hex()
    headers = {"x-hub-signature-256": f"sha256={signature}", "content-type": "application/json"}
    return WebhookRequest("POST", {}, headers, body)


def _handler(standin: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("GET", b"")

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers["content-length"])))

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

        def _answer(self, method: str, body: bytes) -> None:
            headers: dict[str, str] = {}
            if standin.trouble:
                status, headers, data = standin.trouble
            else:
                token = self.headers.get("authorization", "")
                status, found = standin.answer(method, self.path, token, body)
                data = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            for name, value in (headers | {"content-length": str(len(data))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    return Handler


class Demo:
    """Somebody writes; what we answer is heard. Implements ``basvuru.plugin.DemoSource``."""

    def __init__(self) -> None:
        self._server = StandIn()

    def table(self) -> Mapping[str, Any]:
        return {
            "phone_number_id": NUMBER_ID,
            "access_token": TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY_TOKEN,
            "base_url": self._server.url,
        }

    def speak(self) -> Sequence[WebhookRequest]:
        text = {"body": "Merhaba, kaza sonrası çekici iki saattir gelmedi. Yardımcı olur musunuz?"}
        said = self._server.message(type="text", text=text) | {"timestamp": str(int(time.time()))}
        return [post_of(said)]

    def heard(self) -> Sequence[str]:
        return [str(sent.get("text", {}).get("body", "")) for sent in self._server.sent]

    def stop(self) -> None:
        self._server.stop()
