"""Reading a folder: nothing half, nothing twice, nothing lost, nothing from outside."""

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from spool_tools import Clock, Desk, put

from ingest.channels.folder import CHANNEL
from ingest.contract import MAX_SOURCE_KEY
from ingest.errors import Misconfigured, Refused
from ingest.spool.listing import Entry
from ingest.spool.moving import Unreadable, read


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def desk(inbox: Path, **settings: object) -> Desk:
    return Desk(CHANNEL, {"kind": "folder", "folder": inbox, "settle_seconds": 0} | settings)


def test_a_text_file_is_one_item_byte_for_byte(inbox: Path) -> None:
    body = "Şikâyetim var: ödeme yapılmadı.".encode("iso-8859-9")
    file = put(inbox / "2026" / "dilekçe.txt", body, age=3600)
    (item,) = desk(inbox).poll()
    assert (item.kind, item.body, item.problem) == ("text", body, None)
    assert item.received_at and item.received_at.timestamp() == pytest.approx(file.stat().st_mtime)


def test_a_file_that_grows_is_left_until_it_has_settled(inbox: Path) -> None:
    bench = desk(inbox, settle_seconds=30)
    put(inbox / "a.txt", b"half")
    assert bench.poll() == []
    bench.clock.pass_by(20)
    assert bench.poll() == []
    put(inbox / "a.txt", b"half, and more")
    bench.clock.ahead = timedelta()  # it has just been written
    assert bench.poll() == []
    bench.clock.pass_by(25)  # 45 s after the first half, 25 s after the rest
    assert bench.poll() == []
    bench.clock.pass_by(6)
    (item,) = bench.poll()
    assert item.body == b"half, and more"


def test_a_file_copied_with_its_old_time_is_left_until_it_has_settled(inbox: Path) -> None:
    bench = desk(inbox, settle_seconds=30)
    put(inbox / "a.txt", b"copied with its time", age=86_400)
    assert bench.poll() == []
    bench.clock.pass_by(31)
    assert len(bench.poll()) == 1


def test_a_file_server_ahead_of_our_clock_holds_nothing_back(inbox: Path) -> None:
    bench = desk(inbox, settle_seconds=30)
    put(inbox / "a.txt", b"from tomorrow", age=-86_400)
    assert bench.poll() == []
    bench.clock.pass_by(31)
    assert len(bench.poll()) == 1


def test_a_file_that_changes_between_listing_and_reading_is_not_taken(inbox: Path) -> None:
    file = put(inbox / "a.txt", b"first")
    found = file.stat()
    entry = Entry("a.txt", found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode)
    assert read(file, entry) == b"first"
    put(file, b"second, longer")
    assert read(file, entry) is None


def test_the_same_name_again_is_a_new_item(inbox: Path) -> None:
    bench = desk(inbox)
    put(inbox / "a.txt", b"monday")
    bench.poll()
    put(inbox / "a.txt", b"tuesday")
    bench.poll()
    assert [item.body for item in bench.landed.values()] == [b"monday", b"tuesday"]


def test_an_empty_file_lands_as_incomplete_after_a_while(inbox: Path) -> None:
    bench = desk(inbox, give_up_seconds=600)
    put(inbox / "a.txt", b"")
    put(inbox / "b.txt", b"whole")
    assert [item.body for item in bench.poll()] == [b"whole"]
    bench.clock.pass_by(601)
    (item,) = bench.poll()
    assert item.problem == "incomplete: the file is empty"


@pytest.mark.parametrize("after", ["leave", "move"])
def test_a_death_at_any_delivery_loses_nothing(inbox: Path, after: str) -> None:
    bodies = {f"letter {number}".encode() for number in range(450)}
    for number, body in enumerate(sorted(bodies)):
        put(inbox / f"{number}.txt", body)
    bench = desk(inbox, after=after)
    for death in ("before the commit", "before the receipt", "after it") * 3:
        bench.restart()
        for delivery in bench.channel.read(bench.checkpoint):
            if death != "before the commit":
                bench.commit(delivery)
            if death == "after it":
                delivery.acknowledge()
            break
    bench.restart()
    bench.poll()
    assert {item.body for item in bench.landed.values()} == bodies
    assert len(bench.landed) == len(bodies)
    bench.restart()
    assert bench.poll() == []
    assert len(list(inbox.glob("*.txt"))) == (0 if after == "move" else len(bodies))


def test_a_restart_does_not_read_delivered_files_again(inbox: Path) -> None:
    for number in range(500):
        put(inbox / f"{number}.txt", b"letter %d" % number)
    bench = desk(inbox)
    bench.poll()
    bench.restart()
    put(inbox / "new.txt", b"new")
    before = bench.yielded
    assert [item.body for item in bench.poll()] == [b"new"]
    assert bench.yielded == before + 1


def test_a_file_with_an_old_time_is_not_skipped_by_a_restart(inbox: Path) -> None:
    bench = desk(inbox)
    for number in range(300):
        put(inbox / f"{number}.txt", b"letter %d" % number)
    bench.poll()
    put(inbox / "late.txt", b"written years ago", age=1e8)
    bench.restart()
    assert [item.body for item in bench.poll()] == [b"written years ago"]


