"""A Page and an Instagram account on a stand-in server, in the hands of the contract suite."""

import hashlib
import itertools
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from ingest.channels import facebook, instagram
from ingest.channels.facebook import said as facebook_said
from ingest.channels.instagram import said as instagram_said
from ingest.contract import Declaration, WebhookRequest
from ingest.social.meta_messages import MESSAGE
from ingest.testkit.standins import graph as standin
from ingest.testkit.standins.graph import APP_SECRET, TOKEN, VERIFY_TOKEN, GraphServer
from ingest.testkit.standins.graph_data import IG, PAGE, fields
from ingest.testkit.world import World

HOSTILE = (
    "şikâyet İIıi / s\u0327ika\u0302yet",
    "\ud83d half a pair \x00\x1b[31m ../../etc/passwd",
    "x" * 8_000,
    "",
)


def _version(row: dict[str, Any]) -> str:
    text = next((row[name] for name in ("message", "text", "caption") if name in row), "")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class MetaWorld(World):
    """What both networks' worlds do alike."""

    without: ClassVar[dict[str, str]] = {
        "huge": "Graph bounds a text to some thousand characters and tells no sizes beforehand",
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.server = GraphServer()
        self.data = self.server.data
        self.numbers = itertools.count(1)

    def table(self) -> dict[str, Any]:
        return {
            "page_id": PAGE,
            "page_token": TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY_TOKEN,
            "graph_url": self.server.url,
            "poll_seconds": 1e-6,
        }

    def close(self) -> None:
        self.server.stop()

    def cut(self) -> None:
        self.server.down = True

    def mend(self) -> None:
        self.server.down = False

    def kill_credential(self) -> None:
        self.server.dead = 460

    def throttle(self, after: timedelta | None) -> None:
        self.server.limit = standin.throttled(after)

    def personal(self) -> Sequence[str]:
        return ["Zzelda", "0555 000 12 34"]

    def text(self) -> str:
        return f"Zzelda {next(self.numbers)}: beni arayın, 0555 000 12 34"

    def person(self) -> str:
        return f"7{next(self.numbers):09d}"

    def signed_post(self) -> WebhookRequest:
        body, header = self.server.signed(len(self.data.changes) - 1)
        return WebhookRequest("POST", {}, {"x-hub-signature-256": header}, body)

    def body(self, thing: str, wanted: str, kind: str, network: str) -> bytes:
        """The envelope around the object as the server shows it."""
        row = standin.shown(self.data, self.data.objects[thing], fields(wanted))
        external = thing.removeprefix("m_")
        words = {"external_id": external, "first_id": external, "version": _version(row)}
        envelope = {"network": network, "kind": kind} | words | {"deleted": False, "data": row}
        compact = (",", ":")
        try:
            return json.dumps(envelope, ensure_ascii=False, separators=compact).encode()
        except UnicodeEncodeError:  # half a pair stays escaped
            return json.dumps(envelope, separators=compact).encode()


class FacebookWorld(MetaWorld):
    declaration: Declaration = facebook.CHANNEL

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ours = self.data.post_by(PAGE, "Kampanya")
        self._kinds = itertools.cycle((self._post, self._comment, self._message))

    def put(self, count: int) -> Sequence[bytes]:
        return [next(self._kinds)() for _ in range(count)]

    def bulk(self, count: int) -> Sequence[bytes]:
        return [self._comment() for _ in range(count)]

    def twins(self) -> None:
        for _ in range(2):
            self.data.comment_by("71", "aynı", self.ours)

    def redeliver(self) -> None:
        for post in self.data.edges[PAGE, "feed"]:
            self.data.objects[post]["updated_time"] = standin.stamp(self.data.now())

    def malformed(self) -> None:
        broken = self.data.comment_by("", "Zzelda", self.ours, created_time="yesterday")
        self.data.objects[broken]["message"] = {"not": "a text"}

    def hostile(self) -> Sequence[bytes]:
        made = []
        for text in HOSTILE:
            who = {"id": self.person(), "name": f"{text[:200]}\n\r\t"}
            thing = self.data.comment_by("", text, self.ours, **{"from": who})
            made.append(self.body(thing, facebook_said.COMMENT, "comment", "facebook"))
        return made

    def post(self) -> WebhookRequest:
        self._comment()
        return self.signed_post()

    def _post(self) -> bytes:
        thing = self.data.post_by(self.person(), self.text())
        return self.body(thing, facebook_said.POST, "post", "facebook")

    def _comment(self) -> bytes:
        thing = self.data.comment_by(self.person(), self.text(), self.ours)
        return self.body(thing, facebook_said.COMMENT, "comment", "facebook")

    def _message(self) -> bytes:
        thing = self.data.message_by(self.person(), self.text())
        return self.body(thing, MESSAGE, "dm", "facebook")


class InstagramWorld(MetaWorld):
    declaration: Declaration = instagram.CHANNEL

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ours = self.data.media_by(IG, "Yeni ürün")
        self._kinds = itertools.cycle((self._comment, self._tag, self._message, self._reply))

    def table(self) -> dict[str, Any]:
        return super().table() | {"instagram_id": IG}

    def put(self, count: int) -> Sequence[bytes]:
        return [next(self._kinds)() for _ in range(count)]

    def bulk(self, count: int) -> Sequence[bytes]:
        return [self._comment() for _ in range(count)]

    def twins(self) -> None:
        for _ in range(2):
            self.data.ig_comment_by("71", "aynı", self.ours)

    def redeliver(self) -> None:
        self.data.objects[self.ours]["comments_count"] += 1

    def malformed(self) -> None:
        broken = self.data.ig_comment_by("70", "Zzelda", self.ours)
        for name in ("text", "username", "from"):
            del self.data.objects[broken][name]

    def hostile(self) -> Sequence[bytes]:
        return [self._comment(text) for text in HOSTILE]

    def post(self) -> WebhookRequest:
        self._comment()
        return self.signed_post()

    def _comment(self, text: str | None = None) -> bytes:
        text = self.text() if text is None else text
        thing = self.data.ig_comment_by(self.person(), text, self.ours)
        return self.body(thing, instagram_said.COMMENT, "comment", "instagram")

    def _reply(self) -> bytes:
        top = self.data.edges[self.ours, "comments"][0]
        thing = self.data.ig_comment_by(self.person(), self.text(), top)
        return self.body(thing, instagram_said.COMMENT, "comment", "instagram")

    def _tag(self) -> bytes:
        thing = self.data.media_by(self.person(), self.text(), edge="tags")
        return self.body(thing, instagram_said.TAG, "media", "instagram")

    def _message(self) -> bytes:
        thing = self.data.message_by(self.person(), self.text(), platform="instagram")
        return self.body(thing, MESSAGE, "dm", "instagram")
