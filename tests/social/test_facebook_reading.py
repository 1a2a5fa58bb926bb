"""What is read of a Facebook Page, and what is made of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from meta_helpers import Reading, SetClock, texts

from ingest.channels.facebook import CHANNEL
from ingest.channels.facebook.features import POSTS_A_RUN
from ingest.errors import Later, Misconfigured
from ingest.testkit.standins import graph as standin
from ingest.testkit.standins.graph import GraphServer
from ingest.testkit.standins.graph_data import PAGE


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Reading]:
    clock = SetClock()
    with GraphServer(clock) as server:
        yield Reading(CHANNEL, server, clock, tmp_path)


def test_posts_comments_replies_tags_and_messages_are_read(page: Reading) -> None:
    data = page.server.data
    ours = data.post_by(PAGE, "Kampanya")
    data.post_by("71", "ziyaretçi")
    data.post_by("72", "bizi anan sayfa", edge="tagged")
    comment = data.comment_by("73", "yorum", ours)
    data.comment_by("74", "yoruma yanıt", comment)
    data.message_by("75", "özel")
    assert texts(page.read()) == sorted(
        ["ziyaretçi", "bizi anan sayfa", "yorum", "yoruma yanıt", "özel"]
    )


def test_what_we_write_ourselves_is_known_by_id(page: Reading) -> None:
    data = page.server.data
    comment = data.comment_by("73", "yorum", data.post_by(PAGE, "Kampanya"))
    data.comment_by(PAGE, "cevabımız", comment)
    data.message_by("75", "soru")
    data.message_to("75", "başka programdan cevap")
    own = {item.facts.get("own"): item for item in page.read() if item.facts.get("own")}
    assert texts([i for i in page.landed.values() if i.facts.get("own") == "1"]) == sorted(
        ["cevabımız", "başka programdan cevap"]
    )
    assert own["1"].facts["author"] == PAGE


def test_another_page_of_the_company_is_ours_too(page: Reading) -> None:
    page.options["own_accounts"] = ["777"]
    page.server.data.post_by("777", "kardeş sayfa")
    assert page.read() == []


def test_a_comment_whose_author_is_not_told_is_read(page: Reading) -> None:
    data = page.server.data
    data.comment_by("", "kimden?", data.post_by(PAGE, "Kampanya"))
    assert texts(page.read()) == ["kimden?"]


def test_history_before_the_first_reading_is_not_new(page: Reading) -> None:
    page.server.data.post_by("71", "geçen hafta")
    page.clock.pass_(days=3)
    page.server.data.post_by("72", "bugün")
    assert texts(page.read()) == ["bugün"]
    assert page.read() == []


def test_an_edit_is_another_version_of_the_same(page: Reading) -> None:
    data = page.server.data
    comment = data.comment_by("73", "ilk", data.post_by(PAGE, "Kampanya"))
    (first,) = page.read()
    data.edit(comment, "değişti")
    (second,) = page.read(hours=1)
    assert second.facts["first_id"] == first.facts["first_id"] == comment
    assert second.source_key != first.source_key
    assert second.received_at == first.received_at


def test_a_removal_is_a_mark_once_two_readings_missed_it(page: Reading) -> None:
    data = page.server.data
    comment = data.comment_by("73", "sonra silinecek", data.post_by(PAGE, "Kampanya"))
    page.read()
    data.remove(comment)
    assert page.read(hours=2) == []
    (mark,) = page.read(hours=2)
    assert mark.facts["deleted"] == "1"
    assert mark.facts["first_id"] == comment
    assert page.read(hours=2) == []


def test_a_visitors_post_that_is_removed_is_marked(page: Reading) -> None:
    post = page.server.data.post_by("71", "sonra silinecek")
    page.read()
    page.server.data.remove(post)
    page.read(hours=2)
    (mark,) = page.read(hours=2)
    assert mark.source_key == f"post/{post}#deleted"


@pytest.mark.parametrize("answer", [standin.error(100, 33), standin.error(100)])
def test_nothing_counts_as_removed_while_we_cannot_see_ourselves(
    page: Reading, answer: standin.Answer
) -> None:
    data = page.server.data
    data.comment_by("73", "duruyor", data.post_by(PAGE, "Kampanya"))
    channel = page.open()
    page.drain(channel)
    page.server.denied[""] = answer
    for _ in range(4):
        page.clock.pass_(hours=2)
        assert page.drain(channel) == []


def test_what_graph_refuses_for_another_reason_was_not_removed(page: Reading) -> None:
    data = page.server.data
    comment = data.comment_by("73", "duruyor", data.post_by(PAGE, "Kampanya"))
    page.read()
    page.server.denied[comment] = standin.error(100)
    for _ in range(3):
        assert page.read(hours=2) == []


def test_what_is_hidden_for_a_moment_was_not_removed(page: Reading) -> None:
    data = page.server.data
    comment = data.comment_by("73", "saklanan", data.post_by(PAGE, "Kampanya"))
    page.read()
    hidden = data.objects.pop(comment)
    data.edges[hidden["_post"], "comments"].clear()
    page.read(hours=2)
    for _ in range(2):
        data.objects[comment] = hidden
        assert page.read(hours=2) == []
        del data.objects[comment]
        assert page.read(hours=2) == []


def test_a_comment_on_an_old_post_is_found_by_the_daily_sweep(page: Reading) -> None:
    data = page.server.data
    old = data.post_by(PAGE, "geçen ay")
    page.clock.pass_(days=60)
    data.comment_by("71", "bugün", data.post_by(PAGE, "bugünkü"))
    page.read()
    data.comment_by("73", "eski gönderiye", old)
    assert page.read(hours=1) == []
    assert texts(page.read(hours=24)) == ["eski gönderiye"]


def test_many_posts_are_read_in_slices_and_none_is_left_out(page: Reading) -> None:
    data = page.server.data
    posts = [data.post_by(PAGE, f"{n}") for n in range(2 * POSTS_A_RUN + 5)]
    for post in posts:
        data.comment_by("73", post, post)
    assert len(page.read()) == POSTS_A_RUN
    assert len(page.read()) == POSTS_A_RUN
    data.comment_by("74", "arada gelen", posts[0])
    page.read()
    page.read()
    assert texts(list(page.landed.values())) == sorted([*posts, "arada gelen"])


def test_a_post_that_cannot_be_read_holds_up_no_other(page: Reading) -> None:
    data = page.server.data
    posts = [data.post_by(PAGE, f"{n}") for n in range(3)]
    for post in posts:
        data.comment_by("73", post, post)
    page.server.denied[posts[1]] = 100
    assert texts(page.read()) == sorted([posts[0], posts[2]])


def test_what_comes_between_two_pages_is_not_lost(page: Reading) -> None:
    data = page.server.data
    ours = data.post_by(PAGE, "Kampanya")
    for number in range(250):
        data.comment_by("73", f"{number}", ours)
    page.server.insert = lambda: data.comment_by("74", "arada", ours)
    page.read()
    page.read()
    assert len(page.landed) == 251


def test_a_cursor_that_died_starts_the_listing_again(page: Reading) -> None:
    data = page.server.data
    ours = data.post_by(PAGE, "Kampanya")
    data.comment_by("72", "ilk", ours)
    page.read()
    for number in range(199):
        data.comment_by("73", f"{number}", ours)
        page.clock.pass_(hours=1)
    page.server.on_cursor = standin.EXPIRED_CURSOR
    page.read()
    assert len(page.landed) < 200
    page.server.on_cursor = None
    page.read(minutes=20)
    assert len(page.landed) == 200


def test_a_time_in_the_future_hides_nothing(page: Reading) -> None:
    page.server.data.post_by("71", "tarihi bozuk", created_time="2099-01-01T00:00:00+0000")
    page.read()
    page.server.data.post_by("72", "sonraki")
    assert texts(page.read()) == ["sonraki"]


def test_an_empty_page_is_not_the_end_of_a_listing(page: Reading) -> None:
    page.server.data.post_by("71", "arkada kalan")
    page.server.empty_first = True
    assert texts(page.read()) == ["arkada kalan"]


def test_the_first_reading_goes_by_the_networks_clock(page: Reading) -> None:
    page.server.data.now = lambda: page.clock() - timedelta(days=3)
    page.server.data.post_by("71", "bizim saatimiz ileride")
    assert texts(page.read()) == ["bizim saatimiz ileride"]


def test_messages_beyond_the_newest_twenty_are_a_gap(page: Reading) -> None:
    data = page.server.data
    data.message_by("75", "ilk")
    page.read()
    page.clock.pass_(days=3)
    for number in range(25):
        data.message_by("75", f"{number}")
        page.clock.pass_(minutes=1)
    assert len(page.read()) == 20
    (gap,) = page.gaps
    assert gap.what == "messages"
    assert gap.until - gap.since == timedelta(minutes=4)
    page.read(hours=1)
    assert len(page.gaps) == 1


def test_messages_that_were_read_are_no_gap_when_others_push_them_down(page: Reading) -> None:
    for _ in range(3):
        for number in range(15):
            page.server.data.message_by("75", f"{number}")
        page.read()
    assert page.gaps == []


def test_a_lost_permission_parks_what_needs_it_and_nothing_else(page: Reading) -> None:
    data = page.server.data
    page.server.denied["conversations"] = 200
    data.message_by("75", "okunamaz")
    data.post_by("71", "okunur")
    channel = page.open()
    assert texts(page.drain(channel)) == ["okunur"]
    (line,) = [line for line in channel.board() if line.feature == "messages"]
    assert line.state == "parked"
    assert "permission" in line.detail
    assert "page_token" in line.remedy
    page.server.denied.clear()
    assert texts(page.read(minutes=16)) == ["okunamaz"]


def test_a_dead_token_says_which_account_why_and_what_to_do(page: Reading) -> None:
    data = page.server.data
    data.post_by("71", "önce")
    page.read()
    page.server.dead = 460
    data.post_by("72", "arada")
    with pytest.raises(Misconfigured) as caught:
        page.read()
    assert caught.value.reason == (
        f"Facebook Page {PAGE} (musteri): the access token is dead: the password of the account "
        "was changed (190/460)."
    )
    assert "make a new Page token, put it into `page_token`" in caught.value.remedy
    page.server.dead, page.server.token = 0, "EAAnew"
    page.options["page_token"] = "EAAnew"
    assert texts(page.read()) == ["arada"]


@pytest.mark.parametrize("fault", [standin.ERROR_PAGE, standin.CUT_BODY, standin.LIST_BODY])
def test_trouble_of_metas_own_loses_nothing(page: Reading, fault: standin.Answer) -> None:
    page.server.data.post_by("71", "merhaba")
    page.server.faults.extend([fault] * 20)
    with pytest.raises(Later):
        page.read()
    page.server.faults.clear()
    assert texts(page.read(minutes=20)) == ["merhaba"]


def test_while_throttled_nothing_is_asked(page: Reading) -> None:
    page.server.limit = standin.throttled(timedelta(minutes=30))
    channel = page.open()
    with pytest.raises(Later) as caught:
        page.drain(channel)
    assert caught.value.after == timedelta(minutes=30)
    assert len(page.server.asked) == 1


def test_an_account_that_was_quiet_and_then_cut_off_loses_nothing(page: Reading) -> None:
    channel = page.open()
    page.drain(channel)
    page.clock.pass_(minutes=5)
    page.drain(channel)
    page.clock.pass_(minutes=5)
    page.server.data.post_by("71", "kesintiden önce")
    assert texts(page.read(days=4)) == ["kesintiden önce"]
