"""What may be answered on X, and what became of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from social_house import House, Moment

from ingest.channels.x import CHANNEL, XChannel
from ingest.contract import Replies, ReplyTo
from ingest.outcomes import Accepted, Never, NotNow, Stop, Unknown
from ingest.testkit.standins.x import PERSON, TOKEN, XStandin
from ingest.testkit.standins.x_says import NO_CREDIT


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def x(clock: Moment) -> Iterator[XStandin]:
    with XStandin(clock) as server:
        yield server


@pytest.fixture
def house(x: XStandin, clock: Moment, tmp_path: Path) -> House:
    table: dict[str, Any] = {
        "kind": "x",
        "poll_seconds": 60,
        "access_token": TOKEN,
        "brand": "orneksigorta",
        "base_url": x.url,
    }
    return House(CHANNEL, table, tmp_path / "state", clock)


def channel(house: House) -> XChannel:
    opened = house.open()
    assert isinstance(opened, XChannel)
    return opened


def landed(house: House, prefix: str = "post/") -> ReplyTo:
    house.turn()
    (item,) = [i for i in house.landed.values() if i.source_key.startswith(prefix)]
    return ReplyTo(item.source_key, item.facts)


def test_who_mentioned_us_is_answered_in_public(house: House, x: XStandin) -> None:
    x.post("yardım edin")
    to = landed(house)
    opened: Replies = channel(house)
    assert opened.rules(to, private=False).refusal == ""
    outcome = opened.reply(to, "Numaranız 26-1994-3644.", private=False, reference="r1")
    assert isinstance(outcome, Accepted)
    assert [sent["to"] for sent in x.sent] == [to.facts["external_id"]]


def test_who_did_not_mention_us_is_for_a_person(house: House, x: XStandin) -> None:
    x.post("orneksigorta rezalet", mentions=())
    to, opened = landed(house), channel(house)
    assert "by hand" in opened.rules(to, private=False).refusal
    assert isinstance(opened.reply(to, "Merhaba", private=False, reference="r"), Never)
    assert not x.sent


@pytest.mark.parametrize(
    "text", ["https://ornek.test/f/abc", "www.ornek.test", "Bkz. ornek.com.tr", "x" * 281, " "]
)
def test_a_public_answer_has_no_link_and_fits(house: House, x: XStandin, text: str) -> None:
    x.post("yardım edin")
    to = landed(house)
    assert isinstance(channel(house).reply(to, text, private=False, reference="r"), Never)
    assert not x.sent


def test_two_hundred_and_eighty_turkish_letters_fit(house: House, x: XStandin) -> None:
    x.post("yardım edin")
    to = landed(house)
    outcome = channel(house).reply(to, "ğ" * 280, private=False, reference="r")
    assert isinstance(outcome, Accepted)


def test_a_direct_message_is_answered_with_a_link(house: House, x: XStandin) -> None:
    x.write("yardım edin")
    to = landed(house, "dm/")
    text = "Formunuz: https://ornek.test/f/abc"
    outcome = channel(house).reply(to, text, private=True, reference="r")
    assert isinstance(outcome, Accepted)
    assert x.sent == [{"to": PERSON, "text": text}]


def test_nobody_is_written_to_in_private_first(house: House, x: XStandin) -> None:
    x.post("yardım edin")
    to = landed(house)
    assert isinstance(channel(house).reply(to, "Merhaba", private=True, reference="r"), Never)


def test_what_became_of_an_answer_is_never_guessed(house: House, x: XStandin) -> None:
    x.post("yardım edin")
    to, opened = landed(house), channel(house)

    def outcome() -> object:
        return opened.reply(to, f"Merhaba {len(x.asked)}", private=False, reference="r")

    x.limit = x.limited(timedelta(seconds=60))
    assert outcome() == NotNow("X asks us to come back later (429).", timedelta(seconds=60))
    x.limit = NO_CREDIT
    assert isinstance(outcome(), Stop)
    x.limit, x.down = None, True
    assert isinstance(outcome(), Unknown)
    x.down = False
    x.stop()
    assert isinstance(outcome(), NotNow), "a connection that was refused took nothing"
