"""What X posts to us (X Activity API): the same items as polling brings, under the same keys.

Only an explicit @mention, a direct answer, a quote and an unencrypted direct message come; the
rest is polling's. X, "Webhooks" (challenge and signature), "Activity / Event payloads".
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.channels.x.posts import Json, Ours, message, number_of, post
from ingest.channels.x.settings import XSettings
from ingest.contract import RawItem, WebhookRequest
from ingest.errors import Refused
from ingest.social.envelope import KIND, raw_item
from ingest.social.signatures import x_challenge, x_signed

_POSTS = frozenset({"post.mention.create", "post.reply.create", "post.quote.create"})
_MESSAGES = frozenset({"dm.received", "dm.sent"})
_ENCRYPTED = frozenset({"chat.received"})


def taken(settings: XSettings, request: WebhookRequest) -> Sequence[RawItem] | bytes:
    """The items of a post, or the answer to a challenge. Raises: Refused."""
    secret = settings.consumer_secret.get_secret_value()
    if not secret:
        raise Refused("Webhooks are not set up: `consumer_secret` is empty.")
    token = request.query.get("crc_token")
    if request.method == "GET" and token:
        return json.dumps(x_challenge(secret, token)).encode()
    signature = request.headers.get("x-twitter-webhooks-signature")
    if not x_signed(secret, request.body, signature):
        raise Refused("The signature is not that of X.")
    return list(_items(settings, request.body))


def _items(settings: XSettings, body: bytes) -> Iterator[RawItem]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):  # signed, so it will not come in another form
        yield _unread("webhook", body, "not JSON")
        return
    events = told.get("data") if isinstance(told, dict) else None
    for event in events if isinstance(events, list) else [events]:
        if isinstance(event, dict):
            yield from _event(settings, event)


def _event(settings: XSettings, event: Json) -> Iterator[RawItem]:
    kind, payload = event.get("event_type"), _dict(event.get("payload"))
    ours = _ours(settings, event)
    if kind in _POSTS and number_of(payload):
        yield raw_item(post(payload, _dict(event.get("includes")), ours))
    elif kind in _MESSAGES:
        users = _users(payload)
        for row in _list(payload.get("direct_message_events")):
            if number_of(row):
                yield raw_item(message(_flat(row), users, ours))
    elif kind in _POSTS | _ENCRYPTED:
        cause = "encrypted by X" if kind in _ENCRYPTED else "an event without a post"
        yield _unread("event", json.dumps(event).encode(), cause)


def _ours(settings: XSettings, event: Json) -> Ours:
    """Whom the subscription is for; nobody is asked while X waits for an answer."""
    own = _dict(event.get("filter")).get("user_id")
    account = own if isinstance(own, str) else ""
    return Ours(account, "", frozenset({account, *settings.own_ids}) - {""})


def _flat(row: Json) -> Json:
    """An event of the older form, with the names of an event that is polled beside its own."""
    created = _dict(row.get("message_create"))
    sender = created.get("sender_id")
    target = _dict(created.get("target")).get("recipient_id")
    people = [one for one in (sender, target) if isinstance(one, str) and one.isdigit()]
    conversation = "-".join(sorted(people, key=int)) if len(people) == 2 else ""
    text = _dict(created.get("message_data")).get("text")
    return {**row, "sender_id": sender, "dm_conversation_id": conversation, "text": text}


def _users(payload: Json) -> Json:
    users = _dict(payload.get("users")).values()
    return {"users": [_dict(_dict(user).get("data")) or _dict(user) for user in users]}


def _unread(kind: str, body: bytes, cause: str) -> RawItem:
    mark = hashlib.sha256(body).hexdigest()[:24]
    return RawItem(f"{kind}/{mark}", KIND, body, problem=f"unreadable: {cause}")


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
