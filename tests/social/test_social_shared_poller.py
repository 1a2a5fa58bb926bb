"""The polite poller, its parks, its budget: without any network."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from social_house import START, Moment

from ingest.contract import MAX_ITEMS, Context, Delivery, Gap, RawItem, Refusal
from ingest.errors import Later, Misconfigured
from ingest.social.budget import Budget
from ingest.social.expiry import line
from ingest.social.feature import Page, Since
from ingest.social.parking import Parking
from ingest.social.poller import PolitePoller
from ingest.social.state import StateFile
from ingest.social.trouble import Cause, Trouble

REACH = timedelta(days=7)


@dataclass
class Feature:
    """``runs``: what each run does in turn; the last one goes on for ever."""

    name: str
    runs: list[list[Page | Trouble]] = field(default_factory=list)
    every: timedelta = timedelta()
    reach: timedelta | None = REACH
    asked: list[Since] = field(default_factory=list)

    def pages(self, since: Since) -> Iterator[Page]:
        self.asked.append(since)
        for step in self.runs.pop(0) if self.runs else [Page(complete=True)]:
            if isinstance(step, Trouble):
                raise step
            yield step


@dataclass
class Account:
    folder: Path
    clock: Moment = field(default_factory=Moment)
    stop: bool = False

    def poller(self, *features: Feature, aside: tuple[Feature, ...] = ()) -> PolitePoller:
        context = Context("a", structlog.get_logger(), self.clock, lambda: self.stop)
        return PolitePoller(features, self.parking(), context, self.clock, aside)

    def parking(self, secret: str = "one") -> Parking:
        return Parking(StateFile(self.folder), self.clock, [secret])


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return Account(tmp_path)


def items(*names: str) -> list[RawItem]:
    return [RawItem(name, "social", b"{}") for name in names]


def keys(deliveries: list[Delivery]) -> list[str]:
    return [item.source_key for delivery in deliveries for item in delivery.items]


def done(*names: str, newest: str = "1") -> Page:
    return Page(items(*names), {"newest": newest}, complete=True)


def busy(after: timedelta | None = None) -> Trouble:
    return Trouble(Cause.THROTTLED, "Too many.", after=after)


def test_a_cursor_moves_with_the_last_page_only(account: Account) -> None:
    feature = Feature("mentions", [[Page(items("a")), done("b")]])
    first, last = account.poller(feature).read({})
    assert first.checkpoint is None
    assert last.checkpoint is not None
    assert last.checkpoint["mentions"]["cursor"] == {"newest": "1"}


def test_trouble_on_the_way_leaves_the_cursor(account: Account) -> None:
    feature = Feature("mentions", [[Page(items("a")), busy()], [done("a", "b")]])
    poller = account.poller(feature, Feature("search"))
    deliveries = list(poller.read({}))
    assert keys(deliveries) == ["a"]
    assert not any(d.checkpoint and "mentions" in d.checkpoint for d in deliveries)


def test_what_was_handed_over_is_not_handed_over_again(account: Account) -> None:
    feature = Feature("mentions", [[done("a", "b")], [done("b", "a", "c", newest="2")]])
    poller = account.poller(feature)
    (first,) = poller.read({})
    assert keys(list(poller.read(dict(first.checkpoint or {})))) == ["c"]


def test_after_a_restored_backup_everything_comes_again(account: Account) -> None:
    feature = Feature("mentions", [[done("a", "b")], [done("a", "b")]])
    poller = account.poller(feature)
    list(poller.read({}))
    assert keys(list(poller.read({}))) == ["a", "b"]


def test_a_page_is_divided_and_its_cursor_comes_with_the_last_part(account: Account) -> None:
    many = [f"k{n}" for n in range(2 * MAX_ITEMS + 1)]
    gone = tuple(Refusal(f"r{n}", "no") for n in range(5))
    page = Page(items(*many), {"newest": "9"}, complete=True, refusals=gone)
    deliveries = list(account.poller(Feature("mentions", [[page]])).read({}))
    assert keys(deliveries) == many
    assert sum(len(d.refusals) for d in deliveries) == 5
    assert max(len(d.items) + len(d.refusals) for d in deliveries) <= MAX_ITEMS
    assert [d.checkpoint is not None for d in deliveries] == [False, False, True]


def test_the_longest_unread_feature_comes_first(account: Account) -> None:
    first, second = Feature("one"), Feature("two", [[busy(timedelta(minutes=1))]])
    list(account.poller(first, second).read({}))
    account.clock.pass_(minutes=2)
    order: list[str] = []
    for feature in (first, second):
        pages = feature.pages
        feature.pages = lambda s, f=feature, p=pages: (order.append(f.name), p(s))[1]  # type: ignore[method-assign]
    list(account.poller(first, second).read({}))
    assert order == ["two", "one"]


def test_a_feature_waits_its_time_between_two_runs(account: Account) -> None:
    feature = Feature("mentions", every=timedelta(minutes=5))
    poller = account.poller(feature)
    for _ in range(6):
        list(poller.read({}))
        account.clock.pass_(minutes=2)
    assert len(feature.asked) == 2, "at the start, and six minutes later"


def test_one_throttled_feature_stops_no_other(account: Account) -> None:
    one = Feature("one", [[busy(timedelta(minutes=3))]])
    other = Feature("other", [[done("a")], [done("b")]])
    poller = account.poller(one, other)
    assert keys(list(poller.read({}))) == ["a"]
    assert keys(list(poller.read({}))) == ["b"]
    assert len(one.asked) == 1


def test_when_none_is_left_the_shortest_wait_is_told(account: Account) -> None:
    one = Feature("one", [[busy(timedelta(minutes=3))]])
    other = Feature("other", [[busy(timedelta(seconds=90))]])
    with pytest.raises(Later) as failure:
        list(account.poller(one, other).read({}))
    assert failure.value.after == timedelta(seconds=90)


def test_what_is_read_aside_does_not_count(account: Account) -> None:
    aside = Feature("look again")
    with pytest.raises(Later):
        list(account.poller(Feature("one", [[busy()]]), aside=(aside,)).read({}))
    assert len(aside.asked) == 1


def test_a_lost_permission_needs_a_person(account: Account) -> None:
    trouble = Trouble(Cause.PERMISSION, "Not allowed.", remedy="Give it.")
    with pytest.raises(Misconfigured) as failure:
        list(account.poller(Feature("one", [[trouble]])).read({}))
    assert failure.value.remedy == "Give it."


@pytest.mark.parametrize("cause", [Cause.DEAD, Cause.NO_CREDIT, Cause.VERSION])
def test_what_stops_the_account_ends_the_run(account: Account, cause: Cause) -> None:
    other = Feature("other")
    with pytest.raises(Misconfigured):
        list(account.poller(Feature("one", [[Trouble(cause, "x")]]), other).read({}))
    assert not other.asked


def test_an_outage_beyond_the_reach_is_told_once_with_the_page_that_ends_it(
    account: Account,
) -> None:
    feature = Feature("search", [[done("a")], [Page(items("b")), busy()], [done("b", newest="2")]])
    (first,) = account.poller(feature).read({})
    account.clock.pass_(days=9)
    poller = account.poller(feature, Feature("other"))
    checkpoint = dict(first.checkpoint or {})
    assert not [gap for d in poller.read(checkpoint) for gap in d.gaps], "the run did not end well"
    account.clock.pass_(minutes=16)
    deliveries = list(account.poller(feature).read(checkpoint))
    now = account.clock.now
    assert [gap for d in deliveries for gap in d.gaps] == [
        Gap("search", START, now - REACH, deliveries[-1].gaps[0].reason)
    ]
    again = account.poller(feature).read(dict(deliveries[-1].checkpoint or {}))
    assert not [gap for d in again for gap in d.gaps]


def test_a_run_with_its_middle_unread_has_not_read_up_to_now(account: Account) -> None:
    half = Page(items("b"), {"newest": "9", "hole": "2"})
    feature = Feature("search", [[done("a")], [half]])
    poller = account.poller(feature)
    (first,) = poller.read({})
    account.clock.pass_(minutes=5)
    (second,) = poller.read(dict(first.checkpoint or {}))
    assert first.checkpoint is not None
    assert second.checkpoint is not None
    before, after = first.checkpoint["search"], second.checkpoint["search"]
    assert after["cursor"] == {"newest": "9", "hole": "2"}
    assert after["read_at"] == before["read_at"]


def test_the_time_of_an_idle_account_is_written_down_every_hour(account: Account) -> None:
    poller, checkpoint, transactions = account.poller(Feature("mentions")), {}, 0
    for _ in range(100):
        for delivery in poller.read(checkpoint):
            checkpoint, transactions = dict(delivery.checkpoint or {}), transactions + 1
        account.clock.pass_(minutes=3)
    assert 4 <= transactions <= 6


def test_stopping_leaves_the_rest_for_the_next_process(account: Account) -> None:
    feature = Feature("mentions", [[Page(items("a")), Page(items("b")), done("c")]])
    reading = account.poller(feature).read({})
    next(reading)
    account.stop = True
    assert list(reading) == []
    assert account.parking().last_good("mentions") is None


# -- parking ---------------------------------------------------------------------------------


def test_a_park_survives_the_process_and_ends_in_time(account: Account) -> None:
    account.parking().park("mentions", busy(timedelta(minutes=5)))
    assert account.parking().parked("mentions")
    account.clock.pass_(minutes=5)
    assert account.parking().parked("mentions") is None


def test_a_new_secret_ends_every_park(account: Account) -> None:
    account.parking().park("mentions", Trouble(Cause.DEAD, "dead"))
    assert account.parking("another").parked("mentions") is None


def test_a_busy_network_backs_off_in_this_process_alone(account: Account) -> None:
    parking, lengths = account.parking(), []
    for _ in range(7):
        park = parking.park("mentions", Trouble(Cause.BUSY, "500"))
        lengths.append((park.until - park.since) / timedelta(minutes=1))
    assert lengths == [1, 2, 4, 8, 15, 15, 15]
    assert account.parking().parked("mentions") is None


def test_a_clock_that_was_set_back_parks_nobody_for_days(account: Account) -> None:
    account.parking().park("mentions", busy(timedelta(minutes=5)))
    account.clock.pass_(days=-2)
    assert account.parking().parked("mentions") is None


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b'{"features": 3}', b'{"features":{"m":{"park":7}}}']
)
def test_a_damaged_state_file_is_no_state(account: Account, damage: bytes) -> None:
    (account.folder / "social.json").write_bytes(damage)
    parking = account.parking()
    assert parking.parked("m") is None
    parking.good("m")
    assert json.loads((account.folder / "social.json").read_bytes())["features"]["m"]["good_at"]


def test_the_board_says_why_and_what_to_do(account: Account) -> None:
    parking = account.parking()
    parking.park("mentions", Trouble(Cause.PERMISSION, "Not allowed.", remedy="Give it."))
    shown = parking.line("mentions")
    assert (shown.state, shown.detail, shown.remedy) == ("parked", "Not allowed.", "Give it.")


def test_an_end_is_warned_of_fourteen_days_ahead() -> None:
    end = datetime(2026, 12, 20, tzinfo=UTC)
    states = {
        days: line("token", end, end - timedelta(days=days), remedy="Renew it.").state
        for days in (15, 14, 1, 0, -1)
    }
    assert states == {15: "ok", 14: "warning", 1: "warning", 0: "dead", -1: "dead"}


# -- budget ----------------------------------------------------------------------------------


def budget(account: Account, limit: float | None) -> Budget:
    return Budget(limit, StateFile(account.folder), account.clock)


def test_a_page_is_as_large_as_the_money_left(account: Account) -> None:
    money = budget(account, 1.0)
    assert money.affordable(100, 0.005, least=5) == 100
    money.spend([str(n) for n in range(150)], 0.005)
    assert money.affordable(100, 0.005, least=5) == 50
    money.spend([str(n) for n in range(150, 197)], 0.005)
    with pytest.raises(Trouble) as trouble:
        money.affordable(100, 0.005, least=5)
    assert trouble.value.cause is Cause.BUDGET
    assert trouble.value.after == timedelta(hours=16, minutes=1)


def test_the_money_of_a_day_survives_the_process_and_not_the_day(account: Account) -> None:
    budget(account, 1.0).spend(["a", "b", "a"], 0.1)
    assert budget(account, 1.0).spent == pytest.approx(0.2)
    account.clock.pass_(hours=16)
    assert budget(account, 1.0).spent == 0


def test_no_limit_asks_for_all_and_zero_for_nothing(account: Account) -> None:
    assert budget(account, None).affordable(100, 0.005, least=5) == 100
    with pytest.raises(Trouble):
        budget(account, 0.0).affordable(100, 0.005, least=5)


def test_a_park_is_logged_with_its_cause(account: Account) -> None:
    with structlog.testing.capture_logs() as logs:
        list(account.poller(Feature("one", [[busy()]]), Feature("two")).read({}))
    (entry,) = logs
    assert (entry["event"], entry["feature"], entry["cause"]) == (
        "social.parked",
        "one",
        "throttled",
    )


def test_an_outage_after_a_first_and_empty_run_is_told(account: Account):
    quiet = Feature("search")
    assert list(account.poller(quiet).read({})) == []
    begun = account.clock()
    account.clock.pass_(days=9)
    found = Feature("search", [[done("late")]])
    deliveries = list(account.poller(found).read({}))
    assert found.asked == [Since({}, begun)]
    [gap] = [gap for d in deliveries for gap in d.gaps]
    assert (gap.since, gap.until) == (begun, account.clock() - REACH)


def test_a_run_that_stopped_at_its_page_limit_does_not_say_how_far_it_was_read(account: Account):
    stopped = Feature("search", [[Page(items("a"), {"newest": "1"})]])
    list(account.poller(stopped).read({}))
    again = Feature("search")
    list(account.poller(again).read({}))
    assert again.asked[0].read_at is None
