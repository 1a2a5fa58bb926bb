from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.deadlines.calendar import Calendar
from cases.deadlines.rules import Rule, due_at, extended, next_warning, share_at, share_reached
from config import shipped
from config.clock import ISTANBUL

DAYS = {one.day: one.kind for year in range(2024, 2033) for one in shipped.holidays(year)}
COUNTS = Calendar(DAYS)
DOES_NOT = Calendar(DAYS, half_day_counts=False)

VECTORS = """
2025-06-02 2025-06-25 2025-06-26 2025-06-17 2025-07-02
2026-03-02 2026-03-24 2026-03-25 2026-03-17 2026-04-01
2026-03-10 2026-04-01 2026-04-02 2026-03-25 2026-04-09
2026-03-14 2026-04-06 2026-04-07 2026-03-30 2026-04-13
2026-04-22 2026-05-15 2026-05-15 2026-05-07 2026-05-22
2026-05-15 2026-06-11 2026-06-12 2026-06-01 2026-06-15
2026-05-25 2026-06-18 2026-06-19 2026-06-09 2026-06-24
2026-10-20 2026-11-11 2026-11-12 2026-11-04 2026-11-19
2026-11-02 2026-11-23 2026-11-23 2026-11-17 2026-12-02
2026-12-28 2027-01-19 2027-01-19 2027-01-12 2027-01-27
2027-03-01 2027-03-25 2027-03-26 2027-03-16 2027-03-31
2027-05-10 2027-06-03 2027-06-03 2027-05-25 2027-06-09
"""
ROWS = [tuple(map(date.fromisoformat, line.split())) for line in VECTORS.split("\n") if line]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ISTANBUL)


@pytest.mark.parametrize(("start", "half", "no_half", "days15", "days30"), ROWS)
def test_every_published_vector_is_met(start, half, no_half, days15, days30):
    assert COUNTS.add_working_days(start, 15) == half
    assert DOES_NOT.add_working_days(start, 15) == no_half
    assert COUNTS.add_days(start, 15) == DOES_NOT.add_days(start, 15) == days15
    assert COUNTS.add_days(start, 30) == DOES_NOT.add_days(start, 30) == days30


@pytest.mark.parametrize(
    ("year", "days"),
    [(2024, 250), (2025, 251), (2026, 251), (2027, 250), (2028, 254), (2029, 249), (2030, 250)],
)
def test_a_year_has_so_many_working_days(year: int, days: int):
    assert COUNTS.working_days(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_a_feast_eve_that_is_a_national_day_is_a_whole_holiday():
    assert DAYS[date(2029, 4, 23)] == "full"
    assert DAYS[date(2026, 10, 28)] == "half"
    assert not COUNTS.is_working(date(2029, 4, 23))


def test_years_of_estimated_feasts_are_not_known():
    assert shipped.holidays(2032)
    assert shipped.holidays(2033) == ()


def test_an_administrator_may_make_any_day_work_or_free():
    changed = Calendar(DAYS | {date(2026, 3, 21): "working", date(2026, 3, 23): "full"})
    assert changed.is_working(date(2026, 3, 21))
    assert changed.add_working_days(date(2026, 3, 19), 2) == date(2026, 3, 24)


starts = st.dates(date(2024, 1, 1), date(2031, 6, 1))


@given(starts, st.integers(0, 60))
def test_counting_and_adding_agree(start: date, count: int):
    end = COUNTS.add_working_days(start, count)
    assert COUNTS.working_days(start, end) == count
    assert COUNTS.working_days(end, start) == -count
    assert count == 0 or COUNTS.is_working(end)


@given(starts, st.integers(0, 60))
def test_a_period_in_days_never_ends_on_a_free_day(start: date, count: int):
    end = COUNTS.add_days(start, count)
    assert (end - start).days >= count
    assert DAYS.get(end) != "full"
    assert end.weekday() < 5


RULE = Rule("insurer-15", "legal", "always", 15, "working_days", "received", "law")


def test_the_day_of_receipt_is_the_day_in_istanbul():
    late = datetime.fromisoformat("2026-03-09T21:30:00+00:00")
    assert due_at(RULE, late, COUNTS) == at("2026-04-01T23:59:59")
    assert due_at(RULE, at("2026-03-09T23:30:00"), COUNTS) == at("2026-03-31T23:59:59")


def test_hours_run_through_nights_and_feasts():
    breach = Rule("breach-72", "breach", "always", 72, "hours", "known", "board")
    assert due_at(breach, at("2026-03-19T15:00:00"), COUNTS) == at("2026-03-22T15:00:00")


def test_warnings_pass_over_weekends_and_feasts():
    start, due = at("2026-03-16T00:00:00"), at("2026-03-25T00:00:00")
    # Mon to Thu, then the feast and a weekend, then Mon and Tue: six working days
    assert share_at(start, due, 50, COUNTS) == at("2026-03-19T00:00:00")
    assert share_at(start, due, 80, COUNTS) == at("2026-03-23T19:12:00")
    assert share_at(start, due, 100, COUNTS) == due


def test_time_that_is_all_holiday_counts_in_full():
    start, due = at("2026-03-20T00:00:00"), at("2026-03-22T00:00:00")
    assert share_at(start, due, 50, COUNTS) == at("2026-03-21T00:00:00")


def test_the_next_warning_is_the_first_that_was_not_given():
    start, due = at("2026-03-09T00:00:00"), at("2026-03-14T00:00:00")
    assert next_warning(start, due, 0, COUNTS) == at("2026-03-11T12:00:00")
    assert next_warning(start, due, 80, COUNTS) == due
    assert next_warning(start, due, 100, COUNTS) is None
    assert share_reached(start, due, COUNTS, at("2026-03-13T00:00:00")) == 80


def test_a_pause_moves_the_end_by_the_working_days_that_it_took():
    due = at("2026-03-17T23:59:59")
    moved, days = extended(due, at("2026-03-12T10:00:00"), at("2026-03-16T09:00:00"), COUNTS)
    assert (moved, days) == (at("2026-03-19T23:59:59"), 2)
    assert extended(due, at("2026-03-12T10:00:00"), at("2026-03-12T18:00:00"), COUNTS) == (due, 0)
