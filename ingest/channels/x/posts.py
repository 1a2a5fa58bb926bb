"""Posts and direct messages of X, as they come in an answer, as raw items.

Two dialects: X renamed ``tweet`` to ``post`` in parameters and answers in 2026; an answer follows
the names of the request. X API, "Edit Posts", "Conversation ID".
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from ingest.contract import RawItem, Refusal
from ingest.social.envelope import Seen, raw_item

Json = Mapping[str, Any]
Dialect = Literal["tweet", "post"]
_EPOCH_MS = 1_288_834_974_657
"""Where the time in an id begins: 4 November 2010."""
_QUIET = timedelta(hours=6)
"""Far more than a post is ever late, and than clocks are ever wrong."""


def parameters(dialect: Dialect) -> dict[str, str]:
    """What to ask for with posts."""
    fields = (
        "id,text,author_id,created_at,conversation_id,in_reply_to_user_id,"
        f"referenced_{dialect}s,edit_controls,edit_history_{dialect}_ids,note_{dialect},"
        "attachments,entities,lang,reply_settings"
    )
    return {
        f"{dialect}.fields": fields,
        "expansions": f"author_id,referenced_{dialect}s.id,attachments.media_keys",
        "user.fields": "username,name,protected",
        "media.fields": "type,url,preview_image_url,alt_text",
    }


MESSAGE_PARAMETERS = {
    "event_types": "MessageCreate",
    "dm_event.fields": "id,event_type,text,sender_id,dm_conversation_id,created_at,attachments",
    "expansions": "sender_id,attachments.media_keys",
    "user.fields": "username,name",
    "media.fields": "type,url,preview_image_url",
}


def moment_of(number: int) -> datetime:
    """When an id was made."""
    return datetime.fromtimestamp(((number >> 22) + _EPOCH_MS) / 1000, UTC)


def number_at(moment: datetime) -> int:
    """The smallest id of a moment; 1 before there were any."""
    return max(((int(moment.timestamp() * 1000) - _EPOCH_MS) << 22), 1)


def earlier(number: int, by: timedelta) -> int:
    return max(number - (int(by.total_seconds() * 1000) << 22), 1)


def overlap(length: timedelta, newest: int, read_at: datetime | None) -> timedelta:
    """What to read again below the newest: nothing, once it was quiet for hours since. Otherwise
    the last posts of a quiet account would be paid for each day."""
    quiet = read_at is not None and read_at - moment_of(newest) > _QUIET
    return timedelta() if quiet else length


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with rows, its ``includes``, and what it says of the next page."""

    rows: Sequence[Any]
    includes: Json
    next_token: str
    errors: Sequence[Json] = ()

    @classmethod
    def of(cls, body: Json) -> "Answer":
        meta = body.get("meta")
        token = meta.get("next_token") if isinstance(meta, dict) else None
        data = body.get("data")
        return cls(
            data if isinstance(data, list) else [],
            _dict(body.get("includes")),
            token if isinstance(token, str) else "",
            _rows(body.get("errors")),
        )


@dataclass(frozen=True, slots=True)
class Ours:
    """Who we are on X: ``id`` reads, ``ids`` are all accounts of the firm."""

    id: str
    username: str
    ids: frozenset[str]


def read_posts(answer: Answer, ours: Ours) -> tuple[list[RawItem], list[Refusal]]:
    """The rows of an answer. One that is no post is refused, and stops no other."""
    sound = [row for row in answer.rows if number_of(row)]
    items = [raw_item(post(row, answer.includes, ours)) for row in sound]
    return items, list(_refused("post", answer.rows))


def read_messages(answer: Answer, ours: Ours) -> tuple[list[RawItem], list[Refusal]]:
    """The same for events of direct messages."""
    sound = [row for row in answer.rows if number_of(row)]
    items = [raw_item(message(row, answer.includes, ours)) for row in sound]
    return items, list(_refused("dm", answer.rows))


