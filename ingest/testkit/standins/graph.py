"""A stand-in for graph.facebook.com on this machine: honest, and able to misbehave.

One server holds a Page, its conversations, and the Instagram account that is tied to it
(:mod:`ingest.testkit.standins.graph_data`). What it says when it refuses follows Meta's error
reference: code and subcode decide, the texts are ours.
"""

import hashlib
import hmac
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ingest.testkit.standins.graph_data import IG, PAGE, GraphData, Json, fields, real_time, stamp

TOKEN = "EAAstandinPAGEtoken0123456789"
APP_SECRET = "standin-app-secret"
VERIFY_TOKEN = "standin-verify-token"
LARGEST_PAGE = 100
__all__ = ["APP_SECRET", "TOKEN", "VERIFY_TOKEN", "Answer", "GraphServer", "real_time", "stamp"]


@dataclass(frozen=True)
class Answer:
    """``cut``: bytes of the body after which the line breaks; ``hang``: never answer."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    hang: bool = False


def says(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    typed = {"Content-Type": "application/json", **(headers or {})}
    return Answer(status, json.dumps(body).encode(), typed)


def error(
    code: int,
    subcode: int = 0,
    status: int = 400,
    text: str = "(#x) No",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    told: Json = {"message": text, "type": "OAuthException", "code": code, "fbtrace_id": "Astand"}
    told |= {"error_subcode": subcode} if subcode else {}
    return says({"error": told}, status, headers)


HTML = {"Content-Type": "text/html; charset=utf-8"}
ERROR_PAGE = Answer(500, b"<html><body>Sorry, something went wrong.</body></html>", HTML)
NO_TYPE = Answer(503, b"<html>upstream</html>")
NOT_JSON = Answer(200, b"{'data': [", {"Content-Type": "application/json"})
LIST_BODY = says([{"error": "a list"}], 500)
CUT_BODY = Answer(200, b'{"data": [{"id": "1"', {"Content-Type": "application/json"}, cut=9)
TRANSIENT = error(2, status=500, text="An unexpected error has occurred.")
EXPIRED_CURSOR = error(100, 0, text="(#100) The given cursor is invalid")


def throttled(after: timedelta | None, code: int = 80001) -> Answer:
    """The two ways in which a limit is told: with the header of the business use case, or bare."""
    if after is None:
        return error(4, status=403, text="(#4) Application request limit reached")
    minutes = -(-int(after.total_seconds()) // 60)
    usage = {"type": "pages", "call_count": 100, "estimated_time_to_regain_access": minutes}
    told = {"X-Business-Use-Case-Usage": json.dumps({PAGE: [usage]})}
    if after.total_seconds() % 60:
        told["Retry-After"] = str(int(after.total_seconds()))
    return error(code, text=f"(#{code}) There have been too many calls", headers=told)


class GraphServer:
    """``asked``: method and path of every request, never the token. A context manager."""

    def __init__(self, now: Callable[[], datetime] = real_time) -> None:
        self.data = GraphData(now)
        self.asked: list[str] = []
        self.token = TOKEN
        self.dead = 0
        """Subcode with which the token is refused (460: password changed); 0: it lives."""
        self.denied: dict[str, int | Answer] = {}
        """Edge or id -> code with which it is refused (10 or 200); "" stands for all objects."""
        self.limit: Answer | None = None
        """What every request is answered while we are throttled."""
        self.faults: deque[Answer] = deque()
        """Answers for the next requests, before everything else."""
        self.empty_first = False
        """Whether listings begin with a page on which we may see nothing."""
        self.on_cursor: Answer | None = None
        """What a request with a cursor is answered."""
        self.down = False
        self.skew = timedelta()
        """How wrong the server's Date header is."""
        self.usage = 5
        self.insert: Callable[[], object] | None = None
        """Called after the next page that is not the last: what comes between two pages."""
        self.expires_at = 0
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "GraphServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def signed(self, *numbers: int, secret: str = APP_SECRET) -> tuple[bytes, str]:
        """A webhook's body, and its header ``X-Hub-Signature-256``."""
        body = self.data.webhook(*numbers)
        return body, f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"

    # -- answering ---------------------------------------------------------------------------

    def answer(self, call: "Call") -> Answer:
        self.asked.append(f"{call.method} {call.path}")
        if self.faults:
            return self.faults.popleft()
        return self.limit or self._refused(call) or _routed(self, call)

    def _refused(self, call: "Call") -> Answer | None:
        if call.version < 22:
            return error(2635, text="(#2635) You are calling a deprecated version of the API")
        if self.dead or call.token != self.token:
            subcode = self.dead or 467
            return error(190, subcode, 400, f"Error validating access token: {call.token[:12]}")
        proof = hmac.new(APP_SECRET.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        if call.query.get("appsecret_proof", proof) != proof:
            return error(100, text="Invalid appsecret_proof provided in the API argument")
        names = [call.edge, call.owner, *filter(None, call.query.get("ids", "").split(","))]
        code = next((self.denied[name] for name in names if name in self.denied), None)
        if isinstance(code, Answer) or code is None:
            return code
        return error(code, status=403, text=f"(#{code}) Requires a permission")

    def hang(self) -> None:
        self._over.wait(30)

    def headers(self) -> dict[str, str]:
        told = {"call_count": self.usage, "total_time": self.usage, "total_cputime": 3}
        return {
            "X-App-Usage": json.dumps(told),
            "facebook-api-version": "v26.0",
            "Date": format_datetime(self.data.now() + self.skew, usegmt=True),
        }


@dataclass(frozen=True)
class Call:
    """One request, taken apart: ``/v26.0/{owner}/{edge}``."""

    method: str
    version: float
    owner: str
    edge: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    token: str

    @property
    def path(self) -> str:
        return f"/{self.owner}/{self.edge}".rstrip("/")


def _handler(server: GraphServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if not server.down:  # otherwise the line just breaks
                self._write(server.answer(self._call()))

        do_POST = do_GET  # noqa: N815  the library's name

        def _call(self) -> Call:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = dict(parse_qsl(address.query, keep_blank_values=True))
            form = dict(parse_qsl(body.decode(), keep_blank_values=True))
            version, owner, edge = (*address.path.strip("/").split("/"), "", "")[:3]
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            token = bearer or query.get("access_token") or form.get("access_token", "")
            number = float(version[1:]) if re.fullmatch(r"v\d+\.\d+", version) else 0.0
            return Call(self.command, number, owner, edge, query, form, token)

        def _write(self, answer: Answer) -> None:
            if answer.hang:
                server.hang()
                return
            self.send_response_only(answer.status)
            length = {"Content-Length": str(len(answer.body))}
            for name, value in (server.headers() | length | dict(answer.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    return Handler


# -- what each path does ---------------------------------------------------------------------


def _routed(server: GraphServer, call: Call) -> Answer:
    if not call.owner:
        return _batch(server.data, call)
    if call.owner == "debug_token":
        token = {"is_valid": True, "expires_at": server.expires_at, "data_access_expires_at": 0}
        return says({"data": token})
    if call.method == "POST":
        return _posted(server.data, call)
    if call.edge == "ratings":
        return error(12, text="(#12) ratings is deprecated for versions v22.0 and higher")
    return _page(server, call) if call.edge else _object(server.data, call)


def _object(data: GraphData, call: Call) -> Answer:
    wanted = fields(call.query.get("fields", ""))
    if call.owner == IG and any(name.startswith("mentioned_") for name in wanted):
        return _mentioned(data, wanted)
    thing = data.readable("" if call.owner.startswith("_") else call.owner)
    if thing is None:
        return error(100, 33, text=f"Unsupported get request. Object '{call.owner}' does not exist")
    return says(shown(data, thing, wanted))


def _batch(data: GraphData, call: Call) -> Answer:
    """``?ids=a,b``: one that is gone spoils the whole call."""
    ids, wanted = call.query.get("ids", "").split(","), fields(call.query.get("fields", ""))
    if len(ids) > 50:
        return error(100, text="(#100) Too many ids")
    if any(data.readable(thing) is None for thing in ids):
        return error(100, 33, text="Unsupported get request")
    return says({thing: shown(data, data.objects[thing], wanted) for thing in ids})


def _mentioned(data: GraphData, wanted: dict[str, Any]) -> Answer:
    ((name, (how, inner)),) = wanted.items()
    match = re.search(r"\((\w+)\)", how)
    thing = data.objects.get(match[1] if match else "")
    if thing is None:
        return error(100, 33, text="Unsupported get request")
    return says({name: shown(data, thing, inner), "id": IG})


def shown(data: GraphData, thing: Json, wanted: dict[str, Any]) -> Json:
    """The fields that were asked for, with nested edges opened."""
    found = {"id": thing["id"]}
    for name, (how, inner) in wanted.items():
        if (thing["id"], name) in data.edges or name in ("messages", "replies"):
            limit = re.search(r"limit\((\d+)\)", how)
            items = data.listing(thing["id"], name, {})[: int(limit[1]) if limit else 25]
            if items:
                found[name] = {"data": [shown(data, item, inner) for item in items]}
        elif name in thing:
            found[name] = thing[name]
    return found


def _page(server: GraphServer, call: Call) -> Answer:
    """One page of an edge. The cursor counts from the newest, so what is put in moves the pages."""
    limit, after = int(call.query.get("limit", 25)), call.query.get("after", "")
    if limit > LARGEST_PAGE:
        return error(100, text="(#100) Please reduce the amount of data you are asking for")
    if after and (server.on_cursor or not re.fullmatch(r"c\d+", after)):
        return server.on_cursor or EXPIRED_CURSOR
    if call.owner not in server.data.objects:
        return error(100, 33, text=f"Unsupported get request. Object '{call.owner}'")
    if server.empty_first and not after:
        return says({"data": [], "paging": {"next": f"{server.url}/x?after=c0"}})
    start = int(after[1:]) if after else 0
    listed = server.data.listing(call.owner, call.edge, call.query)
    wanted = fields(call.query.get("fields", ""))
    body: Json = {"data": [shown(server.data, i, wanted) for i in listed[start : start + limit]]}
    if start + limit < len(listed):
        cursor = f"c{start + limit}"
        link = f"{server.url}/v26.0{call.path}?access_token={server.token}&after={cursor}"
        body["paging"] = {"cursors": {"before": "b", "after": cursor}, "next": link}
        if server.insert:
            between, server.insert = server.insert, None
            between()
    return says(body)


def _posted(data: GraphData, call: Call) -> Answer:
    if call.edge == "messages":
        return _sent(data, call)
    text = call.form.get("message", "")
    if call.edge == "mentions" and call.owner == IG:
        target = call.form.get("comment_id") or call.form.get("media_id", "")
        return _commented(data, target, text, "mention")
    if not call.edge:
        data.objects[call.owner]["message"] = text
        return says({"success": True})
    return _commented(data, call.owner, text, call.edge)


def _commented(data: GraphData, target: str, text: str, how: str) -> Answer:
    if target not in data.objects:
        return error(100, 33, text="Unsupported post request")
    if any(sent["to"] == target and sent["text"] == text for sent in data.sent):
        return error(506, text="(#506) Duplicate status message")
    data.sent.append({"to": target, "text": text, "how": how})
    if how == "comments":
        return says({"id": data.comment_by(PAGE, text, target)})
    return says({"id": data.ig_comment_by(IG, text, target)})


def _sent(data: GraphData, call: Call) -> Answer:
    try:
        to, message = json.loads(call.form["recipient"]), json.loads(call.form["message"])
    except (KeyError, ValueError):
        return error(100, text="(#100) param recipient must be JSON")
    if "comment_id" in to:
        return _sent_privately(data, to["comment_id"], message["text"])
    tagged = call.form.get("tag") == "HUMAN_AGENT"
    if not data.open_window(to["id"], timedelta(days=7 if tagged else 1)):
        return error(10, 2018278, 403, "(#10) This message is sent outside of allowed window.")
    platform = "instagram" if f"t_instagram_{to['id']}" in data.objects else "messenger"
    mid = data.message_to(to["id"], message["text"], platform=platform)
    data.sent.append({"to": to["id"], "text": message["text"], "how": "message"})
    return says({"recipient_id": to["id"], "message_id": mid})


def _sent_privately(data: GraphData, comment: str, text: str) -> Answer:
    made = data.objects.get(comment)
    if made is None:
        return error(100, 33, text="Unsupported post request")
    created = datetime.fromisoformat(made.get("created_time") or made["timestamp"])
    if comment in data.answered or data.now() - created > timedelta(days=7):
        return error(10900, text="(#10900) Activity already replied to")
    data.answered.add(comment)
    platform = "instagram" if "timestamp" in made else "messenger"
    mid = data.message_to(made["from"]["id"], text, platform=platform)
    data.sent.append({"to": comment, "text": text, "how": "private"})
    return says({"recipient_id": made["from"]["id"], "message_id": mid})
