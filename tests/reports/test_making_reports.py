"""Reports are made once for each period, stay as they were, and say what changed since."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from peers.world import World
from sqlalchemy import select, update

from cases.reports import making, periods
from config.clock import ISTANBUL
from config.errors import ConfigurationError
from storage import tables as t
from storage.applications import lock
from storage.engine import Database
from storage.events import Event, append
from storage.reporting import keeping
from workers.reports import ReportDesk

JUNE = periods.containing("month", date(2025, 6, 1))
LATER = datetime(2025, 7, 1, 9, tzinfo=UTC)


def make(database: Database, kind: str = "monthly", now: datetime = LATER) -> keeping.Report:
    return making.make(database, kind, JUNE, by="test", now=now)[0]


def value_of(content: Mapping[str, Any], name: str) -> float:
    return next(one["value"] for one in content["figures"] if one["name"] == name)


def test_a_report_that_says_nothing_new_is_not_kept_twice(year: Database) -> None:
    first, new = making.make(year, "monthly", JUNE, by="a", now=LATER)
    again, new_again = making.make(year, "monthly", JUNE, by="b", now=LATER + timedelta(days=1))
    assert (new, new_again) == (True, False)
    assert again.id == first.id and making.verified(first)


def test_what_changes_later_leaves_the_report_and_is_shown_as_revised(year: Database) -> None:
    report = make(year)
    reported = value_of(report.content, "received_complaints")
    with year.write() as connection:
        [one] = connection.execute(
            select(t.case_fact.c.application_id)
            .where(
                t.case_fact.c.type == "complaint", t.case_fact.c.recorded_day == date(2025, 6, 18)
            )
            .limit(1)
        ).scalars()
        lock(connection, [one])
        append(connection, [Event(one, "assessed", "staff:x", {"type": "request"})], LATER)
        kept = keeping.load(connection, report.id)
        assert kept is not None and value_of(kept.content, "received_complaints") == reported
        assert {"name": "received_complaints", "reported": reported, "now": reported - 1} in (
            making.revisions(connection, kept)
        )
    revised = make(year)
    assert (revised.revision, value_of(revised.content, "received_complaints")) == (2, reported - 1)
    july = periods.containing("month", date(2025, 7, 1))
    with year.read() as connection:
        content = making.content_of(connection, "monthly", july, LATER)
    assert "reported" not in content["figures"][1]  # the newest revision is what was reported


def test_the_month_before_is_marked_where_it_was_reported_otherwise(year: Database) -> None:
    report = make(year)
    with year.write() as connection:
        figures = [
            one | {"value": 1.0} if one["name"] == "received" else one
            for one in report.content["figures"]
        ]
        connection.execute(update(t.report).values(content={**report.content, "figures": figures}))
        july = periods.containing("month", date(2025, 7, 1))
        content = making.content_of(connection, "monthly", july, LATER)
        tampered = keeping.load(connection, report.id)
    [received] = [one for one in content["figures"] if one["name"] == "received"]
    assert received["reported"] == 1.0 != received["previous"]
    assert tampered is not None and not making.verified(tampered)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=ISTANBUL)


def dues(kind: str, last: date | None, now: datetime) -> list[date]:
    begun = date(2025, 1, 1)
    schedule = {"daily": "15 6 * * *", "weekly": "30 6 * * 1", "monthly": "0 7 1 * *"}[kind]
    return [one.period.first for one in making.due(kind, schedule, last, begun, now)]


def test_a_day_is_due_once_its_moment_has_come() -> None:
    yesterday = date(2026, 3, 9)
    assert dues("daily", date(2026, 3, 8), at(10, 6)) == []
    assert dues("daily", date(2026, 3, 8), at(10, 7)) == [yesterday]
    assert dues("daily", yesterday, at(10, 23)) == []


def test_a_downtime_is_caught_up_with_oldest_first_and_within_bounds() -> None:
    assert dues("daily", date(2026, 3, 5), at(10)) == [date(2026, 3, day) for day in (6, 7, 8, 9)]
    assert len(dues("daily", date(2025, 6, 1), at(10))) == making.CATCH_UP
    assert dues("monthly", date(2025, 12, 31), at(10)) == [date(2026, 1, 1), date(2026, 2, 1)]


def test_a_new_installation_reports_on_the_last_period_alone() -> None:
    assert dues("weekly", None, at(10)) == [date(2026, 3, 2)]
    assert list(making.due("daily", "15 6 * * *", None, date(2026, 3, 10), at(10))) == []


def test_a_schedule_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no schedule"):
        dues_of = making.due("daily", "at dawn", None, date(2025, 1, 1), at(10))
        list(dues_of)


def test_a_due_report_is_made_and_mailed_once_with_both_files(
    sqlite_with_year: Database, tmp_path: Path
) -> None:
    settings = {"reports": {"recipients": {"monthly": ["kurul@example.test", "uyum@example.test"]}}}
    world = World(sqlite_with_year, tmp_path, LATER, **settings)
    desk = ReportDesk(world.tools)
    desk.run()
    desk.run()
    with sqlite_with_year.read() as connection:
        made = {row["kind"]: row["id"] for row in keeping.listed(connection)}
        assert set(made) == {"daily", "weekly", "monthly", "quarterly"}
        assert [row["state"] for row in keeping.mails(connection, made["monthly"])] == ["sent"] * 2
    mails = [message_from_bytes(file.read_bytes()) for file in (tmp_path / "outgoing").iterdir()]
    assert {mail["To"] for mail in mails} == {"kurul@example.test", "uyum@example.test"}
    assert [part.get_filename() for part in mails[0].walk() if part.get_filename()] == [
        "monthly-2025-06-01.pdf",
        "monthly-2025-06-01.xlsx",
    ]


def test_live_figures_have_a_calendar_before_any_report_is_made(world: World) -> None:
    ReportDesk(world.tools).run()
    with world.database.read() as connection:
        days = connection.execute(select(t.report_day.c.day, t.report_day.c.working)).all()
    working = {row.day: row.working for row in days}
    assert working[date(2026, 3, 10)] and not working[date(2026, 4, 23)]


def test_a_mail_that_cannot_go_is_tried_again_later(
    sqlite_with_year: Database, tmp_path: Path
) -> None:
    world = World(
        sqlite_with_year,
        tmp_path,
        LATER,
        reports={"recipients": {"monthly": ["kurul@example.test"]}},
        mail={"host": "127.0.0.1", "port": 1},
    )
    desk = ReportDesk(world.tools)
    report = make(sqlite_with_year)
    with sqlite_with_year.write() as connection:
        keeping.address(connection, report.id, ["kurul@example.test"], LATER)
    desk.mail_due(LATER)
    with sqlite_with_year.read() as connection:
        [row] = keeping.mails(connection, report.id)
        assert (row["state"], row["attempts"]) == ("pending", 1) and row["due_at"] > LATER
        assert keeping.to_mail(connection, LATER) == []