def post(row: Json, includes: Json, ours: Ours) -> Seen:
    """A post: an edit has a new id, and those before it in its history."""
    external, first = str(row["id"]), history(row)[0]
    facts = {
        "author": _text(row.get("author_id")),
        "conversation": _text(row.get("conversation_id")),
        "own": "1" if _text(row.get("author_id")) in ours.ids else "",
        "summoned": "1" if summons(row, includes, ours) else "",
        "reply_settings": _text(row.get("reply_settings")),
    }
    return Seen(
        network="x",
        kind="post",
        external_id=external,
        first_id=first,
        data={"data": row, "includes": _part(row, includes)},
        version="" if external == first else external,
        at=_created(row),
        facts={name: value for name, value in facts.items() if value},
    )


def message(row: Json, includes: Json, ours: Ours) -> Seen:
    """An event of a direct conversation."""
    external = str(row["id"])
    facts = {
        "author": _text(row.get("sender_id")),
        "conversation": _text(row.get("dm_conversation_id")),
        "own": "1" if _text(row.get("sender_id")) in ours.ids else "",
    }
    return Seen(
        network="x",
        kind="dm",
        external_id=external,
        first_id=external,
        data={"data": row, "includes": _part(row, includes)},
        at=_created(row),
        facts={name: value for name, value in facts.items() if value},
    )


def deleted(first: str, error: Json) -> Seen:
    """The mark that a post is gone: X says no more than that it does not find it."""
    return Seen("x", "post", first, first, {"errors": [dict(error)]}, deleted=True)


def history(row: Json) -> list[str]:
    """Ids of all versions, the first one first; of a post that was never edited, its own."""
    for name in ("edit_history_tweet_ids", "edit_history_post_ids"):
        ids = row.get(name)
        if isinstance(ids, list):
            known = sorted({int(one) for one in ids if _digits(one)} | {int(str(row["id"]))})
            return [str(one) for one in known]
    return [str(row["id"])]


def summons(row: Json, includes: Json, ours: Ours) -> bool:
    """Whether the author addressed us: only then X lets an app answer (rule of 2026-02-23)."""
    mentions = _rows(_dict(row.get("entities")).get("mentions"))
    if any(one.get("id") in ours.ids for one in mentions):
        return True
    if _text(row.get("in_reply_to_user_id")) in ours.ids:
        return True
    quoted = {one.get("id") for one in references(row) if one.get("type") == "quoted"}
    posts = [*_rows(includes.get("tweets")), *_rows(includes.get("posts"))]
    return any(one.get("id") in quoted and one.get("author_id") in ours.ids for one in posts)


def references(row: Json) -> list[Json]:
    return [*_rows(row.get("referenced_tweets")), *_rows(row.get("referenced_posts"))]


def number_of(row: Any) -> int:
    """The id of a row as a number, since ids differ in length; 0 for a row that is none."""
    return int(row["id"]) if isinstance(row, dict) and _digits(row.get("id")) else 0


def _part(row: Json, includes: Json) -> Json:
    """What of the ``includes`` belongs to this row, under the same names."""
    people = {_text(row.get("author_id")), _text(row.get("sender_id"))}
    attached = _dict(row.get("attachments")).get("media_keys")
    keys = {_text(key) for key in attached} if isinstance(attached, list) else set()
    wanted = {
        "users": ("id", people),
        "media": ("media_key", keys),
        "tweets": ("id", {_text(one.get("id")) for one in references(row)}),
        "posts": ("id", {_text(one.get("id")) for one in references(row)}),
    }
    picked = {
        name: [one for one in _rows(includes.get(name)) if _text(one.get(key)) in ids]
        for name, (key, ids) in wanted.items()
    }
    return {name: found for name, found in picked.items() if found}


def _refused(kind: str, rows: Sequence[Any]) -> Iterator[Refusal]:
    for row in rows:
        if not number_of(row):
            mark = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16]
            yield Refusal(f"{kind}/unreadable-{mark}", "X showed something without an id")


def _created(row: Json) -> datetime | None:
    """``created_at``, else the time that is in the id."""
    try:
        found = datetime.fromisoformat(_text(row.get("created_at")))
    except ValueError:  # none was given, or nonsense
        found = moment_of(number_of(row))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _digits(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit() and 0 < len(value) < 20


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
