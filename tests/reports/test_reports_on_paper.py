"""PDF and XLSX say what the data says, in Turkish, and nothing in them runs."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pypdfium2
import pytest

from cases.reports import charts, making, periods, wording
from cases.reports.figures import percentile
from cases.reports.paper.pdf import Stamp, pdf
from cases.reports.paper.xlsx import xlsx
from storage.engine import Database

NOW = datetime(2025, 7, 1, 6, tzinfo=UTC)
STAMP = Stamp("Örnek Sigorta", revision=2, fingerprint="ab" * 32, taken_by="deneme, 01.07.2025")


def content_of(database: Database, kind: str, day: date = date(2025, 6, 3)) -> dict[str, Any]:
    period = making.period_for(kind, day, day)
    people = [{"name": "Deneme Kisi", "title": "Müdür", "phone": "0216", "email": "a@example.test"}]
    with database.read() as connection:
        return making.content_of(connection, kind, period, NOW, people)


def text_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["daily", "weekly", "monthly", "quarterly", "review"])
def test_every_kind_becomes_a_pdf_with_its_figures(sqlite_with_year: Database, kind: str) -> None:
    content = content_of(sqlite_with_year, kind)
    text = text_of(pdf(content, STAMP))
    balance = content["balance"]
    for part in (
        wording.TITLES[kind][0],
        wording.period_title(content, "tr"),
        "Örnek Sigorta",
        wording.number(balance["closing"]),
        "Denge tutuyor",
        "Tanımlar",
        "deneme, 01.07.2025",
        "abababababab",
        *(["Branşlara göre şikâyetler", "Deneme Kisi"] if kind == "quarterly" else []),
    ):
        assert part in text, part


@pytest.mark.slow
def test_a_report_of_a_period_without_anything_can_be_printed(sqlite: Database) -> None:
    with sqlite.write() as connection:
        from cases.reports import calendar

        calendar.prepare(connection, date(2025, 7, 1))
    for kind in ("daily", "monthly", "quarterly"):
        content = content_of(sqlite, kind)
        assert wording.TITLES[kind][1] in text_of(pdf(content, Stamp("X", language="en")))
        assert xlsx(content, Stamp("X"))


def test_a_workbook_has_numbers_and_no_formula(sqlite_with_year: Database) -> None:
    content = content_of(sqlite_with_year, "monthly")
    content["labels"]["branch"]["kasko"] = ["=HYPERLINK(1)", "=HYPERLINK(1)"]
    book = openpyxl.load_workbook(BytesIO(xlsx(content, STAMP)))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "=HYPERLINK(1)" for cell in cells)
    branches = book["Branş"]
    total = {row[0].value: row[1].value for row in branches.iter_rows(min_row=2)}["Toplam"]
    assert total == content["balance"]["received"]


@pytest.mark.parametrize("name", list(charts.CHARTS))
def test_every_chart_is_an_svg_with_a_title(sqlite_with_year: Database, name: str) -> None:
    content = content_of(sqlite_with_year, "monthly")
    drawn = charts.draw(content, name)
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert wording.word(name, "tr") in drawn
    assert drawn == charts.draw(content, name)


def test_a_month_shows_all_charts_and_an_older_report_those_that_it_can(
    sqlite_with_year: Database,
) -> None:
    content = content_of(sqlite_with_year, "monthly")
    assert charts.wanted(content) == list(charts.STANDARD)
    older = {name: part for name, part in content.items() if name != "strip"}
    older["tables"] = [t for t in content["tables"] if t["dimension"] != "province"]
    assert set(charts.STANDARD) - set(charts.wanted(older)) == {"strip", "province"}
    assert "levels" in charts.wanted(content_of(sqlite_with_year, "daily"))


def test_the_strip_agrees_with_the_medians_of_the_table(sqlite_with_year: Database) -> None:
    content = content_of(sqlite_with_year, "monthly")
    [branches] = [t for t in content["tables"] if t["dimension"] == "branch"]
    medians = {row["key"]: row["resolution_median"]["value"] for row in branches["rows"]}
    assert content["strip"]
    for row in content["strip"]:
        assert row["rows"] >= 5
        assert row["p10"] <= row["p25"] <= row["p50"] <= row["p75"] <= row["p90"]
        assert row["p50"] == medians[row["key"]]


def test_levels_show_only_what_there_was_to_do_in_time() -> None:
    figures = [
        {"name": "sla", "value": 78.3},
        {"name": "received", "value": 4},
        {"name": "legal", "value": None},
    ]
    assert [row["name"] for row in charts.levels({"figures": figures})] == ["sla"]


def test_numbers_and_changes_read_as_turkish_does() -> None:
    assert wording.value(98.94, "percent") == "%98,9"
    assert wording.value(227223210, "money") == "2.272.232 TL"
    assert wording.value(None, "count") == "–"
    assert wording.change(98.9, 97.2, "percent") == "+1,7 puan"
    assert wording.change(80, 100, "count") == "−%20"
    assert wording.direction(80, 100, "down") == "better"


def test_periods_are_named_as_people_name_them() -> None:
    day = date(2026, 1, 1)
    names = [periods.title(periods.containing(k, day)) for k in ("day", "week", "month", "quarter")]
    assert names[0] == "01.01.2026"
    assert names[1] == "2026, 1. hafta (29.12.–04.01.2026)"
    assert names[2:] == ["Ocak 2026", "2026, 1. çeyrek"]


def test_the_same_period_last_year_is_the_same_kind_of_days() -> None:
    monday = periods.containing("day", date(2026, 3, 9))
    assert periods.year_before(monday).first.weekday() == 0
    assert periods.year_before(periods.containing("month", date(2024, 2, 5))).last == date(
        2023, 2, 28
    )
    assert periods.previous(periods.containing("quarter", day := date(2026, 1, 9))).first < day


def test_a_percentile_is_a_value_that_occurs() -> None:
    assert percentile({1: 1, 2: 1}, 0.5) == 1
    assert percentile({0: 9, 30: 1}, 0.9) == 0
    assert percentile({0: 8, 30: 2}, 0.9) == 30
    assert percentile({}, 0.5) is None


def test_a_workbook_shows_units_and_prints_its_heading(sqlite_with_year: Database) -> None:
    content = content_of(sqlite_with_year, "monthly")
    book = openpyxl.load_workbook(BytesIO(xlsx(content, STAMP)))
    figures = {row[0].value: row[1] for row in book["Göstergeler"].iter_rows(min_row=2)}
    assert figures["Yasal süreye uyum"].number_format == '"%"#,##0.0'
    assert figures["Çözüm süresi (ortanca)"].number_format == '#,##0" iş günü"'
    assert figures["Telafi tutarı"].number_format == '#,##0" TL"'
    assert isinstance(figures["Telafi tutarı"].value, int | float)
    assert book["Göstergeler"]["B1"].alignment.horizontal == "right"
    assert "Aylık başvuru raporu" in book["Kanal"].oddHeader.left.text
    english = openpyxl.load_workbook(BytesIO(xlsx(content, Stamp("X", language="en"))))
    assert english["Figures"]["B3"].number_format == "#,##0"
