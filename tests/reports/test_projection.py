"""Whatever the history, what is counted of it balances."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.clock import local_date
from storage.reporting.projection import project

BEGIN = datetime(2026, 3, 10, 20, 30, tzinfo=UTC)
APPLICATION = {
    "id": 1,
    "kind": "email",
    "channel": "mail",
    "received_at": BEGIN,
    "recorded_at": BEGIN,
}
KINDS = ("assessed", "routed", "answered", "closed", "reopened", "joined_into", "asked", "recorded")


def events(kinds: list[str], step: int = 1) -> list[dict[str, Any]]:
    data = {"routed": {"department": "a"}, "closed": {"outcome": "accepted", "redress": 5}}
    return [
        {
            "seq": i,
            "kind": kind,
            "at": BEGIN + timedelta(hours=step * i),
            "data": data.get(kind, {}),
        }
        for i, kind in enumerate(kinds, 1)
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(KINDS), max_size=25), st.integers(0, 40))
def test_any_history_balances_on_any_day(kinds: list[str], step: int) -> None:
    fact, moved = project(APPLICATION, events(["recorded", *kinds], step))
    counts = Counter(row["kind"] for row in moved)
    assert counts["received"] == 1
    assert counts["received"] + counts["reopened"] - counts["closed"] == fact["is_open"]
    for day in {row["day"] for row in moved}:
        flows = Counter(row["kind"] for row in moved if row["day"] <= day)
        spans = [r for r in moved if r["kind"] in ("received", "reopened") and r["day"] <= day]
        standing = sum(r["until_day"] is None or r["until_day"] > day for r in spans)
        assert flows["received"] + flows["reopened"] - flows["closed"] == standing


def test_a_closing_of_what_is_closed_counts_nothing() -> None:
    _, moved = project(APPLICATION, events(["recorded", "closed", "closed"]))
    assert [row["kind"] for row in moved] == ["received", "closed"]


def test_a_joined_application_is_closed_as_a_duplicate() -> None:
    fact, moved = project(APPLICATION, events(["recorded", "joined_into"]))
    assert (moved[-1]["kind"], moved[-1]["code"]) == ("closed", "duplicate")
    assert not fact["is_open"]


def test_half_past_eleven_at_night_is_that_day_in_istanbul() -> None:
    fact, [received] = project(APPLICATION, events(["recorded"], step=0))
    assert received["day"] == fact["received_day"] == local_date(BEGIN)
    assert (fact["received_hour"], fact["received_weekday"]) == (23, 1)


def test_the_first_answer_settles_both_clocks_and_a_later_one_does_not() -> None:
    fact, moved = project(APPLICATION, events(["recorded", "answered", "reopened", "answered"]))
    assert fact["settled_at"] == BEGIN + timedelta(hours=2)
    assert [row["kind"] for row in moved] == ["received", "answered", "answered_again"]


def test_only_a_change_of_department_is_a_transfer() -> None:
    fact, _ = project(APPLICATION, events(["recorded", "routed", "routed"]))
    assert fact["transfers"] == 0
    moved = events(["recorded", "routed", "routed"])
    moved[-1]["data"] = {"department": "b"}
    assert project(APPLICATION, moved)[0]["transfers"] == 1
