"""Figures of a made-up year agree with a plain reading of its history, and its days balance."""

from datetime import date

from recounting import Recount, balance, differences, told
from sqlalchemy import select, update

from cases.reports import building, periods
from cases.reports.figures import figures, measure
from config.clock import start_of
from storage import tables as t
from storage.engine import Database
from storage.events import FIRST, chain_hash
from storage.reporting import counting, facts, stock
from storage.reporting.counters import COUNTERS
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
        everything = list(told(connection).values())
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
        everything = list(told(connection).values())
        for department in {one.department for one in everything}:
            found = building.balance(connection, june, ("department",), (department,))
            theirs = [one for one in everything if one.department == department]
            assert found.pop("balances")
            assert found == balance(theirs, june.first, june.last)


def test_every_figure_of_every_month_is_what_a_plain_reading_finds(year: Database) -> None:
    with year.read() as connection:
        recount = Recount(connection)
        for month in periods.each("month", WHOLE.first, WHOLE.last):
            found = measure(connection, figures(), Slice(month.first, month.last))[()]
            again = recount.figures(month.first, month.last)
            assert again.keys() == figures().keys()
            assert differences(again, found) == {}, month


def test_every_figure_of_a_department_is_what_a_plain_reading_finds(year: Database) -> None:
    where = {"department": "oto-hasar"}
    theirs = [n for n, one in figures().items() if not one.per and one.how != "actions"]
    with year.read() as connection:
        recount = Recount(connection, "oto-hasar")
        for part in (MARCH, WHOLE):
            found = measure(connection, theirs, Slice(part.first, part.last, where))[()]
            assert found["closed"].value > 0
            assert differences(recount.figures(part.first, part.last), found) == {}


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
        assert total == sum(one.agent is not None for one in told(connection).values())
