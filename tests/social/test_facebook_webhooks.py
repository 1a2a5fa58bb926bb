"""Webhooks of a Page: the same items as a poll's, once, whatever comes twice or out of order."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from meta_helpers import Reading, SetClock, texts

from ingest.channels.facebook import CHANNEL, verify, webhook_items
from ingest.contract import RawItem, WebhookRequest
from ingest.errors import Refused
from ingest.testkit.standins.graph import APP_SECRET, VERIFY_TOKEN, GraphServer
from ingest.testkit.standins.graph_data import PAGE

RECORDED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "social" / "facebook"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Reading]:
    clock = SetClock()
    with GraphServer(clock) as server:
        yield Reading(CHANNEL, server, clock, tmp_path)


def test_a_poll_and_a_webhook_bring_one_item(page: Reading) -> None:
    data = page.server.data
    comment = data.comment_by("73", "şikâyet 😀", data.post_by("71", "gönderi"))
    data.comment_by("74", "yanıt", comment)
    data.message_by("75", "özel")
    data.post_by("76", "anan", edge="tagged")
    pushed = {item.source_key for item in page.push()}
    assert len(pushed) == 5
    assert page.read() == []
    assert {item.source_key for item in page.landed.values()} == pushed


def test_what_a_webhook_missed_comes_with_the_next_poll(page: Reading) -> None:
    data = page.server.data
    ours = data.post_by(PAGE, "Kampanya")
    for number in range(6):
        data.comment_by("73", f"{number}", ours)
    page.push(1, 3, 5)
    assert len(page.read()) == 3


def test_duplicates_and_disorder_change_nothing(page: Reading) -> None:
    data = page.server.data
    comment = data.comment_by("73", "ilk", data.post_by(PAGE, "Kampanya"))
    data.edit(comment, "sonra")
    data.remove(comment)
    for numbers in ((3, 1), (2,), (1, 2, 3), (1,)):
        page.push(*numbers)
    versions = sorted(item.source_key.partition(comment)[2][:1] for item in page.landed.values())
    assert versions == ["#", "@", "@"]


def test_an_edit_has_one_key_by_webhook_and_poll(page: Reading) -> None:
    data = page.server.data
    comment = data.comment_by("73", "ilk", data.post_by(PAGE, "Kampanya"))
    page.push()
    data.edit(comment, "sonra")
    assert texts(page.read()) == ["sonra"]
    assert page.push() == []


def test_an_edited_message_is_another_version(page: Reading) -> None:
    mid = page.server.data.message_by("75", "ilk")
    page.push()
    page.server.data.edit_message(mid, "sonra")
    (second,) = page.push()
    assert second.facts["first_id"] == mid.removeprefix("m_")
    assert page.read() == []


def test_echoes_are_ours(page: Reading) -> None:
    page.server.data.message_to("75", "cevap")
    (echo,) = page.push()
    assert echo.facts["own"] == "1"
    assert echo.facts["conversation"] == "75"


def test_the_raw_bytes_are_what_is_signed(page: Reading) -> None:
    page.server.data.post_by("71", "şikâyet 😀")
    body, header = page.server.signed()
    assert verify(APP_SECRET, body, header)
    again = json.dumps(json.loads(body), ensure_ascii=False).encode()
    assert not verify(APP_SECRET, again, header)
    assert not verify(APP_SECRET, body, None)
    assert not verify(APP_SECRET, body, "şha256=\ud83d")


def test_an_unsigned_post_is_refused_and_so_is_every_post_without_a_secret(page: Reading) -> None:
    page.server.data.post_by("71", "x")
    body, _ = page.server.signed()
    with pytest.raises(Refused):
        page.open().verify_and_items(WebhookRequest("POST", {}, {}, body))
    _, header = page.server.signed(secret="")
    page.options["app_secret"] = ""
    with pytest.raises(Refused):
        page.push()
    request = WebhookRequest("POST", {}, {"x-hub-signature-256": header}, body)
    with pytest.raises(Refused):
        page.open().verify_and_items(request)


def test_the_subscription_is_answered_to_who_knows_our_word(page: Reading) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "77"}
    assert page.open().verify_and_items(WebhookRequest("GET", asked, {}, b"")) == b"77"
    with pytest.raises(Refused):
        wrong = asked | {"hub.verify_token": "other"}
        page.open().verify_and_items(WebhookRequest("GET", wrong, {}, b""))
    page.options["verify_token"] = ""
    with pytest.raises(Refused):
        empty = asked | {"hub.verify_token": ""}
        page.open().verify_and_items(WebhookRequest("GET", empty, {}, b""))


def test_a_thousand_changes_are_answered_within_a_second_and_ask_nobody(page: Reading) -> None:
    ours = page.server.data.post_by(PAGE, "Kampanya")
    for number in range(1_000):
        page.server.data.comment_by("73", f"{number}", ours)
    page.server.down = True
    begun = time.monotonic()
    assert len(page.push()) == 1_000
    assert time.monotonic() - begun < 1.0


@pytest.mark.parametrize("body", [b"", b"null", b"{", b'{"entry": {}}', b"[" * 100_000])
def test_a_signed_body_that_is_none_is_kept_to_be_looked_at(body: bytes) -> None:
    (item,) = webhook_items(body)
    assert item.problem == "unreadable webhook"
    assert item.body == body


def change(field: str = "feed", **value: Any) -> bytes:
    entry = {"id": PAGE, "time": 1, "changes": [{"field": field, "value": value}]}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def test_reactions_and_hiding_say_nothing() -> None:
    values: tuple[dict[str, Any], ...] = (
        {"item": "reaction", "verb": "add", "post_id": "1_2"},
        {"item": "comment", "verb": "hide", "comment_id": "2_3", "post_id": "1_2"},
        {"item": "comment", "verb": "add", "comment_id": ["odd"], "post_id": {}},
        {"item": ["odd"], "verb": {"odd": 1}},
    )
    for value in values:
        assert webhook_items(change(**value)) == []


def test_old_and_new_shapes_of_a_change_are_one() -> None:
    new: dict[str, Any] = {"item": "comment", "verb": "edit", "comment_id": "2_3"}
    old = {**new, "verb": "edited", "sender_id": 73, "sender_name": "Kişi"}
    new["from"] = {"id": "73", "name": "Kişi"}
    (first,), (second,) = webhook_items(change(**new)), webhook_items(change(**old))
    assert first.source_key == second.source_key
    assert first.facts["author"] == second.facts["author"] == "73"


def test_another_page_of_the_app_is_left_to_its_own_account(page: Reading) -> None:
    page.server.data.post_by("71", "x")
    page.server.data.changes[0]["entry"]["id"] = "999"
    assert page.push() == []


def recorded(name: str) -> list[RawItem]:
    file = RECORDED / "restfb" / f"webhooks-{name}.json"
    if not file.is_file():
        pytest.skip("the recorded bodies are not here")
    return webhook_items(file.read_bytes())


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("feed-comment-add-211", ["comment/901097836652708_903438993085259@"]),
        ("feed-comment-edited-25", ["comment/900728623356296_900744590021366@"]),
        ("feed-comment-remove-25", ["comment/905578656204626_905579239537901#deleted"]),
        ("feed-comment-hide", []),
        ("feed-post-add-25", ["post/1234567890321_7293787835232@"]),
        ("feed-post-remove-25", []),  # the Page's own
        ("feed-reaction-add", []),
        ("feed-status-add-photos", []),  # the Page's own
        ("mention-comment-add", ["comment/7363534231324_3754798971271444@"]),
        ("mention-post-add-real", ["post/1234567890321_98722536423179@"]),
        ("messaging-message-basic", ["dm/mid.1457764197618:41d102a3e1ae206a38@"]),
        ("messaging-message-basic-echo", ["dm/mid.1457764197618:41d102a3e1ae206a38@"]),
        ("messaging-message-edits", ["dm/mid.1457764197618:41d102a3e1ae206a38@"]),
        ("messaging-message-isdeleted", ["dm/message_id#deleted"]),
        ("messaging-message-media-attachment", ["dm/mid.1458696618141:b4ef9d19ec21086067@"]),
        ("messaging-read-basic", []),
        ("messaging-delivery-basic", []),
        ("messaging-policy-callback-block", []),
    ],
)
def test_recorded_bodies_are_understood(name: str, keys: list[str]) -> None:
    found = [item.source_key for item in recorded(name)]
    assert len(found) == len(keys)
    for got, wanted in zip(found, keys, strict=True):
        assert got.startswith(wanted)


def test_an_echo_is_ours_whoever_is_said_to_have_sent_it() -> None:
    event = {
        "sender": {"id": 987654321},
        "recipient": {"id": int(PAGE)},
        "timestamp": 1457764197627,
        "message": {"mid": "m_1", "text": "x", "is_echo": True},
    }
    entry = {"id": int(PAGE), "time": 1457764198246, "messaging": [event]}
    (echo,) = webhook_items(json.dumps({"object": "page", "entry": [entry]}).encode())
    assert echo.facts["own"] == "1"
