"""A stand-in for api.x.com on this machine: honest, and able to misbehave.

Shapes and limits follow the published OpenAPI description of X (both dialects); the texts of
errors are ours. Posts have real ids: the time is in them.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ingest.testkit.standins.base import Call, Json, Says, Standin, says
from ingest.testkit.standins.x_says import (
    BARE_429,
    DUPLICATE,
    EPOCH_MS,
    NO_MESSAGE,
    NOT_ALLOWED,
    UNAUTHORIZED,
    host,
    invalid,
    kind_of,
    moment,
    not_found,
    problem,
    signed,
    stamp,
)

ME, USERNAME = "1700000000000000042", "orneksigorta"
TOKEN, REFRESH = "standin-x-access-token-0001", "standin-x-refresh-token-0001"
SHOWN_MENTIONS = 800
PERSON = "1700000000000000099"
LINK = re.compile(r"https?://\S+")


@dataclass
class Post:
    """A post: its versions, newest last, each (id, text). ``mentions``: who stands in it."""

    versions: list[tuple[str, str]]
    author: str
    mentions: tuple[str, ...] = (ME,)
    found: bool = True
    """Whether the search finds it."""
    deleted: bool = False
    protected: bool = False
    late: timedelta = timedelta()
    """How long after it was written it shows up in lists."""
    more: Json = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.versions[-1][0]


class XStandin(Standin):
    """``posts`` and ``messages`` are what the account can see."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.posts: list[Post] = []
        self.messages: list[Json] = []
        self.users = {ME: USERNAME, PERSON: "musteri_ornek"}
        self.names = {ME: "Örnek Sigorta", PERSON: "Zzelda Örnekoğlu"}
        self.token, self.refresh = TOKEN, REFRESH
        self.denied: dict[str, Says] = {}
        """Part of a path -> what it is refused with."""
        self.message_window: tuple[datetime, int] | None = None
        self.count_message_calls = False
        self.sent: list[Json] = []
        self.rows_shown = 0
        self.malformed_rows: list[object] = []
        self._numbers = itertools.count(1)
        self._tokens: dict[str, tuple[str, int]] = {}
        self._renewals = itertools.count(2)
        super().__init__(now)

    # -- what happens on the network ---------------------------------------------------------

    def new_id(self, at: datetime | None = None) -> str:
        moment = int((at or self.now()).timestamp() * 1000) - EPOCH_MS
        return str((moment << 22) + next(self._numbers) % (1 << 22))

    def post(self, text: str, *, at: datetime | None = None, **more: object) -> Post:
        post = Post([(self.new_id(at), text)], PERSON)
        for name, value in more.items():
            setattr(post, name, value)
        self.posts.append(post)
        return post

    def edit(self, post: Post, text: str) -> None:
        post.versions.append((self.new_id(), text))

    def write(self, text: str, sender: str = PERSON, at: datetime | None = None) -> Json:
        made = self.new_id(at)
        pair = sorted((ME, PERSON if sender == ME else sender), key=int)
        event = {
            "id": made,
            "event_type": "MessageCreate",
            "text": text,
            "sender_id": sender,
            "dm_conversation_id": "-".join(pair),
            "created_at": stamp(made),
        }
        self.messages.append(event)
        return event

    def event(self, post: Post) -> tuple[bytes, str]:
        """A webhook of the X Activity API, and its signature."""
        body = {
            "data": {
                "event_uuid": "2080765813578191303",
                "filter": {"user_id": ME},
                "event_type": "post.mention.create",
                "tag": "mentions",
                "payload": self.row(post, "tweet"),
                "includes": {"users": [self.user(post.author)]},
            }
        }
        return signed(json.dumps(body).encode())

    # -- answering ---------------------------------------------------------------------------

    def answer(self, call: Call) -> Says:
        if call.path == "/2/oauth2/token":
            return self._renewed(call)
        if call.token != self.token:
            return UNAUTHORIZED
        for part, refusal in self.denied.items():
            if part in call.path:
                return refusal
        return self._routed(call)

    def _routed(self, call: Call) -> Says:
        if call.method == "POST":
            return self._posted(call)
        if call.path == "/2/users/me":
            return says({"data": {"id": ME, "name": "Örnek", "username": USERNAME}})
        if call.path == f"/2/users/{ME}/mentions":
            return self._list(call, [p for p in self.posts if ME in p.mentions], 5, "mentions")
        if call.path == "/2/tweets/search/recent":
            return self._search(call)
        if call.path == "/2/tweets":
            return self._by_ids(call)
        if call.path.startswith("/2/dm_events"):
            return self._events(call)
        return problem(404, "Not Found", "Not Found", kind_of("resource-not-found"))

    def _search(self, call: Call) -> Says:
        if not 0 < len(call.query.get("query", "")) <= 512:
            return invalid("query must be 1 to 512 characters")
        earliest = self.now() - timedelta(days=7)
        since = call.query.get("since_id")
        if since and moment(since) < earliest:
            return invalid("'since_id' must be a tweet id created after seven days ago")
        found = [p for p in self.posts if p.found and moment(p.id) >= earliest and p.author != ME]
        return self._list(call, found, 10, "search")

    def _list(self, call: Call, posts: Iterable[Post], least: int, name: str) -> Says:
        size = int(call.query.get("max_results", 10))
        if not least <= size <= 100:
            return invalid(f"max_results must be between {least} and 100")
        shown = [p for p in posts if not p.deleted and moment(p.id) + p.late <= self.now()]
        seen = sorted(shown, key=lambda p: int(p.id), reverse=True)
        if name == "mentions":
            seen = seen[:SHOWN_MENTIONS]
        since, until = int(call.query.get("since_id", 0)), int(call.query.get("until_id", 1 << 63))
        seen = [p for p in seen if since < int(p.id) < until]
        start = self._start(call)
        if start is None:
            return invalid("pagination_token is invalid")
        return self._page(call, seen, start, size)

    def _page(self, call: Call, seen: list[Post], start: int, size: int) -> Says:
        dialect = "post" if "post.fields" in call.query else "tweet"
        part = seen[start : start + size]
        rows: list[object] = [self.row(p, dialect) for p in part]
        if start == 0:
            rows += self.malformed_rows
        if not rows:
            return says({"meta": {"result_count": 0}}, headers=self._quota())
        meta: Json = {"result_count": len(rows)}
        if part:
            meta |= {"newest_id": part[0].id, "oldest_id": part[-1].id}
        if start + size < len(seen):
            meta["next_token"] = self._token(call, start + size)
        self.rows_shown += len(rows)
        users = [self.user(author) for author in {p.author: None for p in part}]
        body = {"data": rows, "meta": meta} | ({"includes": {"users": users}} if users else {})
        if start + size < len(seen):
            self.turned_page()
        return says(body, headers=self._quota())

    def _by_ids(self, call: Call) -> Says:
        ids = call.query["ids"].split(",")
        if len(ids) > 100:
            return invalid("size must be between 1 and 100")
        dialect = "post" if "post.fields" in call.query else "tweet"
        rows, errors, authors = [], [], []
        for one in ids:
            post = next((p for p in self.posts if one in [v[0] for v in p.versions]), None)
            if post is None or post.deleted:
                errors.append(not_found(one, dialect))
            elif post.protected:
                hidden = host(dialect) + "not-authorized-for-resource"
                errors.append(not_found(one, dialect) | {"type": hidden})
            else:
                rows.append(self.row(post, dialect, version=one))
                authors.append(post.author)
        self.rows_shown += len(rows)
        users = [self.user(author) for author in dict.fromkeys(authors)]
        body = {"data": rows, "errors": errors, "includes": {"users": users} if users else {}}
        return says({name: value for name, value in body.items() if value})

    def _events(self, call: Call) -> Says:
        if self.count_message_calls and (refusal := self._message_quota()):
            return refusal
        single = call.path.removeprefix("/2/dm_events").strip("/")
        users = {"users": [self.user(PERSON)]}
        if single:
            found = [m for m in self.messages if m["id"] == single]
            return says(
                {"data": found[0], "includes": users} if found else {"errors": [not_found(single)]}
            )
        since = self.now() - timedelta(days=30)
        seen = sorted(self.messages, key=lambda m: int(m["id"]), reverse=True)
        seen = [m for m in seen if moment(m["id"]) >= since]
        size, start = int(call.query.get("max_results", 100)), self._start(call)
        if start is None:
            return invalid("pagination_token is invalid")
        rows = seen[start : start + size]
        if not rows:
            return says({"meta": {"result_count": 0}})
        meta: Json = {"result_count": len(rows)}
        if start + size < len(seen):
            meta["next_token"] = self._token(call, start + size)
            self.turned_page()
        self.rows_shown += len(rows)
        return says({"data": rows, "includes": users, "meta": meta})

    def _posted(self, call: Call) -> Says:
        body = call.json
        if call.path == "/2/tweets":
            return self._answered_post(body)
        match = re.fullmatch(r"/2/dm_conversations/with/(\d+)/messages", call.path)
        if match is None:
            return problem(404, "Not Found", "Not Found")
        if not any(m["sender_id"] == match[1] for m in self.messages):
            return NO_MESSAGE
        event = self.write(body["text"], ME)
        self.sent.append({"to": match[1], "text": body["text"]})
        ids = {"dm_conversation_id": event["dm_conversation_id"], "dm_event_id": event["id"]}
        return says({"data": ids}, 201)

    def _answered_post(self, body: Json) -> Says:
        to, text = body.get("reply", {}).get("in_reply_to_tweet_id"), body.get("text", "")
        target = next((p for p in self.posts if to in [v[0] for v in p.versions]), None)
        weight = len(LINK.sub("x" * 23, text))
        if weight > 280:
            return invalid("the text is longer than 280")
        if target is None or target.deleted or ME not in target.mentions:
            return NOT_ALLOWED
        if any(sent["text"] == text for sent in self.sent):
            return DUPLICATE
        made = self.post(text, author=ME, mentions=(target.author,))
        self.sent.append({"to": to, "text": text})
        row = {"id": made.id, "text": text, "edit_history_tweet_ids": [made.id]}
        return says({"data": row}, 201)

    def _renewed(self, call: Call) -> Says:
        if f"refresh_token={self.refresh}" not in call.body.decode():
            return says({"error": "invalid_request", "error_description": "Value passed…"}, 400)
        number = next(self._renewals)
        self.token = f"standin-x-access-token-{number:04}"
        self.refresh = f"standin-x-refresh-token-{number:04}"
        pair = {"access_token": self.token, "refresh_token": self.refresh}
        return says({"token_type": "bearer", "expires_in": 7200, **pair})

    # -- shapes ------------------------------------------------------------------------------

    def row(self, post: Post, dialect: str, version: str | None = None) -> Json:
        made = version or post.id
        text = next(text for number, text in post.versions if number == made)
        mentions = [
            {"start": 0, "end": 3, "username": self.users.get(one, "baska"), "id": one}
            for one in post.mentions
        ]
        row: Json = {
            "id": made,
            "text": text,
            "author_id": post.author,
            "created_at": stamp(post.versions[0][0]),
            "conversation_id": post.versions[0][0],
            f"edit_history_{dialect}_ids": [number for number, _ in post.versions],
            "reply_settings": "everyone",
            "lang": "tr",
        }
        return row | ({"entities": {"mentions": mentions}} if mentions else {}) | post.more

    def user(self, number: str) -> Json:
        name = self.users.get(number, f"u{number[-6:]}")
        return {"id": number, "username": name, "name": self.names.get(number, name)}

    # -- limits ------------------------------------------------------------------------------

    def throttle(self, after: timedelta | None) -> None:
        self.limit = BARE_429 if after is None else self.limited(after)

    def limited(self, after: timedelta) -> Says:
        reset = int((self.now() + self.skew + after).timestamp())
        told = {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0"}
        return Says(
            429, BARE_429.body, dict(BARE_429.headers) | told | {"x-rate-limit-reset": str(reset)}
        )

    def _quota(self) -> dict[str, str]:
        return {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "299"}

    def _message_quota(self) -> Says | None:
        began, used = self.message_window or (self.now(), 0)
        if self.now() - began >= timedelta(minutes=15):
            began, used = self.now(), 0
        self.message_window = (began, used + 1)
        return self.limited(began + timedelta(minutes=15) - self.now()) if used >= 15 else None

    def _token(self, call: Call, start: int) -> str:
        token = f"7140w9gefhs{len(self._tokens):04}"
        self._tokens[token] = (self._bound(call), start)
        return token

    def _start(self, call: Call) -> int | None:
        token = call.query.get("pagination_token") or call.query.get("next_token")
        if not token:
            return 0
        bound, start = self._tokens.get(token, ("", 0))
        return start if bound == self._bound(call) else None

    def _bound(self, call: Call) -> str:
        """What a token belongs to: the path and the query, apart from paging and size."""
        kept = {
            k: v
            for k, v in call.query.items()
            if k not in ("pagination_token", "next_token", "max_results")
        }
        return json.dumps([call.path, sorted(kept.items())])

    def forget_tokens(self) -> None:
        self._tokens.clear()
