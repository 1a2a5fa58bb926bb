"""From Instagram's JSON, polled or pushed, to what somebody said.

Meta: "Instagram Platform: IG Comment, IG Media, Mentioned Comment", "Webhooks: Instagram".
"""

from collections.abc import Iterator

from ingest.social import meta_messages
from ingest.social.meta_channel import entries
from ingest.social.meta_said import Json, Said, inner, moment, rows, text_of

COMMENT = "id,text,timestamp,username,from,parent_id,hidden"
WITH_REPLIES = f"{COMMENT},replies.limit(50){{{COMMENT}}}"
TAG = "id,caption,username,timestamp,permalink"
MENTIONED_COMMENT = "id,text,timestamp,username,media{id,permalink}"
MENTIONED_MEDIA = "id,caption,timestamp,username,permalink"

TO_BE_FETCHED = "announced: the text of a mention is to be fetched"


def comment(us: str, row: Json, on: str, *, mention: bool = False) -> Said:
    """A comment or a reply under the picture ``on``. Who wrote it may be missing."""
    return Said(
        network="instagram",
        account=us,
        kind="comment",
        id=text_of(row.get("id")),
        text=text_of(row.get("text")),
        at=moment(row.get("timestamp")),
        author=text_of(inner(row, "from", "id")),
        username=text_of(row.get("username") or inner(row, "from", "username")),
        thread=on,
        parent=text_of(row.get("parent_id")),
        mention=mention,
        data=row,
    )


def media(us: str, row: Json) -> Said:
    """A picture of somebody else that names us in its caption, or shows us by a tag."""
    return Said(
        network="instagram",
        account=us,
        kind="media",
        id=text_of(row.get("id")),
        text=text_of(row.get("caption")),
        at=moment(row.get("timestamp")),
        username=text_of(row.get("username")),
        thread=text_of(row.get("id")),
        mention=True,
        data=row,
    )


def flat(row: Json) -> Iterator[Json]:
    """A comment as it stands alone, and its replies."""
    yield {name: value for name, value in row.items() if name != "replies"}
    yield from rows(inner(row, "replies", "data"))


def pushed(body: bytes, us: str = "") -> Iterator[Said]:
    """What a webhook's body says. ``us``: only of this account. Raises: ValueError."""
    for entry in entries(body, "instagram", us):
        account = text_of(entry.get("id"))
        for change in rows(entry.get("changes")):
            said = _changed(account, change, text_of(entry.get("time")))
            if said is not None:
                yield said
        for event in rows(entry.get("messaging")):
            said = meta_messages.pushed("instagram", account, event)
            if said is not None:
                yield said


def _changed(us: str, change: Json, time: str) -> Said | None:
    name, value = change.get("field"), change.get("value")
    thing, on = text_of(inner(value, "id")), text_of(inner(value, "media", "id"))
    if name == "mentions":
        return _mention(us, change, time)
    if name not in ("comments", "live_comments") or not thing:
        return None
    return Said(
        network="instagram",
        account=us,
        kind="comment",
        id=thing,
        text=text_of(inner(value, "text")),
        at=moment(time),
        author=text_of(inner(value, "from", "id")),
        username=text_of(inner(value, "from", "username")),
        thread=on,
        parent=text_of(inner(value, "parent_id")),
        data=change,
    )


def _mention(us: str, change: Json, time: str) -> Said:
    """Only ids are told: the text is fetched by the poller. Nothing else shows a mention."""
    value = change.get("value")
    comment_id, media_id = text_of(inner(value, "comment_id")), text_of(inner(value, "media_id"))
    return Said(
        network="instagram",
        account=us,
        kind="comment" if comment_id else "media",
        id=comment_id or media_id,
        at=moment(time),
        thread=media_id,
        mention=True,
        problem=TO_BE_FETCHED,
        data=change,
    )
