"""Small questions of pages, over a made-up year: they agree with the figures of the reports."""

from datetime import UTC, date, datetime

from storage import duties, keeping
from storage.reporting import keeping as reports
from storage.reporting import lists
from storage.reporting.counting import Slice

YEAR = Slice(date(2025, 1, 1), date(2025, 12, 31))
END = datetime(2025, 12, 31, 21, tzinfo=UTC)


def test_months_of_policies_are_summed_over_their_branches(year) -> None:
    with year.read() as connection:
        [newest, *_] = reports.policy_months(connection)
        entered = reports.policies_of(connection, newest["month"])
    assert newest["policies"] == sum(policies for policies, _ in entered.values())
    assert newest["branches"] == len(entered)


def test_only_what_somebody_may_open_is_visible(year) -> None:
    with year.write() as connection:
        ids = [row[0] for row in lists.closed_between(connection, YEAR.first, YEAR.last)]
        keeping.restrict(connection, ids[0], "istek", by="staff:x", now=END)
        assert ids[0] not in lists.visible(connection, ids)
        assert lists.visible(connection, ids, restricted=True) == sorted(set(ids))
        legal = lists.visible(connection, ids, department="hukuk")
        assert {row["department"] for row in lists.facts_of(connection, legal)} == {"hukuk"}


def test_open_duties_say_how_somebody_can_be_reached(year) -> None:
    with year.read() as connection:
        found = duties.acknowledgements(connection)
    assert {one["state"] for one in found} <= {"no_phone", "failed", "unknown"}
    assert all(not one["applicant_phone"] for one in found if one["state"] == "no_phone")
