"""`basvuru report`: what an operator can do without the portal."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from basvuru.cli.root import build
from cases.reports import glossary
from samples.year.load import Loader
from samples.year.story import Year
from storage.blobs import FolderBlobs
from storage.engine import Database
from storage.schema import upgrade

RUN = CliRunner()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a small year in it."""
    folder = tmp_path_factory.mktemp("installation")
    database = Database(f"sqlite:///{folder / 'basvuru.db'}")
    upgrade(database)
    blobs = FolderBlobs(folder / "blobs")
    blobs.prepare()
    Loader(database, blobs, b"test-key", b"index").load(Year(2025, 120, 3))
    database.close()
    return folder


def report(data: Path, *words: str, code: int = 0) -> str:
    done = RUN.invoke(build(), ["report", *words, "--data", str(data)])
    assert done.exit_code == code, done.output
    return done.stdout


def test_a_monthly_report_is_made_listed_and_shown(data: Path, tmp_path: Path) -> None:
    made = json.loads(report(data, "monthly", "--date", "2025-06-18", "--json"))
    assert made["period"] == {"kind": "month", "first": "2025-06-01", "last": "2025-06-30"}
    assert made["balance"]["balances"]
    [row] = json.loads(report(data, "list", "--kind", "monthly", "--json"))
    assert row["id"] == made["id"]
    sheet = tmp_path / "june.xlsx"
    report(data, "show", str(row["id"]), "--xlsx", str(sheet))
    assert sheet.read_bytes().startswith(b"PK")
    assert "Denge" not in report(data, "show", str(row["id"]), "--language", "en")


def test_figures_are_asked_for_and_lead_to_applications(data: Path, tmp_path: Path) -> None:
    days = ("--first", "2025-01-01", "--last", "2025-12-31")
    rows = json.loads(report(data, "query", "received", "--by", "type", *days, "--json"))
    assert sum(row["Alınan başvuru"] for row in rows) == 120
    behind = json.loads(
        report(data, "behind", "received", *days, "--where", "type=thanks", "--json")
    )
    assert len(behind) == next(r["Alınan başvuru"] for r in rows if r["Tür"] == "Teşekkür")
    file = tmp_path / "q.csv"
    report(data, "query", "received", "--by", "type", *days, "--csv", str(file))
    assert "<5" in file.read_text("utf-8-sig")


def test_wrong_words_are_answered_with_what_there_is(data: Path) -> None:
    report(data, "daily", "--date", "yesterday", code=2)
    report(data, "behind", "nothing", "--first", "2025-01-01", "--last", "2025-01-02", code=2)
    report(data, "show", "999", code=2)


def test_policies_come_from_a_file_and_a_bad_line_is_named(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "policies.csv"
    file.write_text("month;branch;policies;claims\n2025-06;kasko;1000;10\n", "utf-8")
    assert "1 rows" in report(data, "policies", str(file))
    file.write_text("month;branch;policies;claims\n2025-06;kasko;many;10\n", "utf-8")
    report(data, "policies", str(file), code=2)


def test_counting_is_verified_and_made_anew(data: Path) -> None:
    assert "0 applications" in report(data, "verify")
    assert "120 applications" in report(data, "rebuild")


def test_an_audit_sample_names_applications_and_checks(data: Path) -> None:
    days = ("--first", "2025-01-01", "--last", "2025-12-31")
    drawn = json.loads(report(data, "sample", *days, "--size", "10", "--json"))
    assert len(drawn["applications"]) == 10 and len(drawn["checks"]) == 7


def test_the_page_of_definitions_is_printed_from_them() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
    assert glossary.markdown() in page


def test_the_board_says_what_is_open(data: Path) -> None:
    found = json.loads(report(data, "board", "--json"))
    assert found["today"] == {}
    assert all(row["open"] > 0 for row in found["open"])
