"""The recvq of a HylaFAX server: the log says when a call has ended, and how."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError
from spool_tools import SAMPLES, Desk, put

from ingest.channels.fax import CHANNEL
from ingest.channels.fax.transferlog import TransferLog, caller, parse_line

ZONE = ZoneInfo("Europe/Istanbul")
FAX = (SAMPLES / "fax/konut-iptal.tif").read_bytes()


def line(
    name: str,
    began: datetime,
    *,
    pages: int = 2,
    seconds: int = 33,
    reason: str = "",
    caller_id: tuple[str, str] = ("Ayse Ornek", "05550001234"),
    kind: str = "RECV",
) -> str:
    """As HylaFAX 6.0.7 writes it."""
    lasted = f"0:{seconds // 60:02d}:{seconds % 60:02d}"
    fields = [
        began.astimezone(ZONE).strftime("%m/%d/%y %H:%M"), kind, "000000001", "ttyS0",
        f"recvq/{name}" if kind == "RECV" else "", '""', "fax", '"+90.850.000.0000"',
        '"+90 212 000 45 67"', "2105385", str(pages), lasted, lasted, f'"{reason}"',
        f'"{caller_id[0]}"', f'"{caller_id[1]}"', '"<NONE>::08500000000"', '""', '"00 46 1E"',
    ]  # fmt: skip
    return "\t".join(fields) + "\n"


class Server:
    """The folder of a HylaFAX server, without the server."""

    def __init__(self, folder: Path) -> None:
        self.recvq = folder / "recvq"
        self.log = folder / "xferfaxlog"
        self.recvq.mkdir()
        self.now = datetime.now(ZONE)

    def desk(self, *, log: bool = True, **settings: object) -> Desk:
        table = {"kind": "fax", "source": "hylafax", "folder": self.recvq, "settle_seconds": 0}
        return Desk(CHANNEL, table | ({"transfer_log": self.log} if log else {}) | settings)

    def receive(self, name: str, body: bytes = FAX, *, mode: int = 0o640) -> Path:
        file = put(self.recvq / name, body)
        file.chmod(mode)
        return file

    def write(self, *lines: str) -> None:
        with self.log.open("a") as log:
            log.writelines(lines)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_a_fax_is_taken_when_the_log_has_its_line(server: Server) -> None:
    bench = server.desk()
    file = server.receive("fax000000001.tif")
    server.write(line("fax000000001.tif", server.now, kind="CALL"))
    assert bench.poll() == []
    server.write(line("fax000000001.tif", server.now))
    (item,) = bench.poll()
    assert (item.kind, item.body, item.problem) == ("fax", FAX, None)
    assert item.facts == {
        "fax_number": "05550001234", "fax_name": "Ayse Ornek", "fax_pages": "2",
    }  # fmt: skip
    assert item.received_at and item.received_at.timestamp() == pytest.approx(file.stat().st_mtime)


def test_a_broken_call_says_why(server: Server) -> None:
    server.receive("fax000000001.tif")
    reason = "V.21 signal reception timeout; expected page possibly not received in full"
    server.write(line("fax000000001.tif", server.now, pages=1, seconds=75, reason=reason))
    (item,) = server.desk().poll()
    assert item.facts["fax_interrupted"] == reason
    assert item.facts["fax_pages"] == "1"


def test_half_a_line_is_not_read(server: Server) -> None:
    bench = server.desk()
    server.receive("fax000000001.tif")
    whole = line("fax000000001.tif", server.now)
    server.write(whole[:60])
    assert bench.poll() == []
    server.write(whole[60:])
    assert len(bench.poll()) == 1


def test_an_old_line_of_the_same_name_does_not_count(server: Server) -> None:
    """HylaFAX counts from 1 again when its counter is lost."""
    server.write(line("fax000000001.tif", server.now - timedelta(days=30), pages=7))
    server.receive("fax000000001.tif", mode=0o600)
    bench = server.desk()
    assert bench.poll() == []
    server.write(line("fax000000001.tif", server.now))
    (item,) = bench.poll()
    assert item.facts["fax_pages"] == "2"


def test_a_fax_whose_line_is_lost_comes_with_what_it_says_itself(server: Server) -> None:
    bench = server.desk()
    server.receive("fax000000001.tif")
    bench.clock.pass_by(9 * 60)
    assert bench.poll() == []
    bench.clock.pass_by(2 * 60)
    (item,) = bench.poll()
    assert item.facts == {"fax_pages": "2"}


def test_the_tags_of_a_fax_tell_the_number_where_no_log_is_read(server: Server) -> None:
    from PIL import Image
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    tags = ImageFileDirectory_v2()
    tags[270] = "+90 212 000 45 67\n05550001234\nAyse Ornek\n<NONE>\n08500000000"
    file = server.recvq / "fax000000001.tif"
    Image.new("1", (1728, 100), 1).save(file, tiffinfo=tags, compression="group3")
    file.chmod(0o640)
    (item,) = server.desk(log=False).poll()
    assert item.facts == {
        "fax_number": "05550001234", "fax_name": "Ayse Ornek", "fax_pages": "1",
    }  # fmt: skip


def test_without_a_log_the_file_mode_says_that_the_call_has_ended(server: Server) -> None:
    bench = server.desk(log=False)
    file = server.receive("fax000000001.tif", mode=0o600)
    bench.clock.pass_by(60)  # a page may be that long in coming
    assert bench.poll() == []
    file.chmod(0o640)
    assert len(bench.poll()) == 1


def test_without_log_and_mode_the_silence_says_it(server: Server) -> None:
    bench = server.desk(log=False)
    server.receive("fax000000001.tif", mode=0o600)
    bench.clock.pass_by(181)
    assert len(bench.poll()) == 1


def rotate(server: Server) -> None:
    """As logrotate does, without compression."""
    for number in (2, 1):
        older = server.log.with_name(f"xferfaxlog.{number}")
        if older.exists():
            older.rename(server.log.with_name(f"xferfaxlog.{number + 1}"))
    server.log.rename(server.log.with_name("xferfaxlog.1"))


@pytest.mark.parametrize("rotations", [1, 2])
def test_a_rotated_log_is_read_to_its_end(server: Server, rotations: int) -> None:
    bench = server.desk()
    server.receive("fax000000001.tif")
    server.write(line("fax000000001.tif", server.now))
    assert len(bench.poll()) == 1
    for number in range(2, 3 + rotations):  # one fax in each of the logs
        server.receive(f"fax00000000{number}.tif", FAX + b"\0" * number)
        server.write(line(f"fax00000000{number}.tif", server.now, pages=number))
        then = server.now.timestamp() + number
        os.utime(server.log, (then, then))
        if number < 2 + rotations:
            rotate(server)
    bench.restart()
    assert (
        sorted(item.facts["fax_pages"] for item in bench.poll()) == ["2", "3", "4"][: 1 + rotations]
    )


def test_a_log_that_was_begun_anew_in_place_is_read_from_its_beginning(server: Server) -> None:
    bench = server.desk()
    server.receive("fax000000001.tif")
    server.write(line("fax000000001.tif", server.now))
    assert len(bench.poll()) == 1
    os.truncate(server.log, 0)
    for number in (2, 3):  # and has already grown beyond where we were
        server.receive(f"fax00000000{number}.tif", FAX + b"\0" * number)
        server.write(line(f"fax00000000{number}.tif", server.now, pages=number))
    assert sorted(item.facts["fax_pages"] for item in bench.poll()) == ["2", "3"]


def test_the_log_is_not_read_again_from_what_was_delivered_long_ago(server: Server) -> None:
    log = TransferLog(server.log, ZONE)
    server.write(line("fax000000001.tif", server.now))
    log.follow({})
    delivered = log.position([])
    log.keep([])
    log.follow(delivered)
    server.write(line("fax000000002.tif", server.now))
    log.follow(delivered)
    assert log.position(["fax000000002.tif"]) == delivered
    assert log.position([])["offset"] == server.log.stat().st_size


def test_a_call_is_remembered_while_its_file_waits(server: Server) -> None:
    """The line of a file that is not whole yet must not be passed by in the checkpoint."""
    bench = server.desk()
    server.receive("fax000000001.tif", FAX[:1000])
    server.receive("fax000000002.tif")
    server.write(line("fax000000001.tif", server.now, pages=9))
    server.write(line("fax000000002.tif", server.now))
    assert len(bench.poll()) == 1
    bench.restart()
    server.receive("fax000000001.tif")
    (item,) = bench.poll()
    assert item.facts["fax_pages"] == "9"


def test_a_delivery_that_was_not_committed_comes_again_with_its_facts(server: Server) -> None:
    bench = server.desk()
    for name in ("fax000000001.tif", "fax000000002.tif"):
        server.receive(name)
        server.write(line(name, server.now))
    server.receive("fax000000003.tif", FAX[:1000])
    server.write(line("fax000000003.tif", server.now))
    for _ in range(3):
        for delivery in bench.channel.read(bench.checkpoint):
            assert all(item.facts["fax_number"] == "05550001234" for item in delivery.items)
            break  # the commit failed
    assert [item.facts["fax_number"] for item in bench.poll()] == ["05550001234"] * 2


def test_a_fax_is_fetched_again_with_its_facts(server: Server) -> None:
    bench = server.desk()
    server.receive("fax000000001.tif")
    server.write(line("fax000000001.tif", server.now, reason="broken off"))
    (item,) = bench.poll()
    bench.poll()
    assert bench.channel.fetch_again(item.source_key) == item
    assert bench.poll() == []


def test_the_check_wants_a_log_where_one_is_set(server: Server) -> None:
    bench = server.desk()
    (wrong,) = [finding for finding in bench.channel.check() if not finding.ok]
    assert wrong.subject == "transfer log" and wrong.remedy
    server.write(line("fax000000001.tif", server.now))
    assert all(finding.ok for finding in bench.channel.check())


def test_settings_that_do_not_fit_are_refused(server: Server) -> None:
    with pytest.raises(ValidationError, match="hylafax"):
        server.desk(source="spool")
    with pytest.raises(ValidationError, match="time zone"):
        server.desk(log_zone="Mars/Olympus")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("Ayse", "0555 000 12 34", "+90 212"), ("0555 000 12 34", "Ayse")),
        (("0555 000 12 34", "Ayse", "+90 212"), ("0555 000 12 34", "Ayse")),
        (("<NONE>", "<NONE>", "+90 212 000 45 67"), ("+90 212 000 45 67", "")),
        (("", "", "ORNEK LTD"), ("", "")),
    ],
)
def test_number_and_name_are_told_apart(
    given: tuple[str, str, str], expected: tuple[str, str]
) -> None:
    assert caller(*given) == expected


@pytest.mark.parametrize("text", ["", "RECV", "\t" * 30, "x\tRECV" + "\ty" * 20])
def test_lines_of_other_kinds_are_passed_over(text: str) -> None:
    assert parse_line(text, ZONE) is None
