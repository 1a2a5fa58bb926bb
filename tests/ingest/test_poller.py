"""The loop over channels: order of commit and receipt, failures, leases."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from config.errors import ConfigurationError
from ingest.contract import Delivery, RawItem
from ingest.errors import Later, Misconfigured, Refused
from ingest.poller import AccountLoop, Closed, Lost, Turn

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


class Reception:
    def __init__(self, story: list) -> None:
        self.story, self.turns, self.failure = story, [Turn({}, 1, 0)], None

    def turn(self, account, length):
        return self.turns[0] if len(self.turns) == 1 else self.turns.pop(0)

    def land(self, account, delivery, epoch):
        if self.failure:
            raise self.failure
        self.story.append(("land", [item.source_key for item in delivery.items]))

    def read_through(self, account, board):
        self.story.append("read through")

    def park(self, account, until, reason, remedy, board):
        self.story.append(("park", (until - NOW).total_seconds(), reason, remedy))

    def again(self, account, wanted, item, refused):
        self.story.append(("again", wanted, item and item.source_key, refused))

    def leave(self, account):
        self.story.append("leave")


class Scripted:
    """A channel that brings what it is told, or fails as it is told."""

    def __init__(self, story: list, *steps) -> None:
        self.story, self.steps = story, steps

    def read(self, since):
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            key = step
            yield Delivery(
                [RawItem(key, "text", b"x")], {"at": key}, lambda key=key: self._ack(key)
            )

    def _ack(self, key):
        self.story.append(("ack", key))

    def wait(self, timeout):
        self.story.append("wait")

    def fetch_again(self, source_key):
        if source_key == "gone":
            raise Refused("the source no longer has it")
        return RawItem(source_key, "text", b"whole")

    def check(self):
        return []

    def close(self):
        self.story.append("close")


@pytest.fixture
def story():
    return []


def loop(story, *steps):
    reception = Reception(story)
    made = AccountLoop(
        "box", lambda: Scripted(story, *steps), reception, lambda: NOW, threading.Event()
    )
    return made, reception


def test_the_receipt_is_signed_only_after_the_commit(story):
    one, _ = loop(story, "a", "b")
    one.step()
    assert story == [
        ("land", ["a"]),
        ("ack", "a"),
        ("land", ["b"]),
        ("ack", "b"),
        "read through",
        "wait",
    ]


@pytest.mark.parametrize("failure", [Lost(), Closed()])
def test_what_was_not_stored_is_never_acknowledged(story, failure):
    one, reception = loop(story, "a")
    reception.failure = failure
    one.stop.set()
    one.step()
    assert ("ack", "a") not in story
    assert "read through" not in story
    assert story[-1] == "close"


def test_a_source_that_asks_to_wait_is_waited_for(story):
    one, _ = loop(story, Later("throttled", after=timedelta(seconds=90)))
    one.step()
    assert story == ["close", ("park", 90.0, "throttled", "")]


def test_waiting_grows_with_failures_in_a_row(story):
    one, reception = loop(story, Later("down"))
    for failures, least, most in ((0, 1, 1.25), (3, 8, 10), (20, 300, 375)):
        reception.turns = [Turn({}, 1, failures)]
        story.clear()
        one.step()
        [_, (_, seconds, _, _)] = story
        assert least <= seconds <= most


def test_a_channel_that_was_started_is_opened_anew(story):
    one, reception = loop(story)
    reception.turns = [Turn({}, 1, 0), Turn({}, 1, 0), Turn({}, 2, 0)]
    one.step()
    one.step()
    assert "close" not in story
    one.step()
    assert story[-3:] == ["close", "read through", "wait"]


def test_what_only_an_operator_can_mend_parks_the_account_and_says_the_remedy(story):
    one, _ = loop(story, "a", Misconfigured("login refused", remedy="Check the password."))
    one.step()
    assert story[-1] == ("park", 900.0, "login refused", "Check the password.")
    assert ("ack", "a") in story


def test_a_setting_that_turns_out_wrong_is_said_in_its_own_words(story):
    one, _ = loop(story, ConfigurationError("cv2 is missing", remedy="Run `make setup`."))
    one.step()
    assert story[-1] == ("park", 900.0, "cv2 is missing", "Run `make setup`.")


def test_a_defect_of_an_adapter_parks_its_account_without_showing_content(story):
    one, _ = loop(story, KeyError("0555 000 12 34"))
    one.step()
    [_, (_, seconds, reason, remedy)] = story
    assert reason == "the channel failed with KeyError"
    assert seconds < 2
    assert "author" in remedy


def test_an_account_that_somebody_else_reads_is_left_alone(story):
    one, reception = loop(story, "a")
    reception.turns = [None]
    one.stop.set()
    one.step()
    assert story == []


def test_reading_stops_when_the_lease_passed_on(story):
    one, reception = loop(story, "a", "b")
    clock = iter([NOW, NOW + timedelta(seconds=30)])
    one.now = lambda: next(clock, NOW + timedelta(seconds=31))
    reception.turns = [Turn({}, 1, 0), None, None]
    one.step()
    assert ("land", ["b"]) not in story


def test_an_operators_wish_for_the_whole_item_is_answered(story):
    one, reception = loop(story)
    reception.turns = [Turn({}, 1, 0, [(7, "big"), (8, "gone")])]
    one.step()
    assert story[:2] == [("again", 7, "big", ""), ("again", 8, None, "the source no longer has it")]


def test_a_stopped_loop_gives_its_lease_back(story):
    one, _ = loop(story, "a")
    one.stop.set()
    one.run()
    assert story == ["leave"]
