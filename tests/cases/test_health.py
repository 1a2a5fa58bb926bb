"""Is anything wrong: every verdict from a picture made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cases import health, health_words
from cases.health import Around, Objectives, findings
from storage.board import BoardLine
from storage.channels import ChannelState
from storage.operations import Flow, Picture, Process, Times
from storage.switches import Switch

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def ago(**delta: float) -> datetime:
    return NOW - timedelta(**delta)


CHANNEL = ChannelState(
    name="mail",
    kind="email",
    checkpoint={},
    lease_holder="h",
    lease_epoch=3,
    lease_until=NOW + timedelta(minutes=1),
    stopped=False,
    parked_until=None,
    parked_reason=None,
    parked_remedy=None,
    failures=0,
    last_read_at=ago(seconds=5),
    last_ok_at=ago(seconds=5),
    last_item_at=ago(minutes=2),
)
PROCESSES = [Process(role, role, ago(hours=1), ago(seconds=3)) for role in health.ROLES]
FINE = Picture(
    at=NOW,
    channels=[CHANNEL],
    last_hour={"mail": 12},
    usual={"mail": [10, 14, 9, 11]},
    board=[],
    gaps=[],
    stages=[],
    outbox=[],
    duties=0,
    oldest_duty=None,
    quarantine={"machine-mail": 7},
    oldest_quarantined=None,
    unbalanced=[],
    processes=PROCESSES,
    flow=Flow(0, 0, 0),
    times=Times([1.0] * 20, [2.0] * 20),
    maintenance=None,
)


def row(queue="mail", age=1.0, waiting=3, put_off=0):
    return {
        "stage": "normalise",
        "queue": queue,
        "oldest_age": age,
        "waiting": waiting,
        "put_off": put_off,
        "held": 0,
    }


def keys(picture=FINE, around=None):
    return [one.key for one in findings(picture, around or Around(), Objectives())]


def test_nothing_is_wrong_when_nothing_is() -> None:
    assert keys() == []


@pytest.mark.parametrize(
    ("values", "word", "key"),
    [
        ({"stopped": True}, "stopped", None),
        (
            {"parked_until": NOW + timedelta(hours=1), "parked_reason": "x"},
            "parked",
            "channel_parked",
        ),
        ({"parked_until": ago(hours=1)}, "ok", None),
        ({"lease_until": ago(seconds=1)}, "dead", "channel_dead"),
        ({"lease_until": None, "lease_epoch": 0}, "ok", None),
        ({"last_ok_at": ago(minutes=6)}, "late", "channel_late"),
    ],
)
def test_a_channel_in_one_word(values, word, key) -> None:
    picture = replace(FINE, channels=[replace(CHANNEL, **values)])
    assert health.channel_state(picture.channels[0], picture) == word
    assert keys(picture) == ([f"{key}:mail"] if key else [])


@pytest.mark.parametrize(
    ("came", "usual", "word"),
    [
        (0, [10, 14, 9, 11], "silent"),
        (0, [1, 0, 2, 1], "ok"),
        (0, [40, 0, 0, 0], "ok"),
        (0, [], "ok"),
        (200, [10, 14, 9, 11], "flood"),
        (29, [1, 1, 0, 1], "ok"),
        (50, [], "ok"),
    ],
)
def test_silence_and_flood_are_told_from_the_usual_hour(came, usual, word) -> None:
    picture = replace(FINE, last_hour={"mail": came}, usual={"mail": usual})
    assert health.channel_state(CHANNEL, picture) == word


def test_slow_and_dead_look_different() -> None:
    slow = replace(FINE, stages=[row(age=300)])
    assert keys(slow) == ["stage_slow:normalise/mail"]
    nobody = [one for one in PROCESSES if one.role != "work"]
    dead = replace(FINE, stages=[row(age=5)], processes=nobody)
    assert keys(dead) == ["role_dead:work", "stage_dead:normalise/mail"]
    assert keys(replace(FINE, stages=[row("pages", age=300)])) == []
    assert keys(replace(FINE, stages=[row(age=300, waiting=2, put_off=2)])) == []


def test_one_worker_for_all_counts_for_both() -> None:
    others = [one for one in PROCESSES if one.role not in ("work", "pages")]
    both = [*others, Process("a", "all", ago(hours=1), NOW)]
    assert keys(replace(FINE, processes=both)) == []


def test_a_process_that_went_silent_beside_others_is_a_warning() -> None:
    silent = Process("host/1", "work", ago(hours=1), ago(minutes=2))
    [found] = findings(replace(FINE, processes=[*PROCESSES, silent]), Around(), Objectives())
    assert (found.key, found.level, found.since) == (
        "process_silent:host/1",
        "warn",
        ago(minutes=2),
    )


def test_the_rest_of_what_can_be_wrong() -> None:
    line = BoardLine(
        "x", "mentions", "dead", "no token", "Make one.", None, None, None, "", None, NOW
    )
    picture = replace(
        FINE,
        board=[line],
        duties=2,
        oldest_duty=ago(hours=5),
        quarantine={"unreadable": 1},
        unbalanced=[{"channel": "mail", "day": date(2026, 3, 9)}],
        times=Times([90.0] * 20, [400.0] * 20),
        maintenance=Switch(ago(minutes=3), "deneme", ""),
    )
    around = Around({"/data": 0.04}, broker=True, dead_letters=3)
    found = findings(picture, around, Objectives())
    assert {one.key for one in found} == {
        "access_dead:x, mentions",
        "duties:",
        "quarantine:",
        "ledger:mail 09.03.2026",
        "time_number:",
        "time_sms:",
        "disk:/data",
        "dead_letters:",
        "maintenance:",
    }
    assert [one.level for one in found] == sorted(one.level for one in found)
    assert keys(around=Around(broker=False)) == ["broker:"]
    for one in found:
        for language in ("tr", "en"):
            said = health_words.what(one, language) + health_words.remedy(one, language)
            assert "{" not in said
            assert said


def test_percentiles() -> None:
    assert health.percentile([], 0.95) is None
    assert health.percentile([3.0], 0.95) == 3.0
    assert health.percentile(list(range(1, 101)), 0.95) == 95
