"""What stands beside a document: hostile like everything from outside, and sometimes late."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from spool_tools import SAMPLES, Desk, put

from ingest.channels.fax import CHANNEL
from ingest.spool.documents import PROBLEM
from ingest.spool.sidecars import MAX_BYTES, BadSidecar, moment, parse

FAX = (SAMPLES / "fax/tesekkur.tif").read_bytes()


def desk(folder: Path, **settings: object) -> Desk:
    table = {"kind": "fax", "source": "spool", "folder": folder, "settle_seconds": 0}
    return Desk(CHANNEL, table | settings)


def test_json_becomes_flat_facts() -> None:
    body = '{"Fax": {"Number": "0555 000 12 34", "Pages": 2, "ok": true}, "empty": "", "list": [1]}'
    facts = parse(body.encode(), "a.json")
    assert facts == {"number": "0555 000 12 34", "pages": "2", "ok": "true"}


def test_xml_becomes_flat_facts() -> None:
    body = """<?xml version="1.0" encoding="ISO-8859-9"?>
      <f:fax xmlns:f="urn:x" pages="2">
        <f:Number>0555 000 12 34</f:Number><name>Işıl</name>
      </f:fax>"""
    facts = parse(body.encode("iso-8859-9"), "a.xml")
    assert facts["number"] == "0555 000 12 34"
    assert (facts["pages"], facts["name"]) == ("2", "Işıl")


LAUGHS = """<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l><number>&b;</number></l>"""
OUTSIDE = """<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l><number>&x;</number></l>"""


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.xml", LAUGHS),
        ("a.xml", OUTSIDE),
        ("a.xml", "<a>" * 100 + "</a>" * 100),
        ("a.xml", "<a><b></a>"),
        ("a.xml", '<?xml version="1.0" encoding="no-such-thing"?><a/>'),
        ("a.xml", "<a>" + "".join(f"<n{n}>x</n{n}>" for n in range(200)) + "</a>"),
        ("a.json", "[" * 60_000),
        ("a.json", '{"a":' * 30 + "1" + "}" * 30),
        ("a.json", "{"),
        ("a.json", json.dumps({f"n{n}": "x" for n in range(200)})),
        ("a.json", '{"number": "1"}' + " " * MAX_BYTES),
    ],
)
def test_a_hostile_sidecar_is_refused(name: str, body: str) -> None:
    with pytest.raises(BadSidecar) as failure:
        parse(body.encode(), name)
    assert "passwd" not in str(failure.value)


def test_a_bad_sidecar_does_not_hold_its_document_back(tmp_path: Path) -> None:
    put(tmp_path / "a.tif", FAX)
    put(tmp_path / "a.xml", LAUGHS.encode())
    (item,) = desk(tmp_path).poll()
    assert item.problem is None
    assert "document type" in item.facts[PROBLEM]
    assert "fax_number" not in item.facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T09:12:40+03:00", "2026-11-24T06:12:40+00:00"),
        ("2026-11-24T06:12:40Z", "2026-11-24T06:12:40+00:00"),
        ("2026-11-24 09:12:40", "2026-11-24T06:12:40+00:00"),
        ("24.11.2026 09:12", "2026-11-24T06:12:00+00:00"),
        ("20261124091240", "2026-11-24T06:12:40+00:00"),
        ("20261124-091240", "2026-11-24T06:12:40+00:00"),
        ("2026-11-24", "2026-11-24T09:00:00+00:00"),
        ("24.11.2026", "2026-11-24T09:00:00+00:00"),
        ("20261124", "2026-11-24T09:00:00+00:00"),
    ],
)
def test_times_are_read_as_people_and_programs_write_them(text: str, expected: str) -> None:
    found = moment(text)
    assert found and found[0].astimezone(UTC) == datetime.fromisoformat(expected)
    assert found[1] == (not expected.endswith("09:00:00+00:00"))


@pytest.mark.parametrize("text", ["", "dün", "31.02.2026", "2026-13-01", "9" * 400])
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment(text) is None


def test_a_sidecar_that_comes_late_is_waited_for(tmp_path: Path) -> None:
    bench = desk(tmp_path, sidecar_seconds=60)
    put(tmp_path / "a.tif", FAX)
    bench.clock.pass_by(30)
    assert bench.poll() == []
    put(tmp_path / "a.json", b'{"number": "0555 000 12 34"}')
    (item,) = bench.poll()
    assert item.facts["fax_number"] == "0555 000 12 34"


def test_a_sidecar_that_is_still_written_is_waited_for(tmp_path: Path) -> None:
    bench = desk(tmp_path, settle_seconds=5)
    put(tmp_path / "a.tif", FAX)
    bench.clock.pass_by(6)
    put(tmp_path / "a.json", b'{"number": "0555', age=-6)  # just now, as the moved clock has it
    assert bench.poll() == []
    put(tmp_path / "a.json", b'{"number": "0555 000 12 34"}', age=-6)
    bench.clock.pass_by(6)
    (item,) = bench.poll()
    assert item.facts["fax_number"] == "0555 000 12 34"


def test_a_document_goes_without_a_sidecar_that_never_comes(tmp_path: Path) -> None:
    bench = desk(tmp_path, sidecar_seconds=60)
    put(tmp_path / "a.tif", FAX)
    bench.clock.pass_by(61)
    (item,) = bench.poll()
    assert item.facts == {"fax_pages": "1"}


def test_a_sidecar_moves_with_its_document(tmp_path: Path) -> None:
    bench = desk(tmp_path, after="move")
    put(tmp_path / "a.tif", FAX)
    put(tmp_path / "a.tif.json", b'{"number": "0555 000 12 34"}')
    (item,) = bench.poll()
    assert sorted(path.name for path in (tmp_path / "processed").iterdir()) == [
        "a.tif",
        "a.tif.json",
    ]
    assert bench.channel.fetch_again(item.source_key) == item


def test_a_name_tells_number_and_time_however_its_letters_are_composed(tmp_path: Path) -> None:
    pattern = r"(?P<number>\d{11})_(?P<name>[^_]+)_(?P<time>\d{14})"
    bench = desk(tmp_path, name_pattern=pattern)
    name = unicodedata.normalize("NFD", "05550001234_Işıl Çığ_20261120104215")
    put(tmp_path / f"{name}.tif", FAX)
    put(tmp_path / "unlike.tif", FAX + b"\0")
    named, plain = sorted(bench.poll(), key=lambda item: "fax_number" not in item.facts)
    assert named.facts["fax_number"] == "05550001234"
    assert named.facts["fax_name"] == "Işıl Çığ"
    assert named.received_at == datetime(2026, 11, 20, 7, 42, 15, tzinfo=UTC)
    assert plain.facts == {"fax_pages": "1"}


def test_a_sidecar_names_things_as_its_gateway_does(tmp_path: Path) -> None:
    bench = desk(tmp_path, sidecar_names={"number": "CallerId", "interrupted": "Error"})
    put(tmp_path / "a.tif", FAX)
    put(tmp_path / "a.json", b'{"CallerId": "0555 000 12 34", "Error": "line dropped"}')
    put(tmp_path / "b.tif", FAX)
    put(tmp_path / "b.json", b'{"fax_number": "0555 000 45 67", "Error": false}')
    broken, whole = sorted(bench.poll(), key=lambda item: item.facts["fax_number"])
    assert broken.facts["fax_interrupted"] == "line dropped"
    assert "fax_interrupted" not in whole.facts


def test_a_time_ahead_of_us_is_not_believed(tmp_path: Path) -> None:
    put(tmp_path / "a.tif", FAX)
    ahead = datetime.now(UTC) + timedelta(days=300)
    put(tmp_path / "a.json", json.dumps({"time": ahead.isoformat()}).encode())
    (item,) = desk(tmp_path).poll()
    assert item.received_at and item.received_at < datetime.now(UTC)


def test_a_pattern_that_is_none_is_refused_with_the_settings(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="regular expression"):
        desk(tmp_path, name_pattern="(?P<number>")


def test_the_samples_are_read_with_their_sidecars() -> None:
    bench = desk(SAMPLES / "fax")
    items = bench.poll()
    assert len(items) == 3
    assert all(item.problem is None and item.facts["fax_number"] for item in items)
    assert {item.facts["fax_pages"] for item in items} == {"1", "2"}
