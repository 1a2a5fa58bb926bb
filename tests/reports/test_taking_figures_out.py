"""What leaves the system is anonymised, marked, harmless to a spreadsheet, and logged."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from cases.number import shown
from cases.reports import adhoc, exports, periods, sampling
from cases.reports.adhoc import BadChoice, Choice
from cases.reports.figures import measure
from cases.reports.paper.pdf import Stamp, pdf
from cases.reports.paper.xlsx import xlsx
from config.errors import ConfigurationError
from storage import tables as t
from storage.engine import Database
from storage.reporting import keeping
from storage.reporting.counting import Slice

NOW = datetime(2025, 7, 1, 9, tzinfo=UTC)
JUNE = Slice(date(2025, 6, 1), date(2025, 6, 30))
PLAIN, TRUSTED = exports.Taker("bolum"), exports.Taker("musteri", names_people=True)


def lines(data: bytes) -> list[list[str]]:
    return [line.split(";") for line in data.decode("utf-8-sig").split("\r\n") if line]


def test_small_counts_are_hidden_outside_customer_service(sqlite_with_year: Database) -> None:
    rows = [["Kasko", 4, 80.0], ["DASK", 5, None], ["İMM", 0, 1.5]]
    with sqlite_with_year.write() as connection:
        given = exports.table_csv(
            connection, ["Branş", "Adet", "Pay"], rows, PLAIN, what="t", criteria={}, now=NOW
        )
        trusted = exports.table_csv(
            connection, ["Branş", "Adet", "Pay"], rows, TRUSTED, what="t", criteria={}, now=NOW
        )
        log = keeping.exports(connection)
    assert lines(given)[1:4] == [["Kasko", "<5", "80,0"], ["DASK", "5", ""], ["İMM", "0", "1,5"]]
    assert lines(trusted)[1][1] == "4"
    assert lines(given)[-1] == ["bolum, 01.07.2025 12:00"]
    assert given.startswith(b"\xef\xbb\xbf")
    assert [(one["by"], one["anonymised"], one["rows"]) for one in log] == [
        ("musteri", False, 3),
        ("bolum", True, 3),
    ]
    assert log[1]["sha256"] == sha256(given).hexdigest()


@pytest.mark.parametrize("cell", ["=1+1", "+90555", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(cell: str) -> None:
    assert exports.guarded(cell) == f"'{cell}"
    assert exports.guarded(-2) == "-2"


def test_a_list_names_nobody_unless_somebody_may(sqlite_with_year: Database) -> None:
    ids = [3, 1, 2]
    with sqlite_with_year.write() as connection:
        numbers = list(
            connection.execute(
                select(t.application.c.number).where(t.application.c.id.in_(ids)).order_by("id")
            ).scalars()
        )
        names = connection.execute(select(t.application.c.applicant_name)).scalars().all()
        plain = exports.list_csv(connection, ids, PLAIN, what="l", criteria={}, now=NOW)
        trusted = exports.list_csv(connection, ids, TRUSTED, what="l", criteria={}, now=NOW)
        book = exports.list_xlsx(connection, ids, PLAIN, what="l", criteria={}, now=NOW)
    text = plain.decode("utf-8-sig")
    assert len(lines(plain)) == 5 and "Bilgi talebi" in text
    assert not [n for n in numbers if n in text or shown(n) in text]
    assert not [name for name in set(names) if name and name in text]
    assert [row[0] for row in lines(trusted)[1:4]] == [shown(n) for n in numbers]
    page = openpyxl.load_workbook(BytesIO(book)).active
    assert page["A1"].value == "bolum, 01.07.2025 12:00" and page.max_row == 5


def test_a_figure_leads_to_its_applications_as_rights_allow(year: Database) -> None:
    def only_even(ids: Collection[int]) -> list[int]:
        return [one for one in ids if one % 2 == 0]

    with year.read() as connection:
        for name in ("received", "legal", "resolution_median", "open", "overdue_sla", "nps"):
            everything = exports.behind(connection, name, JUNE, lambda ids: ids)
            some = exports.behind(connection, name, JUNE, only_even)
            assert len(some.rows) + some.hidden == len(everything.rows), name
            assert all(row["id"] % 2 == 0 for row in some.rows)
        found = measure(connection, ("received", "open"), JUNE)[()]
        assert len(exports.behind(connection, "open", JUNE, list).rows) == found["open"].value


def test_figures_are_picked_by_dimensions_and_sorted(year: Database) -> None:
    choice = Choice(("received", "legal"), ("branch",), where={"type": "complaint"})
    with year.read() as connection:
        found = adhoc.sheet(connection, choice, NOW, title="")
        whole = measure(connection, ("received",), Slice(JUNE.first, JUNE.last, choice.where))[()]
        counts = [row[1] for row in found.raw]
        assert counts == sorted(counts, reverse=True) and sum(counts) == whole["received"].value
        by_month = Choice(("received",), ("month",), first=date(2025, 2, 1), last=date(2025, 4, 30))
        months = [row[0] for row in adhoc.sheet(connection, by_month, NOW, title="").rows]
    assert months == ["01.02.2025", "01.03.2025", "01.04.2025"]
    assert found.head == ["Branş", "Alınan başvuru", "Yasal süreye uyum"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"measures": ("nothing",)}, "no measure nothing"),
        ({"measures": ()}, "No measure"),
        ({"measures": ("received",), "by": ("applicant_name",)}, "no dimension"),
        ({"measures": ("received",), "span": "for ever"}, "no span"),
        ({"measures": ("open",), "by": ("day",)}, "when a period ends"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(BadChoice, match=says):
        Choice(**wrong)  # type: ignore[arg-type]


def test_a_saved_choice_runs_on_its_schedule_once(year: Database) -> None:
    choice = Choice(("received",), ("channel",))
    with year.write() as connection:
        with pytest.raises(ConfigurationError):
            adhoc.save(connection, "x", choice, schedule="never", by="a", now=NOW)
        adhoc.save(connection, "Kanal", choice, schedule="0 8 * * *", by="a", now=NOW)
        assert adhoc.due(connection, NOW) == []
        tomorrow = datetime(2025, 7, 2, 5, 1, tzinfo=UTC)
        [(name, again, recipients)] = adhoc.due(connection, tomorrow)
        assert (name, again, recipients) == ("Kanal", choice, [])
        report = keeping.load(connection, adhoc.make(connection, name, again, by="a", now=tomorrow))
        assert adhoc.due(connection, tomorrow) == []
    assert report is not None and report.content["rows"][0][0] == "Telefon"
    stamp = Stamp("Örnek Sigorta")
    assert pdf(report.content, stamp).startswith(b"%PDF")
    page = openpyxl.load_workbook(BytesIO(xlsx(report.content, stamp)))["Kanal"]
    assert (page["A2"].value, page["B1"].value) == ("Telefon", "Alınan başvuru")


def test_an_audit_sample_is_the_same_for_the_same_seed_and_covers_all_groups(
    year: Database,
) -> None:
    first_half = periods.span(date(2025, 1, 1), date(2025, 6, 30))
    with year.read() as connection:
        one = sampling.sample(connection, first_half, 40, seed=1)
        assert one == sampling.sample(connection, first_half, 40, seed=1)
        assert one != sampling.sample(connection, first_half, 40, seed=2)
        assert len(one) == len(set(one)) == 40
        everything = sampling.sample(connection, first_half, 10_000, seed=1)
        types = set(
            connection.execute(
                select(t.case_fact.c.type).where(t.case_fact.c.application_id.in_(one))
            ).scalars()
        )
    assert set(one) <= set(everything) and {"complaint", "request"} <= types


def test_complaints_are_divided_by_the_policies_of_the_months(year: Database) -> None:
    with year.write() as connection:
        rows = [(date(2025, 5, 1), "kasko", 1000, 10), (date(2025, 6, 1), "kasko", 3000, None)]
        keeping.set_policies(connection, rows, by="a", now=NOW)
        assert keeping.policies(connection, JUNE.first, JUNE.last)["kasko"] == 3000
        both = keeping.policies(connection, date(2025, 5, 1), JUNE.last)
        assert both["kasko"] == 2000
        names = ("complaints_per_1000", "received_complaints")
        found = measure(connection, names, JUNE, ("branch",))[("kasko",)]
        rate, count = found["complaints_per_1000"], found["received_complaints"].value
        assert count and rate.value == pytest.approx(count / 3, abs=1e-3)
        by_channel = measure(connection, names, JUNE, ("channel",))[("phone",)]
    assert by_channel["complaints_per_1000"].value is None
