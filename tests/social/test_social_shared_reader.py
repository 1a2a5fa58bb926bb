"""The reader of kind ``social``: every network, hostile content, and what is published of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.contract import RawItem
from ingest.social.envelope import Seen, raw_item
from normalizers.ocr.null import Null
from normalizers.reader import Options
from normalizers.schema import Message
from normalizers.social import READER, TABLES

POST = {"id": "10", "text": "Merhaba", "author_id": "9", "conversation_id": "7"}


def read(network: Any, data: Any, kind: str = "post", **facts: str) -> Message:
    seen = Seen(network, kind, "10", "10", data, facts=facts)
    return READER.read(raw_item(seen), Options(Null())).message


def test_a_post_of_x_with_its_author() -> None:
    users = [{"id": "8", "username": "baska"}, {"id": "9", "username": "musteri", "name": "Z"}]
    message = read("x", {"data": POST, "includes": {"users": users}})
    assert message.sender.handle == "x:@musteri"
    assert message.sender.name == "Z"
    assert message.social is not None
    assert message.social.conversation_id == "7"
    assert message.social.url == "https://x.com/i/status/10"


@pytest.mark.parametrize("network", ["x", "facebook", "instagram", "linkedin"])
def test_the_way_that_it_came_is_the_network(network: str) -> None:
    assert read(network, {"data": POST}).medium == network


def test_a_suspended_author_is_known_by_the_id() -> None:
    assert read("x", {"data": POST}).sender.handle == "x:9"


@pytest.mark.parametrize("name", ["note_tweet", "note_post"])
def test_the_long_text_of_either_dialect_is_taken(name: str) -> None:
    data = {"data": {**POST, "text": "kısa…", name: {"text": "uzun metin"}}}
    message = read("x", data)
    assert message.text == "uzun metin"
    assert not message.warnings


def test_a_text_that_may_be_cut_is_said() -> None:
    (warning,) = read("x", {"data": {**POST, "text": "kısa…"}}).warnings
    assert "cut off" in warning


@pytest.mark.parametrize("name", ["referenced_tweets", "referenced_posts"])
def test_what_is_answered_is_known_in_either_dialect(name: str) -> None:
    row = {**POST, name: [{"type": "quoted", "id": "1"}, {"type": "replied_to", "id": "2"}]}
    message = read("x", {"data": row})
    assert message.social is not None
    assert message.social.in_reply_to == "2"


def test_x_escapes_three_characters() -> None:
    assert read("x", {"data": {**POST, "text": "A &amp; B &lt;3 &amp;eacute;"}}).text == (
        "A & B <3 &eacute;"
    )


def test_a_direct_message_is_private_and_has_no_link() -> None:
    message = read("x", {"data": {**POST, "sender_id": "9"}}, kind="dm")
    assert message.social is not None
    assert not message.social.public
    assert message.social.url is None


def test_a_comment_on_facebook() -> None:
    data = {
        "id": "1_2",
        "message": "Hasarım ödenmedi, 0555 000 12 34",
        "from": {"id": "77", "name": "Zzelda Örnekoğlu"},
        "created_time": "2026-11-20T10:00:00+0000",
        "permalink_url": "https://www.facebook.com/1/posts/2",
        "parent": {"id": "1_1"},
    }
    message = read("facebook", data, kind="comment")
    assert message.text.startswith("Hasarım")
    assert message.sender.name == "Zzelda Örnekoğlu"
    assert message.sender.handle == "facebook:77"
    assert message.received_at is not None
    assert message.identifiers.phone[0].value == "+905550001234"
    assert message.social is not None
    assert message.social.in_reply_to == "1_1"


def test_a_comment_on_instagram_with_an_attachment() -> None:
    data = {"text": "?", "username": "musteri", "media": {"id": "5"}, "media_url": "https://…"}
    message = read("instagram", data, kind="comment")
    assert message.sender.handle == "instagram:@musteri"
    assert "only on the network" in message.warnings[0]


def test_what_the_channel_knows_comes_first() -> None:
    message = read(
        "x", {"data": POST}, conversation="c", url="https://x.com/a", own="1", author="3"
    )
    assert message.social is not None
    assert message.social.conversation_id == "c"
    assert message.social.url == "https://x.com/a"
    assert message.is_machine, "our own opens no application"


def test_only_a_web_address_is_a_link() -> None:
    message = read("facebook", {"message": "x", "permalink_url": "javascript:alert(1)"})
    assert message.social is not None
    assert message.social.url is None


def test_social_facts_are_published_flat_and_only_where_they_are() -> None:
    flat = read("x", {"data": POST}).flat()
    assert flat["network"] == "x"
    assert flat["external_id"] == "10"
    assert "social" not in flat
    assert "network" not in Message(source="s", kind="text").flat()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"network":"x"}', b'{"network":1,"data":{}}', b"[" * 100_000]
)
def test_what_is_no_envelope_is_said(body: bytes) -> None:
    message = READER.read(RawItem("post/1", "social", body), Options(Null())).message
    assert message.error
    assert message.is_machine is False


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "text", "from", "id", "message", "includes"]), inner
        )
    ),
)


@given(
    st.sampled_from(sorted(TABLES)), st.dictionaries(st.text(max_size=8), JSON, max_size=4), JSON
)
def test_no_content_breaks_the_reader(network: str, data: dict[str, Any], inner: Any) -> None:
    envelope = {
        "network": network,
        "kind": "post",
        "external_id": "1",
        "data": {**data, "data": inner},
    }
    body = json.dumps(envelope).encode()
    READER.read(RawItem("post/1", "social", body), Options(Null()))
