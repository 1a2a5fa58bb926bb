"""What stands behind some figures: one row for each reason, adding up to the figure itself."""

from datetime import UTC, date, datetime

import pytest
from recounting import told
from sqlalchemy import select, update

from cases.reports import making, periods
from cases.reports.breakdown import breakdowns
from cases.reports.figures import measure
from cases.reports.paper import sheets
from config.clock import local_date
from storage import tables as t
from storage.engine import Database
from storage.reporting import counting
from storage.reporting.counting import Slice

YEAR = Slice(date(2025, 1, 1), date(2025, 12, 31))
JUNE = periods.containing("month", date(2025, 6, 1))
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def found(year: Database, part: Slice) -> dict[str, dict[str, int]]:
    with year.read() as connection:
        return {
            one["name"]: {row["key"]: row["count"] for row in one["rows"]}
            for one in breakdowns(connection, part)
        }


def test_they_add_up_to_their_figures(year: Database) -> None:
    half = Slice(YEAR.first, date(2025, 7, 15))
    with year.read() as connection:
        names = ("overdue_legal", "not_acknowledged", "proceedings")
        values = measure(connection, names, half)[()]
    rows = found(year, half)
    behind = {"late": "overdue_legal", "unreached": "not_acknowledged", "forums": "proceedings"}
    for table, figure in behind.items():
        assert sum(rows[table].values()) == values[figure].value
    assert set(found(year, YEAR)["results"]) <= {"for_us", "against_us", "partly", "settled"}


def test_how_late_is_counted_in_working_days(year: Database) -> None:
    day = date(2025, 7, 15)
    rows = found(year, Slice(date(2025, 7, 1), day))["late"]
    with year.read() as connection:
        calendar = connection.execute(select(t.report_day.c.day, t.report_day.c.ordinal))
        ordinal = {row.day: row.ordinal for row in calendar}
        late = [
            max(ordinal[day] - ordinal[local_date(one.due["legal_due_at"])], 1)
            for one in told(connection).values()
            if one.open_at_end_of(day) and one.late_at_end_of(day, "legal")
        ]
    spans = {"1–5": range(1, 6), "6–10": range(6, 11), "11–20": range(11, 21)}
    again = {name: sum(one in span for one in late) for name, span in spans.items()}
    assert rows == {**again, "> 20": sum(one > 20 for one in late)}
    assert len(late) > 1


def test_a_report_says_why_somebody_was_not_told(year: Database) -> None:
    o = t.outbox.c
    with year.write() as connection:
        first = select(o.id).where(o.purpose == "received", o.state == "delivered").limit(1)
        row = connection.execute(first).scalar_one()
        connection.execute(update(t.outbox).where(o.id == row).values(state="unknown"))
        when = select(t.case_fact.c.recorded_day).join(
            t.outbox, o.application_id == t.case_fact.c.application_id
        )
        day = connection.execute(when.where(o.id == row)).scalar_one()
    report, _ = making.make(year, "monthly", periods.containing("month", day), by="x", now=NOW)
    [sheet] = [one for one in sheets.breakdowns(report.content, "tr") if one.name == "unreached"]
    assert ["Ulaşıp ulaşmadığı bilinmiyor", "1"] in [row[:2] for row in sheet.rows]


def test_complaints_of_policies_stand_beside_each_branch_of_a_month_but_not_of_a_day(
    year: Database,
) -> None:
    with year.write() as connection:
        connection.execute(update(t.policy_count).values(policies=1000))
    month, _ = making.make(year, "monthly", JUNE, by="x", now=NOW)
    day = periods.containing("day", JUNE.first)
    daily, _ = making.make(year, "daily", day, by="x", now=NOW)

    def branches(report):
        return next(one for one in report.content["tables"] if one["dimension"] == "branch")

    rows = branches(month)["rows"]
    rates = [row["complaints_per_1000"] for row in rows if row["key"]]
    assert any(rate["value"] == rate["numerator"] > 0 for rate in rates)
    assert "complaints_per_1000" not in branches(daily)["columns"]


def test_deadlines_have_no_detail(year: Database) -> None:
    with year.read() as connection, pytest.raises(KeyError):
        counting.count(connection, ("legal_due",), YEAR, ("code",))
