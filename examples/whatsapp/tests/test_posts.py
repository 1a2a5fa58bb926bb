"""What is posted: proved, taken apart, and never taken for more than it is."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from basvuru.plugin import RawItem, Refused, WebhookRequest

from basvuru_whatsapp.channel import WhatsApp
from basvuru_whatsapp.standin import VERIFY_TOKEN, StandIn, post_of, signed
from opening import opened
from world import WhatsAppWorld


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WhatsAppWorld]:
    world = WhatsAppWorld(tmp_path)
    yield world
    world.close()


@pytest.fixture
def meta(world: WhatsAppWorld) -> StandIn:
    return world.meta


@pytest.fixture
def channel(world: WhatsAppWorld) -> Iterator[WhatsApp]:
    channel = opened(world)
    yield channel
    channel.close()


def brought(channel: WhatsApp, post: WebhookRequest) -> list[RawItem]:
    items = channel.verify_and_items(post)
    assert not isinstance(items, bytes)
    return list(items)


def challenge(**changed: str) -> WebhookRequest:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "115820"}
    return WebhookRequest("GET", query | changed, {}, b"")


def test_the_challenge_is_answered_to_who_knows_the_token(channel: WhatsApp) -> None:
    assert channel.verify_and_items(challenge()) == b"115820"


@pytest.mark.parametrize(
    "changed", [{"hub.verify_token": "guess"}, {"hub.verify_token": ""}, {"hub.mode": "x"}]
)
def test_nobody_else_gets_an_answer(channel: WhatsApp, changed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        channel.verify_and_items(challenge(**changed))


def test_a_message_keeps_the_signed_bytes_and_who_wrote(channel: WhatsApp, meta: StandIn) -> None:
    post = post_of(meta.message())
    [item] = brought(channel, post)
    assert (item.kind, item.body, item.problem) == ("whatsapp", post.body, None)
    assert item.facts["sender_phone"] == "+905550001234"
    assert item.received_at and item.received_at.isoformat() == item.facts["sent_at"]
    assert "90555" not in item.source_key and "wamid" not in item.source_key


def test_a_photo_is_fetched_whole_in_the_name_of_its_message(
    channel: WhatsApp, meta: StandIn
) -> None:
    photo = b"\xff\xd8 a photo"
    message, media = brought(channel, post_of(meta.photo(photo, caption="Hasarlı tampon")))
    assert (media.kind, media.facts["sender_phone"]) == ("whatsapp-media", "+905550001234")
    assert message.problem is None and media.problem == "announced: a file that is still at Meta"
    assert channel.fetch_again(media.source_key).body == photo


def test_a_file_is_fetched_from_nobody_but_meta(channel: WhatsApp, meta: StandIn) -> None:
    [_, media] = brought(channel, post_of(meta.photo(b"photo")))
    meta.trouble = (200, {}, json.dumps({"url": "https://example.test/photo"}).encode())
    with pytest.raises(Refused, match="no address of its own"):
        channel.fetch_again(media.source_key)


def test_a_file_that_meta_no_longer_has_is_refused(channel: WhatsApp, meta: StandIn) -> None:
    [_, media] = brought(channel, post_of(meta.photo(b"photo")))
    meta.media.clear()
    with pytest.raises(Refused):
        channel.fetch_again(media.source_key)


@pytest.mark.parametrize("key", ["media-../me", "media-", "media-a?b", "message-1"])
def test_a_key_that_is_no_file_asks_nobody(channel: WhatsApp, meta: StandIn, key: str) -> None:
    meta.stop()
    with pytest.raises(Refused):
        channel.fetch_again(key)


def test_one_message_that_is_unreadable_leaves_the_others(channel: WhatsApp, meta: StandIn) -> None:
    bad = meta.message() | {"timestamp": "yesterday"}
    good, set_aside = brought(channel, post_of(meta.message(), bad))
    assert good.problem is None
    assert set_aside.problem == "unreadable: message 2 of its post"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"object": "page"}'])
def test_a_signed_post_that_nobody_understands_lands_with_a_problem(
    channel: WhatsApp, body: bytes
) -> None:
    [item] = brought(channel, signed(body))
    assert item.body == body
    assert item.problem and item.problem.startswith("unreadable: ")


def test_reactions_and_delivery_reports_are_no_items(channel: WhatsApp, meta: StandIn) -> None:
    thumb = meta.message(type="reaction", reaction={"message_id": "wamid.X", "emoji": "👍"})
    assert brought(channel, post_of(thumb)) == []
    report = {"statuses": [{"id": "wamid.X", "status": "delivered"}]}
    entry = [{"changes": [{"field": "messages", "value": report}]}]
    body = json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()
    assert brought(channel, signed(body)) == []


def test_a_signature_of_another_app_is_refused(channel: WhatsApp, meta: StandIn) -> None:
    post = post_of(meta.message())
    with pytest.raises(Refused):
        channel.verify_and_items(replace(post, headers={"x-hub-signature-256": "sha256=ğ"}))
