"""From Facebook's JSON, polled or pushed, to what somebody said.

Meta: "Graph API: Post, Comment", "Webhooks: Page" (fields feed and mention). Old and new shapes
of a change are understood: ``from`` or ``sender_id``, ``edit`` or ``edited``, numbers or strings.
"""

from collections.abc import Iterator

from ingest.social import meta_messages
from ingest.social.meta_channel import entries
from ingest.social.meta_said import Json, Said, inner, moment, rows, text_of

POST = "id,message,from,created_time,updated_time,is_published,permalink_url"
TAGGED = "id,message,from,created_time,tagged_time,permalink_url"
COMMENT = "id,message,created_time,from,parent{id},permalink_url,attachment,is_hidden"

_POSTS = frozenset({"post", "status", "photo", "video", "share", "link", "note", "album"})
_SAYING = frozenset({"add", "edit", "edited", "remove"})
"""Verbs of a change that say something new; hiding is ours, reactions say nothing."""


def post(us: str, row: Json, *, mention: bool = False) -> Said:
    """A post by a visitor, or one of another Page that names us."""
    return Said(
        network="facebook",
        account=us,
        kind="post",
        id=text_of(row.get("id")),
        text=text_of(row.get("message")),
        at=moment(row.get("created_time")),
        author=text_of(inner(row, "from", "id")),
        name=text_of(inner(row, "from", "name")),
        thread=text_of(row.get("id")),
        mention=mention,
        data=row,
    )


def comment(us: str, row: Json, on: str) -> Said:
    """A comment on the post ``on``, or a reply to one. ``from`` is missing where Meta may not
    say who wrote it."""
    return Said(
        network="facebook",
        account=us,
        kind="comment",
        id=text_of(row.get("id")),
        text=text_of(row.get("message")),
        at=moment(row.get("created_time")),
        author=text_of(inner(row, "from", "id")),
        name=text_of(inner(row, "from", "name")),
        thread=on,
        parent=text_of(inner(row, "parent", "id")),
        data=row,
    )


def pushed(body: bytes, us: str = "") -> Iterator[Said]:
    """What a webhook's body says. ``us``: only of this Page. Raises: ValueError."""
    for entry in entries(body, "page", us):
        page = text_of(entry.get("id"))
        for change in rows(entry.get("changes")):
            said = _changed(page, change)
            if said is not None:
                yield said
        for event in rows(entry.get("messaging")):
            said = meta_messages.pushed("facebook", page, event)
            if said is not None:
                yield said


def _changed(page: str, change: Json) -> Said | None:
    value = change.get("value")
    item, verb = text_of(inner(value, "item")), text_of(inner(value, "verb"))
    if change.get("field") not in ("feed", "mention") or verb not in _SAYING:
        return None
    if item != "comment" and item not in _POSTS:
        return None
    post_id = text_of(inner(value, "post_id"))
    parent = text_of(inner(value, "parent_id"))
    return Said(
        network="facebook",
        account=page,
        kind="comment" if item == "comment" else "post",
        id=text_of(inner(value, "comment_id")) if item == "comment" else post_id,
        text=text_of(inner(value, "message")),
        at=moment(inner(value, "created_time")),
        author=text_of(inner(value, "from", "id") or inner(value, "sender_id")),
        name=text_of(inner(value, "from", "name") or inner(value, "sender_name")),
        thread=post_id,
        parent=parent if parent != post_id else "",
        mention=change.get("field") == "mention",
        removed=verb == "remove",
        data=change,
    )
