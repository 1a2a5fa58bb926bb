"""Figures of a made-up year agree with a plain reading of its history, and its days balance."""

from collections import Counter
from datetime import date, timedelta

import pytest
from recomputing import Case, balance, cases
from sqlalchemy import select, update

from cases.reports import building, periods
from cases.reports.figures import figures, measure, percentile
from config.clock import local_date, start_of
from samples.year.story import is_working
from storage import tables as t
from storage.engine import Database
from storage.events import FIRST, chain_hash
from storage.reporting import counting, facts, stock
from storage.reporting.counters import COUNTERS, NOT_JUDGED
from storage.reporting.counting import Slice

WHOLE = Slice(date(2025, 1, 1), date(2025, 12, 31))
MARCH = Slice(date(2025, 3, 1), date(2025, 3, 31))


def test_what_is_counted_is_what_the_history_says(year: Database) -> None:
    with year.read() as connection:
        assert facts.differences(connection) == []


def test_a_fact_that_was_changed_is_found_and_mended(year: Database) -> None:
    with year.write() as connection:
        connection.execute(
            update(t.case_fact)
            .where(t.case_fact.c.application_id == 5)
            .values(type="thanks", seq=1)
        )
        assert facts.differences(connection) == [5]
        facts.follow(connection, [5])
        assert facts.differences(connection) == []


def test_counting_everything_anew_changes_nothing(year: Database) -> None:
    with year.write() as connection:
        before = counting.count(connection, COUNTERS, WHOLE)
        assert facts.rebuild(connection) == 600
        assert facts.differences(connection) == []
        assert counting.count(connection, COUNTERS, WHOLE) == before


def test_every_day_week_month_and_quarter_balances(year: Database) -> None:
    with year.read() as connection:
        everything = cases(connection)
        for kind in ("week", "month", "quarter"):
            for period in periods.each(kind, date(2025, 1, 6), date(2025, 12, 28)):
                found = building.balance(connection, period)
                assert found.pop("balances"), period
                assert found == balance(everything, period.first, period.last), period
        left = 0
        for day, received, reopened, closed in stock.daily(connection, WHOLE.first, WHOLE.last):
            left += received + reopened - closed
            counted = stock.open_at(connection, day)[()]
            assert left == counted == sum(one.open_at_end_of(day) for one in everything), day


def test_the_balance_holds_for_each_department(year: Database) -> None:
    june = periods.containing("month", date(2025, 6, 1))
    with year.read() as connection:
        everything = cases(connection)
        for department in {one.department for one in everything}:
            found = building.balance(connection, june, ("department",), (department,))
            theirs = [one for one in everything if one.department == department]
            assert found.pop("balances")
            assert found == balance(theirs, june.first, june.last)


def test_durations_and_deadlines_agree(year: Database) -> None:
    with year.read() as connection:
        everything = cases(connection)
        found = measure(connection, figures(), MARCH)[()]
    spread: Counter[int] = Counter()
    for one in everything:
        for day, outcome in one.shut:
            if MARCH.first <= day <= MARCH.last and one.type != "thanks":
                spread[_working_days(one, day)] += outcome not in NOT_JUDGED
    spread += Counter()  # drops zeros
    assert found["resolution_median"].value == percentile(spread, 0.5)
    assert found["resolution_p90"].value == percentile(spread, 0.9)
    due = [one for one in everything if _due_in_march(one)]
    met = [o for o in due if o.settled_at and o.legal_due_at and o.settled_at <= o.legal_due_at]
    assert (found["legal"].numerator, found["legal"].denominator) == (len(met), len(due))
    assert found["legal"].value == pytest.approx(100 * len(met) / len(due), abs=1e-3)


def _working_days(one: Case, until: date) -> int:
    day, count = local_date(one.received_at), 0
    while day < until:
        day += timedelta(days=1)
        count += is_working(day)
    return count


def _due_in_march(one: Case) -> bool:
    if one.legal_due_at is None or one.type == "thanks" or one.outcome in NOT_JUDGED:
        return False
    return MARCH.first <= local_date(one.legal_due_at) <= MARCH.last


def test_splits_add_up_to_the_whole(year: Database) -> None:
    names = ("received", "closed", "redress", "surveys_sent", "legal_due", "sms_parts")
    with year.read() as connection:
        [whole] = counting.count(connection, names, WHOLE).values()
        for by in (("channel",), ("type", "department"), ("month",), ("weekday", "hour")):
            split = counting.count(connection, names, WHOLE, by)
            for name in names:
                assert sum(sums[name] for sums in split.values()) == whole[name], (by, name)


def test_the_applications_behind_a_number_are_as_many(year: Database) -> None:
    part = Slice(MARCH.first, MARCH.last, {"type": "complaint"})
    with year.read() as connection:
        for name in ("received", "legal_met", "acknowledged"):
            [sums] = counting.count(connection, (name,), part).values()
            assert len(counting.ids(connection, name, part)) == sums[name] > 0
        assert (
            len(stock.open_ids(connection, MARCH.last)) == stock.open_at(connection, MARCH.last)[()]
        )


def test_the_histories_of_the_year_verify(year: Database) -> None:
    with year.read() as connection:
        rows = connection.execute(
            select(t.event).order_by(t.event.c.application_id, t.event.c.seq)
        ).mappings()
        previous, application = FIRST, None
        for row in rows:
            if row["application_id"] != application:
                application, previous = row["application_id"], FIRST
            assert row["previous"] == previous
            assert row["hash"] == chain_hash(previous, row)
            previous = row["hash"]


def test_the_live_board_is_the_stock_of_now(year: Database) -> None:
    with year.read() as connection:
        last = stock.daily(connection, WHOLE.first, date(2026, 1, 2))[-1][0]
        found = stock.board(connection, start_of(date(2026, 1, 3)), last)
        assert sum(row["open"] for row in found["open"]) == stock.open_at(connection, last)[()]


def test_intermediaries_are_summed_up_without_those_that_have_none(year: Database) -> None:
    with year.read() as connection:
        found = building.table(connection, "agent", WHOLE, None)
        total = found["total"]["received"]["value"]
        assert total == sum(row["received"]["value"] for row in found["rows"]) > 0
        assert total == len([one for one in cases(connection) if one.agent])
