"""A day and a half of traffic on X with everything going wrong: nothing is lost, nothing is twice,
and what could not be read is in a gap."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from social_house import House, Moment

from ingest.channels.x import CHANNEL
from ingest.testkit.standins import base as standin
from ingest.testkit.standins.x import ME, PERSON, REFRESH, TOKEN, Post, XStandin
from ingest.testkit.standins.x_says import BARE_429, NO_CREDIT, OLD_429, moment

STEP = timedelta(minutes=2)
FAULTS = (
    standin.ERROR_PAGE,
    standin.OVERLOADED,
    standin.NO_TYPE,
    standin.NOT_JSON,
    standin.CUT_BODY,
    standin.LIST_BODY,
    BARE_429,
    OLD_429,
)


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def x(clock: Moment) -> Iterator[XStandin]:
    with XStandin(clock) as server:
        server.count_message_calls = True
        yield server


@pytest.fixture
def house(x: XStandin, clock: Moment, tmp_path: Path) -> House:
    table = {
        "kind": "x",
        "poll_seconds": 60,
        "access_token": TOKEN,
        "refresh_token": REFRESH,
        "client_id": "client",
        "brand": "orneksigorta",
        "budget_usd": None,
        "base_url": x.url,
    }
    return House(CHANNEL, table, tmp_path / "state", clock)


class Traffic:
    """People who write, edit and delete; a network that fails."""

    def __init__(self, x: XStandin, house: House, seed: int) -> None:
        self.x, self.house, self.chance = x, house, random.Random(seed)
        self.edits: list[str] = []
        self.deletions: list[str] = []

    def people(self) -> None:
        for _ in range(self.chance.choice((0, 0, 1, 1, 2, 7))):
            self.write()
        known = [p for p in self.x.posts if f"post/{p.versions[0][0]}" in self.house.landed]
        young = [p for p in known if self.x.now() - moment(p.versions[0][0]) < timedelta(hours=1)]
        if young and self.chance.random() < 0.1:
            self.change(self.chance.choice(young))

    def write(self) -> None:
        how, text = self.chance.random(), f"Şikâyetim var {self.chance.random()}"
        if how < 0.2:
            self.x.write(text)
        elif how < 0.3:
            self.x.post(text, mentions=())  # only the search finds it
        else:
            late = timedelta(minutes=self.chance.choice((0, 0, 0, 0, 3, 20)))
            self.x.post(text, found=how < 0.8, late=late)

    def change(self, post: Post) -> None:
        if post.deleted:
            return
        if self.chance.random() < 0.5:
            self.x.edit(post, "düzeltilmiş")
            self.edits.append(f"post/{post.versions[0][0]}@{post.id}")
        else:
            post.deleted = True
            self.deletions.append(f"post/{post.versions[0][0]}#deleted")

    def network(self) -> None:
        if self.chance.random() < 0.15:
            self.x.faults.extend(self.chance.choices(FAULTS, k=self.chance.randint(1, 3)))
        if self.chance.random() < 0.03:
            self.x.faults.append(self.x.limited(timedelta(minutes=self.chance.randint(1, 10))))
        if self.chance.random() < 0.02:
            self.x.token = "the old one ran out"
        if self.chance.random() < 0.05:
            self.x.skew = timedelta(minutes=self.chance.randint(-20, 20))
        if self.chance.random() < 0.1:
            self.x.between_pages = lambda: [self.write() for _ in range(3)]


def run(house: House, traffic: Traffic, steps: int, *, trouble: bool = True) -> None:
    for _ in range(steps):
        traffic.people()
        if trouble:
            traffic.network()
        house.turn(traffic.chance if trouble else None)
        house.clock.pass_(seconds=STEP.total_seconds() + traffic.chance.uniform(-12, 12))


def heal(house: House, x: XStandin) -> None:
    """An hour without trouble, so that every park is over and every deletion was noticed."""
    x.faults.clear()
    x.denied.clear()
    x.skew, x.down, x.limit = timedelta(), False, None
    for _ in range(32):
        house.turn()
        house.clock.pass_(minutes=2)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_day_of_faults_and_restarts_loses_nothing_and_doubles_nothing(
    house: House, x: XStandin
) -> None:
    traffic = Traffic(x, house, 1)
    run(house, traffic, 400)
    x.denied["/2/"] = NO_CREDIT
    run(house, traffic, 20)
    del x.denied["/2/"]
    run(house, traffic, 320)
    heal(house, x)

    written = {f"post/{p.versions[0][0]}" for p in x.posts}
    messages = {f"dm/{m['id']}" for m in x.messages}
    firsts = {key.partition("@")[0] for key in house.landed if not key.endswith("#deleted")}
    assert firsts == written | messages
    assert set(traffic.edits) <= house.landed.keys()
    assert set(traffic.deletions) <= house.landed.keys()
    extra = house.landed.keys() - written - messages - set(traffic.edits)
    assert extra == set(traffic.deletions)
    assert not house.gaps, "an outage of minutes is no gap"
    assert house.said, "nobody was told of the trouble"


@pytest.mark.slow
def test_what_an_outage_put_out_of_reach_is_in_a_reported_gap(house: House, x: XStandin) -> None:
    traffic = Traffic(x, house, 3)
    run(house, traffic, 20)
    x.down = True
    for number in range(1_100):
        x.post(f"fırtına {number}", found=False)
        house.clock.pass_(seconds=6)
    heal(house, x)
    missing = [p for p in x.posts if f"post/{p.id}" not in house.landed]
    assert len(missing) >= 300, "the stand-in shows 800 mentions, no more"
    assert all(house.in_a_gap(moment(p.id)) for p in missing)
    reached = [p for p in x.posts if f"post/{p.id}" in house.landed]
    assert len(reached) + len(missing) == len(x.posts)


@pytest.mark.slow
def test_an_outage_longer_than_the_search_looks_back_is_a_gap(house: House, x: XStandin) -> None:
    x.post("önce", mentions=())
    house.turn()
    lost = x.post("sırada", mentions=(), at=house.clock() + timedelta(hours=1))
    house.restart()
    house.clock.pass_(days=9)
    found = x.post("sonra", mentions=())
    heal(house, x)
    assert f"post/{found.id}" in house.landed
    assert f"post/{lost.id}" not in house.landed
    assert house.in_a_gap(moment(lost.id))
    assert [gap.what for gap in house.gaps] == ["search"]


@pytest.mark.slow
def test_a_storm_beyond_the_page_limit_is_read_in_several_turns(house: House, x: XStandin) -> None:
    house.table["brand"] = "fırtına"
    house.turn()
    for number in range(2_150):
        x.post(f"fırtına {number}", mentions=())
        house.clock.pass_(milliseconds=200)
    house.turn()
    assert len(house.landed) == 2_000
    assert "hole" in house.checkpoint["search"]["cursor"]
    late = x.post("daha yeni", mentions=())
    house.restart()
    heal(house, x)
    assert len(house.landed) == 2_151
    assert f"post/{late.id}" in house.landed
    assert "hole" not in house.checkpoint["search"]["cursor"]


def test_many_direct_messages_are_read_within_fifteen_requests(house: House, x: XStandin) -> None:
    house.turn()
    for number in range(1_450):
        x.write(f"mesaj {number}")
        house.clock.pass_(milliseconds=100)
    heal(house, x)
    assert sum(key.startswith("dm/") for key in house.landed) == 1_450


def test_direct_messages_go_on_when_x_forgot_the_page(house: House, x: XStandin) -> None:
    house.turn()
    for number in range(1_450):
        x.write(f"mesaj {number}")
        house.clock.pass_(seconds=8)  # longer than the overlap
    house.clock.pass_(minutes=2)
    house.turn()
    assert "left" in house.checkpoint["direct messages"]["cursor"]
    x.forget_tokens()
    heal(house, x)
    assert sum(key.startswith("dm/") for key in house.landed) == 1_450


def test_our_own_messages_and_posts_are_recognised_by_id(house: House, x: XStandin) -> None:
    x.write("merhaba")
    x.write("size nasıl yardımcı olalım", ME)
    x.post("kendi gönderimiz", author=ME)
    house.turn()
    own = {item.facts.get("own", "") for item in house.landed.values()}
    assert own == {"", "1"}
    assert {i.facts["author"] for i in house.landed.values() if not i.facts.get("own")} == {PERSON}


def test_an_idle_account_costs_no_transaction(house: House, x: XStandin) -> None:
    x.post("tek")
    for _ in range(2):  # with the second the account is known to have been read
        house.turn()
        house.clock.pass_(minutes=3)
    before = house.transactions
    for _ in range(10):
        house.clock.pass_(minutes=3)
        house.turn()
    assert house.transactions == before
