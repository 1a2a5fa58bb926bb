"""Answers of a Page: what is allowed until when, what is sent, and what comes of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from meta_helpers import Reading, SetClock, reply_to

from ingest.channels.facebook import CHANNEL
from ingest.channels.facebook.channel import FacebookChannel
from ingest.contract import RawItem, Replies
from ingest.outcomes import Accepted, Never, NotNow, Outcome, Stop, Unknown
from ingest.testkit.standins import graph as standin
from ingest.testkit.standins.graph import TOKEN, GraphServer
from ingest.testkit.standins.graph_data import PAGE


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Reading]:
    clock = SetClock()
    with GraphServer(clock) as server:
        yield Reading(CHANNEL, server, clock, tmp_path)


def opened(page: Reading) -> FacebookChannel:
    channel = page.open()
    assert isinstance(channel, FacebookChannel)
    replies: Replies = channel
    assert replies is channel
    return channel


def comment(page: Reading) -> RawItem:
    data = page.server.data
    data.comment_by("73", "şikâyet", data.post_by(PAGE, "Kampanya"))
    return page.read()[0]


def message(page: Reading) -> RawItem:
    page.server.data.message_by("75", "şikâyet")
    return page.read()[0]


def answer(page: Reading, item: RawItem, *, private: bool, text: str = "cevap") -> Outcome:
    return opened(page).reply(reply_to(item), text, private=private, reference="26-1")


def test_a_comment_is_answered_below_it(page: Reading) -> None:
    item = comment(page)
    assert isinstance(answer(page, item, private=False), Accepted)
    assert page.server.data.sent == [
        {"to": item.facts["external_id"], "text": "cevap", "how": "comments"}
    ]
    (own,) = page.read()
    assert own.facts["own"] == "1"


def test_a_comment_has_one_private_answer_within_seven_days(page: Reading) -> None:
    item = comment(page)
    rules = opened(page).rules(reply_to(item), private=True)
    assert rules.may_link
    assert not rules.public
    assert item.received_at is not None
    assert rules.until == item.received_at + timedelta(days=7)
    assert isinstance(answer(page, item, private=True), Accepted)
    assert isinstance(answer(page, item, private=True), Never)


def test_a_public_answer_carries_no_link(page: Reading) -> None:
    rules = opened(page).rules(reply_to(comment(page)), private=False)
    assert rules.public
    assert not rules.may_link


def test_a_message_is_answered_within_a_day(page: Reading) -> None:
    item = message(page)
    rules = opened(page).rules(reply_to(item), private=True)
    assert item.received_at is not None
    assert rules.until == item.received_at + timedelta(hours=24)
    assert isinstance(answer(page, item, private=True), Accepted)
    page.clock.pass_(days=2)
    assert isinstance(answer(page, item, private=True, text="geç"), Never)


def test_a_human_agent_answers_within_seven_days(page: Reading) -> None:
    page.options["human_agent"] = True
    item = message(page)
    page.clock.pass_(days=2)
    assert isinstance(answer(page, item, private=True), Accepted)


def test_a_message_has_no_public_answer(page: Reading) -> None:
    item = message(page)
    refusal = opened(page).rules(reply_to(item), private=False).refusal
    assert refusal == "A direct message has no public answer."
    assert isinstance(answer(page, item, private=False), Never)


def test_what_was_taken_back_or_is_ours_is_not_answered(page: Reading) -> None:
    item = comment(page)
    for facts in ({"deleted": "1"}, {"own": "1"}):
        to = reply_to(RawItem(item.source_key, "social", b"", facts={**item.facts, **facts}))
        assert opened(page).rules(to, private=False).refusal


def test_a_visitors_post_is_answered_in_public_only(page: Reading) -> None:
    page.server.data.post_by("71", "şikâyet")
    (item,) = page.read()
    assert opened(page).rules(reply_to(item), private=True).refusal
    assert isinstance(answer(page, item, private=False), Accepted)


def test_an_answer_that_is_too_long_is_not_sent(page: Reading) -> None:
    item = message(page)
    assert isinstance(answer(page, item, private=True, text="x" * 2_001), Never)
    assert page.server.data.sent == []


def test_what_the_network_says_decides_what_happens_next(page: Reading) -> None:
    item = comment(page)
    for said, kind in (
        (standin.ERROR_PAGE, Unknown),
        (standin.NOT_JSON, Unknown),
        (standin.says({"success": True}), Unknown),
        (standin.error(506), Accepted),
        (standin.error(190, 460), Stop),
        (standin.error(200), Stop),
        (standin.error(100, 33), Never),
        (standin.throttled(timedelta(minutes=5)), NotNow),
    ):
        page.server.faults.append(said)
        outcome = answer(page, item, private=False)
        assert isinstance(outcome, kind)
        assert TOKEN not in repr(outcome)


def test_a_line_that_breaks_leaves_it_open_whether_it_was_sent(page: Reading) -> None:
    item = comment(page)
    page.server.down = True
    assert isinstance(answer(page, item, private=False), Unknown)
