"""A day of traffic on LinkedIn with everything going wrong, on a passed-in clock."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from social_house import House, Moment

from ingest.channels.linkedin import CHANNEL
from ingest.errors import Misconfigured
from ingest.testkit.standins import base as standin
from ingest.testkit.standins.linkedin import (
    DAY_LIMIT,
    ORGANIZATION,
    PAGE,
    REFRESH,
    SECRET,
    TOKEN,
    LinkedInStandin,
    moment,
)

FAULTS = (
    standin.ERROR_PAGE,
    standin.OVERLOADED,
    standin.NO_TYPE,
    standin.NOT_JSON,
    standin.CUT_BODY,
    standin.LIST_BODY,
)


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def linkedin(clock: Moment) -> Iterator[LinkedInStandin]:
    with LinkedInStandin(clock) as server:
        yield server


@pytest.fixture
def house(linkedin: LinkedInStandin, clock: Moment, tmp_path: Path) -> House:
    table = {
        "kind": "linkedin",
        "poll_seconds": 60,
        "organization": ORGANIZATION,
        "access_token": TOKEN,
        "refresh_token": REFRESH,
        "client_id": "client",
        "client_secret": SECRET,
        "calls_per_day": 20_000,
        "base_url": linkedin.url,
    }
    return House(CHANNEL, table, tmp_path / "state", clock)


class Traffic:
    def __init__(self, linkedin: LinkedInStandin, seed: int) -> None:
        self.linkedin, self.chance = linkedin, random.Random(seed)

    def people(self) -> None:
        for _ in range(self.chance.choice((0, 0, 1, 2, 9))):
            how = self.chance.random()
            known = [c for c in self.linkedin.comments.values() if not c.deleted]
            if how < 0.1:
                self.linkedin.mention("bu sayfaya bir söz")
            elif how < 0.25 and known:
                self.linkedin.edit(self.chance.choice(known), f"düzeltme {how}")
            elif how < 0.3 and known:
                self.linkedin.delete(self.chance.choice(known))
            else:
                self.linkedin.comment(f"şikâyet {how}")

    def network(self) -> None:
        server = self.linkedin
        server.decorated = self.chance.random() < 0.9
        if self.chance.random() < 0.3:
            server.faults.extend(self.chance.choices(FAULTS, k=self.chance.randint(1, 2)))
        if self.chance.random() < 0.03:
            told = {**DAY_LIMIT.headers, "Retry-After": "600"}
            server.faults.append(standin.Says(429, DAY_LIMIT.body, told))
        if self.chance.random() < 0.03:
            server.token = "the old one ran out"
        if self.chance.random() < 0.1:
            server.skew = timedelta(minutes=self.chance.randint(-20, 20))
        if self.chance.random() < 0.2:
            server.between_pages = lambda: [server.comment("arada") for _ in range(3)]


def expected(linkedin: LinkedInStandin) -> set[str]:
    """The keys of all that the page was told, made without the channel."""
    keys = set()
    for told in linkedin.notifications:
        urn, action = told["generatedActivity"], told["action"]
        place = urn.replace("urn:li:comment:", "").strip("()").replace("urn:li:", "")
        if action == "SHARE_MENTION":
            keys.add(f"post/{place}")
        else:
            mark = {"COMMENT": "", "COMMENT_DELETE": "#deleted"}.get(
                action, f"@{told['lastModifiedAt']}"
            )
            keys.add(f"comment/{place}{mark}")
    return keys


@pytest.mark.slow
def test_a_day_of_faults_and_restarts_loses_nothing_and_doubles_nothing(
    house: House, linkedin: LinkedInStandin
) -> None:
    traffic = Traffic(linkedin, 4)
    for _ in range(96):
        traffic.people()
        traffic.network()
        house.turn(traffic.chance)
        house.clock.pass_(minutes=15)
    linkedin.faults.clear()
    linkedin.skew = timedelta()
    for _ in range(8):
        house.turn()
        house.clock.pass_(minutes=15)
    assert house.landed.keys() == expected(linkedin)
    assert len(linkedin.notifications) > 150
    assert not house.gaps
    assert house.said, "nobody was told of the trouble"


@pytest.mark.slow
def test_a_storm_is_read_in_shorter_stretches(house: House, linkedin: LinkedInStandin) -> None:
    house.turn()
    for number in range(2_300):
        linkedin.comment(f"fırtına {number}")
        house.clock.pass_(seconds=10)
    house.turn()
    assert house.landed.keys() == expected(linkedin)


def test_an_outage_of_more_than_sixty_days_is_a_gap(
    house: House, linkedin: LinkedInStandin
) -> None:
    linkedin.comment("önce")
    house.turn()
    house.clock.pass_(hours=1)
    linkedin.comment("sırada")
    lost = linkedin.notifications[-1]
    house.restart()
    house.clock.pass_(days=70)
    linkedin.comment("sonra")
    house.turn()
    assert len(house.landed) == 2
    assert [gap.what for gap in house.gaps] == ["notifications"]
    assert house.in_a_gap(moment(lost))


def test_a_dead_version_stops_the_page_and_says_what_to_do(
    house: House, linkedin: LinkedInStandin
) -> None:
    linkedin.oldest_version = "202701"
    house.turn()
    (failure,) = house.said
    assert isinstance(failure, Misconfigured)
    assert "202609" in failure.reason
    assert "`version`" in failure.remedy
    house.table["version"] = "202701"
    linkedin.comment("yeniden")
    house.clock.pass_(minutes=16)
    house.turn()
    assert len(house.landed) == 1


def test_a_lost_role_is_told_instead_of_an_empty_list(
    house: House, linkedin: LinkedInStandin
) -> None:
    linkedin.comment("görünmez")
    linkedin.role = "ANALYST"
    house.turn()
    assert isinstance(house.said[0], Misconfigured)
    assert "does not administer" in house.said[0].reason
    linkedin.role = "ADMINISTRATOR"
    house.clock.pass_(minutes=16)
    house.turn()
    assert len(house.landed) == 1


def test_a_day_limit_without_a_header_parks_until_midnight(
    house: House, linkedin: LinkedInStandin, clock: Moment
) -> None:
    linkedin.limit = DAY_LIMIT
    house.turn()
    assert house.parked_until is not None
    assert house.parked_until.strftime("%d %H:%M") == "21 00:01"
    linkedin.limit = None
    linkedin.comment("ertesi gün")
    clock.now = house.parked_until
    house.turn()
    assert len(house.landed) == 1


def test_reading_stops_before_the_requests_of_the_day_are_used_up(
    house: House, linkedin: LinkedInStandin
) -> None:
    house.table["calls_per_day"] = 10
    for number in range(30):
        linkedin.comment(f"yorum {number}")
        house.turn()
        house.clock.pass_(minutes=5)
    assert len(linkedin.asked) == 10
    assert "used up" in house.said[-1].reason
    house.clock.now += timedelta(days=1)
    house.turn()
    assert len(house.landed) == 30


def test_the_page_itself_is_recognised_by_its_urn(house: House, linkedin: LinkedInStandin) -> None:
    linkedin.comment("müşteri")
    linkedin.comment("sayfa", author=PAGE)
    house.turn()
    assert sorted(i.facts.get("own", "") for i in house.landed.values()) == ["", "1"]