def test_a_clean_up_makes_old_files_come_again_under_the_same_keys(inbox: Path) -> None:
    bench = desk(inbox)
    for number in range(300):
        put(inbox / f"{number}.txt", b"letter %d" % number)
    bench.poll()
    (inbox / "0.txt").unlink()
    bench.restart()
    assert bench.poll() == []
    assert len(bench.landed) == 300


@pytest.mark.slow
def test_the_checkpoint_of_ten_thousand_files_is_small_and_a_look_is_cheap(inbox: Path) -> None:
    for number in range(10_000):
        put(inbox / f"{number}.txt", b"%d" % number)
    bench = desk(inbox)
    bench.poll()
    assert len(bench.landed) == 10_000
    assert len(json.dumps(bench.checkpoint)) < 8_000
    begin = time.process_time()
    assert bench.poll() == []
    again = time.process_time()
    bench.restart()
    assert bench.poll() == []
    assert bench.yielded == 10_000
    assert again - begin < 1.0  # 0.15 s on a quiet machine
    assert time.process_time() - again < 2.0  # a new process: 0.3 s


def test_delivered_files_are_moved_and_nothing_is_overwritten(inbox: Path) -> None:
    bench = desk(inbox, after="move")
    for body in (b"monday", b"tuesday, same name", b"wednesday"):
        put(inbox / "sub" / "a.txt", body)
        bench.poll()
    moved = sorted(path.read_bytes() for path in (inbox / "processed" / "sub").iterdir())
    assert moved == [b"monday", b"tuesday, same name", b"wednesday"]
    assert list((inbox / "sub").iterdir()) == []
    for key, item in bench.landed.items():
        assert bench.channel.fetch_again(key).body == item.body


def test_a_receipt_that_was_never_signed_is_made_up_for(inbox: Path) -> None:
    bench = desk(inbox, after="move")
    put(inbox / "a.txt", b"delivered")
    bench.poll(receipts=False)
    bench.restart()
    assert bench.poll() == []
    assert (inbox / "processed" / "a.txt").exists()


def test_a_new_file_under_the_old_name_is_not_moved_away(inbox: Path) -> None:
    bench = desk(inbox, after="move")
    put(inbox / "a.txt", b"old")
    for delivery in bench.channel.read({}):
        bench.commit(delivery)
        put(inbox / "a.txt", b"new, and not delivered")
        delivery.acknowledge()
    assert (inbox / "a.txt").read_bytes() == b"new, and not delivered"
    assert [item.body for item in bench.poll()] == [b"new, and not delivered"]


def test_nothing_is_followed_out_of_the_folder(inbox: Path, tmp_path: Path) -> None:
    secret = put(tmp_path / "outside" / "secret.txt", b"secret")
    (inbox / "link.txt").symlink_to(secret)
    (inbox / "folder").symlink_to(secret.parent)
    (inbox / "folder.txt").mkdir()
    os.mkfifo(inbox / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(inbox / "socket.txt"))
        bench = desk(inbox)
        assert bench.poll() == []
        bench.clock.pass_by(7_200)  # nor is any of them shown as a file that does not open
        assert bench.poll() == []


def test_a_link_put_in_place_of_a_listed_file_is_not_followed(inbox: Path, tmp_path: Path) -> None:
    file = put(inbox / "a.txt", b"letter")
    found = file.stat()
    entry = Entry("a.txt", found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_mode)
    file.unlink()
    file.symlink_to(put(tmp_path / "secret.txt", b"secret"))
    with pytest.raises(Unreadable):
        read(file, entry)


@pytest.mark.parametrize("name", [".a.txt", "a.txt.part", "~a.txt", "a.txt~", "a.txt.tmp"])
def test_names_of_unfinished_files_are_passed_over(inbox: Path, name: str) -> None:
    put(inbox / name, b"half")
    assert desk(inbox).poll() == []


def test_names_in_any_encoding_are_read_and_make_good_keys(inbox: Path) -> None:
    names = [
        "Şikâyet Dilekçesi İĞÜ.txt".encode(),
        "S\u0327ika\u0302yet.txt".encode(),  # decomposed, as macOS writes it
        "Þikâyet ðüý.txt".encode("latin-1"),
        "dilekçe.txt".encode("iso-8859-9"),
        rb"dilek\xe7e.txt",  # looks like the escape of the one before
        b"line\nbreak\x1b[31m.txt",
        "\u202etxt.exe.txt".encode(),
        ("ş" * 125).encode() + b".txt",
    ]
    for name in names:
        put(Path(os.fsdecode(os.fsencode(inbox) + b"/" + name)), b"body of " + name)
    bench = desk(inbox, after="move")
    assert {item.body for item in bench.poll()} == {b"body of " + name for name in names}
    for key, item in bench.landed.items():
        assert key.isprintable() and key.encode() and len(key) <= MAX_SOURCE_KEY
        assert bench.channel.fetch_again(key).body == item.body


