"""What is read of an Instagram account, what its webhooks bring, and how one answers there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from meta_helpers import Reading, SetClock, reply_to, texts

from ingest.channels.instagram import CHANNEL, webhook_items
from ingest.channels.instagram.channel import InstagramChannel
from ingest.channels.instagram.features import PICTURES_A_RUN
from ingest.contract import RawItem
from ingest.errors import Misconfigured, Refused
from ingest.outcomes import Accepted, Never
from ingest.testkit.standins import graph as standin
from ingest.testkit.standins.graph import GraphServer
from ingest.testkit.standins.graph_data import IG

RECORDED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "social" / "instagram"


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Reading]:
    clock = SetClock()
    with GraphServer(clock) as server:
        yield Reading(CHANNEL, server, clock, tmp_path)


def opened(account: Reading) -> InstagramChannel:
    channel = account.open()
    assert isinstance(channel, InstagramChannel)
    return channel


def test_comments_replies_tags_and_messages_are_read(account: Reading) -> None:
    data = account.server.data
    ours = data.media_by(IG, "Yeni ürün")
    comment = data.ig_comment_by("73", "yorum", ours)
    data.ig_comment_by("74", "yoruma yanıt", comment)
    data.media_by("76", "etiketli", edge="tags")
    data.message_by("75", "özel", platform="instagram")
    data.message_by("75", "Messenger'dan", platform="messenger")
    found = account.read()
    assert {item.source_key.partition("/")[0] for item in found} == {"comment", "media", "dm"}
    assert texts(found, "text") == ["", "", "yorum", "yoruma yanıt"]
    assert texts(found, "caption") == ["", "", "", "etiketli"]
    assert texts(found) == ["", "", "", "özel"]


def test_our_own_answers_are_ours(account: Reading) -> None:
    data = account.server.data
    comment = data.ig_comment_by("73", "yorum", data.media_by(IG, "Yeni ürün"))
    data.ig_comment_by(IG, "cevabımız", comment)
    data.message_by("75", "soru", platform="instagram")
    data.message_to("75", "cevap", platform="instagram")
    own = [item for item in account.read() if item.facts.get("own") == "1"]
    assert texts(own, "text") == ["", "cevabımız"]
    assert texts(own) == ["", "cevap"]


def test_a_reply_to_an_old_comment_is_read(account: Reading) -> None:
    data = account.server.data
    ours = data.media_by(IG, "Yeni ürün")
    old = data.ig_comment_by("73", "eski", ours)
    account.read()
    account.clock.pass_(days=20)
    for number in range(120):
        data.ig_comment_by("74", f"{number}", ours)
    data.ig_comment_by("75", "eskiye yanıt", old)
    assert len(account.read()) == 121


def test_a_picture_without_news_is_not_asked_for(account: Reading) -> None:
    data = account.server.data
    ours = data.media_by(IG, "Yeni ürün")
    data.ig_comment_by("73", "yorum", ours)
    account.read()
    account.server.asked.clear()
    account.read()
    assert f"GET /{ours}/comments" not in account.server.asked


def test_one_that_came_while_another_was_removed_is_found_within_a_day(account: Reading) -> None:
    data = account.server.data
    ours = data.media_by(IG, "Yeni ürün")
    first = data.ig_comment_by("73", "ilk", ours)
    account.read()
    data.remove(first)
    data.ig_comment_by("74", "ikinci", ours)
    data.objects[ours]["comments_count"] = 1
    account.read()
    account.read(hours=25)
    assert "ikinci" in texts(list(account.landed.values()), "text")


def test_many_pictures_are_read_in_slices(account: Reading) -> None:
    data = account.server.data
    pictures = [data.media_by(IG, f"{n}") for n in range(PICTURES_A_RUN + 5)]
    for picture in pictures:
        data.ig_comment_by("73", picture, picture)
    assert len(account.read()) == PICTURES_A_RUN
    assert len(account.read()) == 5


def test_a_slice_that_is_left_over_is_read_as_far_back_as_the_first(account: Reading) -> None:
    data = account.server.data
    pictures = [data.media_by(IG, f"{n}") for n in range(PICTURES_A_RUN + 5)]
    data.ig_comment_by("73", "ilk", pictures[0])
    account.read()
    account.clock.pass_(days=1)
    for picture in pictures[:5]:
        data.ig_comment_by("73", "eski", picture)
    account.clock.pass_(days=5)
    for picture in pictures[5:]:
        data.ig_comment_by("73", "yeni", picture)
    assert texts(account.read(), "text") == ["yeni"] * PICTURES_A_RUN
    assert texts(account.read(), "text") == ["eski"] * 5


def test_a_picture_that_is_gone_holds_up_no_other_and_a_dead_cursor_loses_nothing(
    account: Reading,
) -> None:
    data = account.server.data
    gone, ours = data.media_by(IG, "silinen"), data.media_by(IG, "duran")
    data.ig_comment_by("73", "silinende", gone)
    account.server.denied[gone] = standin.error(100, 33)
    data.ig_comment_by("72", "ilk", ours)
    account.read()
    for number in range(119):
        data.ig_comment_by("74", f"{number}", ours)
        account.clock.pass_(hours=1)
    account.server.on_cursor = standin.EXPIRED_CURSOR
    account.read()
    assert len(account.landed) < 120
    account.server.on_cursor = None
    account.read(minutes=20)
    assert len(account.landed) == 120


def test_our_own_pictures_with_our_own_tag_are_ours(account: Reading) -> None:
    account.options["own_accounts"] = ["user76"]
    account.server.data.media_by("76", "kardeş hesap", edge="tags")
    assert account.read() == []


def test_a_removed_comment_is_marked(account: Reading) -> None:
    data = account.server.data
    comment = data.ig_comment_by("73", "sonra silinecek", data.media_by(IG, "Yeni ürün"))
    account.read()
    data.remove(comment)
    account.read(hours=2)
    (mark,) = account.read(hours=2)
    assert mark.source_key == f"comment/{comment}#deleted"


def test_a_mention_is_announced_by_webhook_and_then_fetched(account: Reading) -> None:
    comment = account.server.data.ig_mention_by("73", "@orneksigorta cevap verin")
    (note,) = account.push()
    assert note.problem == "announced: the text of a mention is to be fetched"
    assert account.push() == []
    whole = account.open().fetch_again(note.source_key)
    assert whole.problem is None
    assert whole.source_key == note.source_key
    assert whole.facts["first_id"] == comment
    assert texts([whole], "text") == ["@orneksigorta cevap verin"]


def test_a_mention_that_was_removed_before_it_was_fetched_is_refused(account: Reading) -> None:
    comment = account.server.data.ig_mention_by("73", "@orneksigorta")
    (note,) = account.push()
    account.server.data.remove(comment)
    with pytest.raises(Refused):
        account.open().fetch_again(note.source_key)


def test_polling_never_shows_a_mention_and_manual_and_board_say_so(account: Reading) -> None:
    account.server.data.ig_mention_by("73", "@orneksigorta")
    assert account.read() == []
    assert "Mentions come by webhook only" in CHANNEL.manual
    (line,) = [line for line in opened(account).board() if line.feature == "mentions"]
    assert "by webhook only" in line.detail
    assert line.state == "ok"
    account.options["app_secret"] = ""
    (line,) = [line for line in opened(account).board() if line.feature == "mentions"]
    assert line.state == "warning"
    assert "verify_token" in line.remedy


def test_a_poll_and_a_webhook_bring_one_item(account: Reading) -> None:
    data = account.server.data
    comment = data.ig_comment_by("73", "şikâyet 😀", data.media_by(IG, "Yeni ürün"))
    data.ig_comment_by("74", "yanıt", comment)
    data.message_by("75", "özel", platform="instagram")
    assert len(account.push()) == 3
    assert account.read() == []


def test_a_dead_token_names_the_account(account: Reading) -> None:
    account.server.dead = 463
    with pytest.raises(Misconfigured) as caught:
        account.read()
    assert caught.value.reason == (
        f"Instagram account {IG} (musteri): the access token is dead: it has expired (190/463)."
    )


def test_a_comment_is_answered_in_public_and_once_in_private(account: Reading) -> None:
    data = account.server.data
    data.ig_comment_by("73", "şikâyet", data.media_by(IG, "Yeni ürün"))
    (item,) = account.read()
    channel, to = opened(account), reply_to(item)
    assert channel.rules(to, private=False).longest == 300
    assert isinstance(channel.reply(to, "cevap", private=False, reference="1"), Accepted)
    assert isinstance(channel.reply(to, "bağlantı", private=True, reference="2"), Accepted)
    assert isinstance(channel.reply(to, "yine", private=True, reference="3"), Never)
    assert [sent["how"] for sent in data.sent] == ["replies", "private"]


def test_a_mention_is_answered_where_it_stands(account: Reading) -> None:
    data = account.server.data
    comment = data.ig_mention_by("73", "@orneksigorta")
    (note,) = account.push()
    channel, to = opened(account), reply_to(note)
    assert channel.rules(to, private=True).refusal
    assert isinstance(channel.reply(to, "cevap", private=False, reference="1"), Accepted)
    assert data.sent == [{"to": comment, "text": "cevap", "how": "mention"}]


def test_a_tagged_picture_is_answered_by_hand(account: Reading) -> None:
    account.server.data.media_by("76", "etiketli", edge="tags")
    (item,) = account.read()
    assert opened(account).rules(reply_to(item), private=False).refusal


def test_a_message_is_answered(account: Reading) -> None:
    account.server.data.message_by("75", "soru", platform="instagram")
    (item,) = account.read()
    outcome = opened(account).reply(reply_to(item), "cevap", private=True, reference="1")
    assert isinstance(outcome, Accepted)
    account.clock.pass_(days=2)
    late = opened(account).reply(reply_to(item), "geç", private=True, reference="2")
    assert isinstance(late, Never)


def recorded(name: str) -> list[RawItem]:
    file = RECORDED / "restfb" / f"instagram-{name}.json"
    if not file.is_file():
        pytest.skip("the recorded bodies are not here")
    return webhook_items(file.read_bytes())


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("wh-comments", ["comment/123456789@"]),
        ("wh-comments-2021", ["comment/123456789@"]),
        ("wh-livecomments", ["comment/123456789@"]),
        ("wh-mentions", ["comment/17887498072083520@announced"]),
        ("messaging-attachment-unsupported", ["dm/aWdf"]),
        ("messaging-seen", []),
    ],
)
def test_recorded_bodies_are_understood(name: str, keys: list[str]) -> None:
    found = [item.source_key for item in recorded(name)]
    assert len(found) == len(keys)
    for got, wanted in zip(found, keys, strict=True):
        assert got.startswith(wanted)


def test_a_signed_body_that_is_none_is_kept() -> None:
    assert webhook_items(b"{")[0].problem == "unreadable webhook"
    nothing = json.dumps({"object": "page", "entry": []}).encode()
    assert webhook_items(nothing) == []


def test_faults_of_the_listing_lose_nothing(account: Reading) -> None:
    data = account.server.data
    data.ig_comment_by("73", "yorum", data.media_by(IG, "Yeni ürün"))
    account.server.denied["tags"] = 10
    account.server.faults.append(standin.ERROR_PAGE)
    account.read()
    account.server.denied.clear()
    account.read(minutes=30)
    assert texts(list(account.landed.values()), "text") == ["yorum"]
