"""Notifications of a page, as raw items: comments, edits, deletions, mentions in posts.

One comment has its URN in two spellings, ``urn:li:comment:(activity:N,M)`` and
``urn:li:comment:(urn:li:activity:N,M)``, and the post may be named as activity, share or ugcPost:
the number ``M`` alone says which comment it is.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.contract import RawItem, Refusal
from ingest.social.envelope import Seen, raw_item

Json = Mapping[str, Any]
ACTIONS = ("COMMENT", "SHARE_MENTION", "COMMENT_EDIT", "COMMENT_DELETE")
_COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?(\w{1,20}):(\d{1,20}),(\d{1,20})\)")
_POST = re.compile(r"urn:li:(share|ugcPost|activity):(\d{1,20})")


def item(notification: Any, page: str) -> RawItem | Refusal | None:
    """What became of one notification. ``page``: our URN. None: it is of no kind that we asked
    for (LinkedIn also tells of likes)."""
    if not isinstance(notification, dict) or not notification.get("generatedActivity"):
        mark = hashlib.sha256(json.dumps(notification, sort_keys=True).encode()).hexdigest()[:16]
        return Refusal(f"notification/unreadable-{mark}", "LinkedIn told of nothing")
    if notification.get("action") not in ACTIONS:
        return None
    seen = _seen(notification, page)
    if seen is None:
        return Refusal(f"notification/{_number(notification)}", "LinkedIn told of an unknown thing")
    return raw_item(seen)


def comment_of(notification: Json) -> tuple[str, str] | None:
    """(URN of the post, number of the comment), to ask for the comment itself."""
    found = _COMMENT.fullmatch(_text(notification.get("generatedActivity")))
    return (f"urn:li:{found[1]}:{found[2]}", found[3]) if found else None


def without_text(notification: Json) -> bool:
    """Whether what was written is not in it, though it should be."""
    decorated = _dict(notification.get("decoratedGeneratedActivity"))
    told = _dict(decorated.get("comment")) or _dict(decorated.get("share"))
    wanted = notification.get("action") in ("COMMENT", "COMMENT_EDIT")
    return wanted and not _text(told.get("text")) and "comment" not in notification


def _seen(notification: Json, page: str) -> Seen | None:
    told, action = _text(notification.get("generatedActivity")), notification["action"]
    comment, post = _COMMENT.fullmatch(told), _POST.fullmatch(told)
    if comment is None and post is None:
        return None
    at = _moment(notification)
    version = str(notification.get("lastModifiedAt", "")) if action == "COMMENT_EDIT" else ""
    number, place = _names(comment, post)
    return Seen(
        network="linkedin",
        kind="comment" if comment else "post",
        external_id=number,
        first_id=number,
        place=place,
        data=notification,
        version=version,
        at=at,
        facts=_facts(notification, page, comment),
        deleted=action == "COMMENT_DELETE",
    )


def _names(comment: re.Match[str] | None, post: re.Match[str] | None) -> tuple[str, str]:
    """The number that says which one it is, and what stands in the source key."""
    if comment is not None:
        return comment[3], f"{comment[1]}:{comment[2]},{comment[3]}"
    assert post is not None
    return post[2], f"{post[1]}:{post[2]}"


def _facts(notification: Json, page: str, comment: re.Match[str] | None) -> dict[str, str]:
    decorated = _dict(notification.get("decoratedGeneratedActivity"))
    told = _dict(decorated.get("comment")) or _dict(decorated.get("share"))
    asked = _dict(notification.get("comment"))
    author = _text(told.get("owner")) or _text(asked.get("actor"))
    source = _text(notification.get("sourcePost"))
    thread = source or (f"urn:li:{comment[1]}:{comment[2]}" if comment else "")
    urn = f"urn:li:comment:(urn:li:{comment[1]}:{comment[2]},{comment[3]})" if comment else ""
    facts = {
        "author": author,
        "conversation": thread or _text(notification.get("generatedActivity")),
        "comment": urn,
        "in_reply_to": _text(asked.get("parentComment")) or _text(told.get("parentComment")),
        "own": "1" if author == page else "",
        "edited_at": _edited(notification),
        "url": _url(thread or _text(notification.get("generatedActivity"))),
    }
    return {name: value for name, value in facts.items() if value}


def _edited(notification: Json) -> str:
    at = _moment(notification) if notification.get("action") == "COMMENT_EDIT" else None
    return at.isoformat() if at else ""


def _url(urn: str) -> str:
    return f"https://www.linkedin.com/feed/update/{urn}" if _POST.fullmatch(urn) else ""


def _moment(notification: Json) -> datetime | None:
    at = notification.get("lastModifiedAt")
    sound = isinstance(at, int) and not isinstance(at, bool) and 0 < at < 1 << 43
    return datetime.fromtimestamp(at / 1000, UTC) if sound and isinstance(at, int) else None


def _number(notification: Json) -> str:
    return re.sub(r"[^0-9]", "", str(notification.get("notificationId", "")))[:20] or "unnamed"


def _dict(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