def test_a_long_path_is_hashed(inbox: Path) -> None:
    put(inbox / ("a" * 200) / ("b" * 200) / "c.txt", b"deep")
    put(inbox / ("a" * 200) / ("b" * 200) / "d.txt", b"deep")
    bench = desk(inbox)
    bench.poll()
    assert len(bench.landed) == 2
    assert all(len(key) <= MAX_SOURCE_KEY for key in bench.landed)


def test_an_oversized_file_lands_as_its_head_and_can_be_fetched(inbox: Path) -> None:
    put(inbox / "a.txt", b"x" * 300_000)
    put(inbox / "b.txt", b"small")
    bench = desk(inbox, max_bytes=200_000)
    large, small = sorted(bench.poll(), key=lambda item: -len(item.body))
    assert (len(large.body), large.problem) == (65_536, "oversized: 0.3 MB of 0.2 MB")
    assert small.problem is None
    assert len(bench.channel.fetch_again(large.source_key).body) == 300_000


def test_a_file_that_is_gone_is_refused(inbox: Path) -> None:
    with pytest.raises(Refused):
        desk(inbox).channel.fetch_again("a.txt@1.2")


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything: step down for a moment."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_not_be_read_waits_and_is_then_shown() -> None:
    with TemporaryDirectory() as name:
        inbox = Path(name)
        inbox.chmod(0o755)
        file = put(inbox / "a.txt", b"not yet for others")
        put(inbox / "b.txt", b"for all").chmod(0o644)
        file.chmod(0)
        bench = desk(inbox, give_up_seconds=600)
        with as_nobody():
            assert [item.body for item in bench.poll()] == [b"for all"]
        file.chmod(0o644)  # its time of change is the same as before
        with as_nobody():
            assert [item.body for item in bench.poll()] == [b"not yet for others"]
        put(inbox / "c.txt", b"never").chmod(0)
        bench.clock.pass_by(601)
        with as_nobody():
            (item,) = bench.poll()
        assert (item.body, item.problem) == (b"", "unreadable at the source: Permission denied")


def test_a_folder_that_may_not_be_read_is_for_the_operator() -> None:
    with TemporaryDirectory() as name:
        bench = desk(Path(name))
        Path(name).chmod(0)
        with as_nobody(), pytest.raises(Misconfigured, match="may not be read"):
            bench.poll()
        Path(name).chmod(0o755)


def test_a_folder_that_may_not_be_written_is_seen_by_the_check() -> None:
    with TemporaryDirectory() as name:
        put(Path(name) / "a.txt", b"letter").chmod(0o644)
        Path(name).chmod(0o555)
        bench = desk(Path(name), after="move")
        with as_nobody():
            assert len(bench.poll()) == 1  # recorded; only the receipt fails
            wrong = [finding.subject for finding in bench.channel.check() if not finding.ok]
        assert wrong == ["moving"]


def test_a_missing_folder_is_for_the_operator(tmp_path: Path) -> None:
    bench = desk(tmp_path / "nowhere")
    with pytest.raises(Misconfigured) as failure:
        bench.poll()
    assert failure.value.remedy
    with pytest.raises(Misconfigured):
        bench.channel.wait(timedelta(seconds=60))
    assert [finding.ok for finding in bench.channel.check()] == [False]


def test_the_check_sees_files_that_nobody_takes(inbox: Path) -> None:
    bench = desk(inbox, after="move", give_up_seconds=600)
    put(inbox / "a.txt", b"letter")
    assert all(finding.ok for finding in bench.channel.check())
    bench.clock.pass_by(3 * 86_400)
    (wrong,) = [finding for finding in bench.channel.check() if not finding.ok]
    assert "3 days" in wrong.detail and wrong.remedy


def test_waiting_ends_when_a_file_comes(inbox: Path) -> None:
    bench = desk(inbox)
    writer = threading.Timer(0.5, put, (inbox / "a.txt", b"letter"))
    writer.start()
    begin = time.monotonic()
    bench.channel.wait(timedelta(seconds=60))
    writer.join()
    assert time.monotonic() - begin < 10


def test_waiting_ends_when_a_file_has_settled(inbox: Path) -> None:
    bench = desk(inbox, settle_seconds=1)
    put(inbox / "a.txt", b"letter")
    assert bench.poll() == []
    begin = time.monotonic()
    bench.channel.wait(timedelta(seconds=60))
    assert time.monotonic() - begin < 10
    assert len(bench.poll()) == 1


def test_waiting_ends_when_we_are_to_stop(inbox: Path) -> None:
    bench = desk(inbox)
    stop = threading.Event()
    bench.stopping = stop.is_set
    bench.restart()
    threading.Timer(0.3, stop.set).start()
    begin = time.monotonic()
    bench.channel.wait(timedelta(seconds=60))
    assert time.monotonic() - begin < 3


def test_a_set_back_clock_loses_nothing(inbox: Path) -> None:
    bench = desk(inbox, settle_seconds=5)
    bench.clock = Clock()
    bench.clock.ahead = timedelta(days=-400)
    bench.restart()
    put(inbox / "a.txt", b"letter")
    bench.poll()
    bench.clock.pass_by(6)
    assert len(bench.poll()) == 1
