"""What the stand-in Graph server holds: a Page, an Instagram account, and what people wrote there.

Objects are plain JSON as Graph gives it, edges are lists of ids, oldest first. Times are Graph's
own form (``2026-11-20T10:00:00+0000``).
"""

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

PAGE = "100000000000001"
PAGE_NAME = "Örnek Sigorta"
IG = "17840000000000001"
IG_NAME = "orneksigorta"
READABLE_MESSAGES = 20
"""Messages of a conversation whose details Graph still gives: the newest ones."""


def stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def real_time() -> datetime:
    return datetime.now(UTC)


@dataclass
class GraphData:
    """``now``: the server's clock. Every ``…_by`` gives the id of what was made."""

    now: Callable[[], datetime] = real_time
    objects: dict[str, Json] = field(default_factory=dict)
    edges: defaultdict[tuple[str, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    windows: dict[str, datetime] = field(default_factory=dict)
    """Until when somebody may be written to, by their scoped id."""
    answered: set[str] = field(default_factory=set)
    """Comments that had their one private reply."""
    sent: list[Json] = field(default_factory=list)
    """What we wrote, in order: {to, text, how}."""
    changes: list[Json] = field(default_factory=list)
    """Webhook entries, one for each thing that happened, in order."""
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(5_000_000_001))

    def __post_init__(self) -> None:
        self.objects[PAGE] = {"id": PAGE, "name": PAGE_NAME}
        self.objects[IG] = {"id": IG, "username": IG_NAME}

    # -- Facebook ----------------------------------------------------------------------------

    def post_by(self, person: str, text: str, *, edge: str = "feed", **more: Any) -> str:
        """A post on the Page: by a visitor, or by the Page itself when ``person`` is its id."""
        post_id = f"{PAGE}_{next(self._ids)}"
        self.objects[post_id] = self._said(post_id, person, text) | more
        self.objects[post_id]["updated_time"] = stamp(self.now())
        self.edges[PAGE, edge].append(post_id)
        if edge == "tagged":
            self._changed("mention", item="post", verb="add", post_id=post_id, message=text)
        else:
            self._feed(person, "post", "add", post_id=post_id, message=text)
        return post_id

    def comment_by(self, person: str, text: str, on: str, **more: Any) -> str:
        """A comment on a post, or a reply to a comment."""
        post_id = self.objects[on].get("_post", on)
        comment_id = f"{post_id.rpartition('_')[2]}_{next(self._ids)}"
        made = self._said(comment_id, person, text) | {"_post": post_id} | more
        if on != post_id:
            made["parent"] = {"id": on}
        self.objects[comment_id] = made
        self.edges[post_id, "comments"].append(comment_id)
        self.objects[post_id]["updated_time"] = stamp(self.now())
        ids = {"comment_id": comment_id, "post_id": post_id, "parent_id": on}
        self._feed(person, "comment", "add", message=text, **ids)
        return comment_id

    def edit(self, thing: str, text: str) -> None:
        """The author changes the text. Nothing else of it moves, as on the real network."""
        self.objects[thing]["message"] = text
        item = "comment" if "_post" in self.objects[thing] else "post"
        post_id = self.objects[thing].get("_post", thing)
        ids = {"post_id": post_id} | ({"comment_id": thing} if item == "comment" else {})
        self._feed(_author(self.objects[thing]), item, "edited", message=text, **ids)

    def remove(self, thing: str) -> None:
        gone = self.objects.pop(thing)
        for ids in self.edges.values():
            if thing in ids:
                ids.remove(thing)
        if "_post" in gone:
            ids_of = {"comment_id": thing, "post_id": gone["_post"]}
            self._feed(_author(gone), "comment", "remove", **ids_of)
        elif "timestamp" not in gone:
            self._feed(_author(gone), "post", "remove", post_id=thing)

    # -- conversations -----------------------------------------------------------------------

    def message_by(
        self, person: str, text: str, *, platform: str = "messenger", **more: Any
    ) -> str:
        """A direct message to us."""
        self.windows[person] = self.now()
        return self._message(person, self._us(platform), text, platform, **more)

    def message_to(self, person: str, text: str, *, platform: str = "messenger") -> str:
        """A direct message from us, also from another program than ours: an echo."""
        return self._message(self._us(platform), person, text, platform)

    def edit_message(self, mid: str, text: str) -> None:
        self.objects[mid]["message"] = text
        event = {"message_edit": {"mid": mid, "text": text, "num_edit": "1"}}
        self._messaging(_author(self.objects[mid]), PAGE, "page", event)

    def _us(self, platform: str) -> str:
        return IG if platform == "instagram" else PAGE

    def _message(self, who: str, to: str, text: str, platform: str, **more: Any) -> str:
        us = self._us(platform)
        person = to if who == us else who
        mark = "aWdf" if platform == "instagram" else "m"
        conversation, mid = f"t_{platform}_{person}", f"{mark}_{next(self._ids)}"
        name = {"username": f"user{who}"} if platform == "instagram" else {"name": f"Kişi {who}"}
        self.objects[mid] = {
            "id": mid,
            "created_time": stamp(self.now()),
            "from": {"id": who, "email": f"{who}@facebook.com"} | name,
            "to": {"data": [{"id": to}]},
            "message": text,
        } | more
        self.objects[conversation] = {
            "id": conversation,
            "updated_time": stamp(self.now()),
            "participants": {"data": [{"id": person}, {"id": us}]},
            "_platform": platform,
        }
        if mid not in self.edges[conversation, "messages"]:
            self.edges[conversation, "messages"].append(mid)
        if conversation not in self.edges[PAGE, "conversations"]:
            self.edges[PAGE, "conversations"].append(conversation)
        event: Json = {"message": {"mid": mid, "text": text}}
        if who == us:
            event["message"]["is_echo"] = True
        self._messaging(who, to, "instagram" if platform == "instagram" else "page", event)
        return mid

    # -- Instagram ---------------------------------------------------------------------------

    def media_by(self, person: str, caption: str, *, edge: str = "media") -> str:
        """A picture of ours, or one of somebody else in which we are tagged (edge ``tags``)."""
        media_id = f"179{next(self._ids)}"
        self.objects[media_id] = {
            "id": media_id,
            "caption": caption,
            "timestamp": stamp(self.now()),
            "username": self._username(person),
            "permalink": f"https://www.instagram.com/p/{media_id}/",
            "comments_count": 0,
        }
        if edge:
            self.edges[IG, edge].append(media_id)
        return media_id

    def ig_comment_by(self, person: str, text: str, on: str) -> str:
        """A comment on a picture, or a reply to a comment (which lands on the top-level one)."""
        media_id = self.objects[on].get("_media", on)
        top = self.objects[on].get("parent_id", on) if on != media_id else ""
        comment_id = f"178{next(self._ids)}"
        made: Json = {
            "id": comment_id,
            "text": text,
            "timestamp": stamp(self.now()),
            "username": self._username(person),
            "from": {"id": person, "username": self._username(person)},
            "_media": media_id,
        }
        if top:
            made["parent_id"] = top
        self.objects[comment_id] = made
        self.edges[(top, "replies") if top else (media_id, "comments")].append(comment_id)
        self.objects[media_id]["comments_count"] += 1
        value = {k: made[k] for k in ("id", "text", "from", "parent_id") if k in made}
        self._changed("comments", IG, "instagram", **value, media={"id": media_id})
        return comment_id

    def ig_mention_by(self, person: str, text: str) -> str:
        """Somebody writes ``@us`` under a picture of a third person: only a webhook tells."""
        media_id = self.media_by("9001", "Bir manzara", edge="")
        comment_id = self.ig_comment_by(person, text, media_id)
        self.changes.pop()
        self.objects[comment_id] |= {"media": {"id": media_id}, "_elsewhere": True}
        self._changed("mentions", IG, "instagram", comment_id=comment_id, media_id=media_id)
        return comment_id

    def _username(self, person: str) -> str:
        return IG_NAME if person == IG else f"user{person}"

    # -- reading -----------------------------------------------------------------------------

    def listing(self, owner: str, edge: str, query: Mapping[str, str]) -> list[Json]:
        """An edge as Graph lists it, newest first."""
        found = [self.objects[i] for i in reversed(self.edges[owner, edge])]
        if edge == "conversations":
            platform = query.get("platform", "messenger")
            found = [c for c in found if c["_platform"] == platform]
            found.sort(key=lambda c: c["updated_time"], reverse=True)
        if edge == "messages":
            return [m if n < READABLE_MESSAGES else _bare(m) for n, m in enumerate(found)]
        return found

    def readable(self, thing: str) -> Json | None:
        """One object, or None where Graph says that there is none (any more). What stands under
        the pictures of others is shown as a mention only."""
        for (_, edge), ids in self.edges.items():
            if edge == "messages" and thing in ids[:-READABLE_MESSAGES]:
                return None
        found = self.objects.get(thing, {})
        return found if found and "_elsewhere" not in found else None

    # -- webhooks ----------------------------------------------------------------------------

    def webhook(self, *numbers: int) -> bytes:
        """The body that is posted for these changes (all when none is named), as Meta writes it:
        letters outside ASCII are escaped."""
        chosen = [self.changes[n] for n in numbers] if numbers else self.changes
        body = {"object": chosen[0]["object"], "entry": [change["entry"] for change in chosen]}
        return json.dumps(body).encode()

    def _feed(self, person: str, item: str, verb: str, **value: Any) -> None:
        who: Json = {"from": {"id": person, "name": f"Kişi {person}"}} if person else {}
        self._changed("feed", item=item, verb=verb, **who, **value)

    def _changed(self, name: str, owner: str = PAGE, kind: str = "page", **value: Any) -> None:
        seconds = int(self.now().timestamp())
        if kind == "page":
            value = {"created_time": seconds} | value
        change = {"field": name, "value": value}
        entry = {"id": owner, "time": seconds, "changes": [change]}
        self.changes.append({"object": kind, "entry": entry})

    def _messaging(self, who: str, to: str, kind: str, event: Json) -> None:
        thousandths = int(self.now().timestamp() * 1000)
        parties: Json = {"sender": {"id": who}, "recipient": {"id": to}, "timestamp": thousandths}
        owner = IG if kind == "instagram" else PAGE
        entry = {"id": owner, "time": thousandths, "messaging": [parties | event]}
        self.changes.append({"object": kind, "entry": entry})

    def _said(self, thing: str, person: str, text: str) -> Json:
        who = {"from": {"id": person, "name": f"Kişi {person}"}} if person else {}
        link = f"https://www.facebook.com/{thing}"
        created = {"id": thing, "message": text, "created_time": stamp(self.now())}
        return created | who | {"permalink_url": link}

    def open_window(self, person: str, length: timedelta) -> bool:
        """Whether that person wrote to us within ``length``."""
        return person in self.windows and self.now() - self.windows[person] < length


def _author(thing: Json) -> str:
    return str(thing.get("from", {}).get("id", ""))


def _bare(message: Json) -> Json:
    return {name: message[name] for name in ("id", "created_time")}


_FIELD = re.compile(r"([a-z_]+)((?:\.[a-z_]+\([^)]*\))*)")


def fields(text: str) -> dict[str, tuple[str, "dict[str, Any]"]]:
    """``a,b.limit(5){c,d}`` as ``{a: ("", {}), b: (".limit(5)", {c: ..., d: ...})}``."""
    found, _ = _fields(text, 0)
    return found


def _fields(text: str, at: int) -> tuple[dict[str, tuple[str, dict[str, Any]]], int]:
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    while match := _FIELD.match(text, at):
        at = match.end()
        inner: dict[str, tuple[str, dict[str, Any]]] = {}
        if text[at : at + 1] == "{":
            inner, at = _fields(text, at + 1)
        found[match[1]] = (match[2], inner)
        at += 1
        if text[at - 1 : at] != ",":
            break
    return found, at
