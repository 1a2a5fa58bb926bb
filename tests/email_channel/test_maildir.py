"""Reading a Maildir."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mailbox_helpers import close_reading, context, drain, mail, number_of, numbers

from ingest.channels.email import CHANNEL
from ingest.contract import Channel, Context
from ingest.errors import Misconfigured, Refused


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    for name in ("new", "cur", "tmp", ".Islenmis/cur"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    yield tmp_path / "Maildir"


def opened(root: Path, given: Context | None = None, **options: object) -> Channel:
    values = {"kind": "email", "source": "maildir", "maildir": root, **options}
    return CHANNEL.open(CHANNEL.settings.model_validate(values), given or context())


def deliver(root: Path, number: int, folder: str = "new", info: str = "", size: int = 0) -> Path:
    draft = root / "tmp" / f"17000.M{number}.host"
    draft.write_bytes(mail(number, size))
    return draft.rename(root / folder / f"{draft.name}{info}")


def test_new_and_read_mails_come_but_unfinished_ones_do_not(root: Path) -> None:
    deliver(root, 1)
    deliver(root, 2, "cur", ":2,S")
    (root / "tmp" / "17000.M3.host").write_bytes(mail(3))
    deliveries, checkpoint = drain(opened(root), {})
    assert numbers(deliveries) == [1, 2]
    assert {item.source_key for item in deliveries[0].items} == {"17000.M1.host", "17000.M2.host"}
    assert checkpoint.keys() == {"until"}


def test_a_mail_with_an_old_date_is_not_skipped(root: Path) -> None:
    deliver(root, 1)
    channel = opened(root)
    _, checkpoint = drain(channel, {})
    os.utime(deliver(root, 2), (1_000_000, 1_000_000))
    deliveries, _ = drain(channel, checkpoint)
    assert numbers(deliveries) == [2]
    assert deliveries[0].items[0].received_at == datetime.fromtimestamp(1_000_000, UTC)
    assert 2 in numbers(drain(opened(root), checkpoint)[0]), "nor by the next process"


def test_what_was_read_long_ago_is_not_read_again_by_the_next_process(root: Path) -> None:
    deliver(root, 1)
    until = (root / "new" / "17000.M1.host").stat().st_ctime_ns
    assert drain(opened(root), {"until": until})[0] == []
    deliver(root, 2)
    assert numbers(drain(opened(root), {"until": until})[0]) == [2]


def test_one_process_reads_each_mail_once_whatever_becomes_of_it(root: Path) -> None:
    channel = opened(root)
    path = deliver(root, 1)
    _, checkpoint = drain(channel, {})
    path.rename(root / "cur" / f"{path.name}:2,RS")
    assert drain(channel, checkpoint)[0] == []


def test_a_checkpoint_from_the_future_is_not_trusted(root: Path) -> None:
    deliver(root, 1)
    future = int((time.time() + 86_400) * 1e9)
    assert numbers(drain(opened(root), {"until": future})[0]) == [1]


def test_a_delivery_that_was_not_committed_comes_again(root: Path) -> None:
    for number in range(120):
        deliver(root, number)
    channel = opened(root)
    reading = channel.read({})
    first, _lost = next(reading), next(reading)
    close_reading(reading)
    rest, _ = drain(channel, first.checkpoint or {})
    assert set(numbers([first, *rest])) == set(range(120))
    again, _ = drain(opened(root), {})
    assert sorted(numbers(again)) == list(range(120))


def test_recorded_mails_are_marked_as_seen_or_moved(root: Path) -> None:
    deliver(root, 1)
    deliver(root, 2, "cur", ":2,R")
    deliver(root, 3, size=5_000)
    drain(opened(root, after="move", max_bytes=2_000), {})
    assert sorted(path.name for path in (root / "cur").iterdir()) == [
        "17000.M1.host:2,S",
        "17000.M2.host:2,RS",
    ]
    assert len(list((root / "new").iterdir())) == 1, "only what we hold whole"
    deliveries, _ = drain(opened(root, after="move", move_to="Islenmis"), {})
    deliveries[0].acknowledge()  # a second time: logged, nothing happens
    assert len(list((root / ".Islenmis" / "cur").iterdir())) == 3


def test_an_oversized_mail_lands_as_its_header_and_can_be_fetched_whole(root: Path) -> None:
    deliver(root, 1, size=5_000_000)
    channel = opened(root, max_bytes=2_000_000)
    (item,) = drain(channel, {})[0][0].items
    assert item.problem == "oversized: 5 MB of 2 MB"
    assert item.body.endswith(b"\r\n\r\n")
    assert channel.fetch_again(item.source_key).body == mail(1, size=5_000_000)


def test_a_mail_that_someone_read_or_deleted_meanwhile_is_followed(root: Path) -> None:
    paths = [deliver(root, number) for number in range(60)]
    reading = opened(root).read({})
    first = next(reading)
    done = set(numbers([first]))
    read, deleted = [path for path in paths if number_of(path.read_bytes()) not in done][:2]
    read.rename(root / "cur" / f"{read.name}:2,S")
    deleted.unlink()
    second = next(reading)
    assert len(second.items) == 9
    assert [refusal.source_key for refusal in second.refusals] == [deleted.name]


def test_the_checkpoint_stays_ten_minutes_behind(root: Path) -> None:
    """A listing that runs beside a delivery may miss a file that is older than one it saw."""
    newest = deliver(root, 1).stat().st_ctime_ns
    _, checkpoint = drain(opened(root), {})
    assert checkpoint["until"] == newest - 600 * 10**9


def test_a_file_that_became_a_link_meanwhile_is_not_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(mail(99))
    paths = [deliver(root, number) for number in range(60)]
    reading = opened(root).read({})
    done = set(numbers([next(reading)]))
    exchanged = next(path for path in paths if number_of(path.read_bytes()) not in done)
    exchanged.unlink()
    exchanged.symlink_to(tmp_path / "secret")
    (item,) = (item for item in next(reading).items if item.problem)
    assert (item.source_key, item.body) == (exchanged.name, b"")


def test_a_link_is_not_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(mail(9))
    (root / "new" / "17000.M9.host").symlink_to(tmp_path / "secret")
    assert drain(opened(root), {})[0] == []


def test_names_that_are_no_text_get_a_key_all_the_same(root: Path) -> None:
    (root / "new" / os.fsdecode(b"17000.\xff\xfe.host")).write_bytes(mail(1))
    (item,) = drain(opened(root), {})[0][0].items
    assert item.source_key.isascii()
    assert opened(root).fetch_again(item.source_key).body == mail(1)


def test_new_mail_ends_the_wait(root: Path) -> None:
    channel = opened(root)
    drain(channel, {})
    waiting = threading.Thread(target=channel.wait, args=(timedelta(seconds=30),), daemon=True)
    waiting.start()
    deliver(root, 1)
    waiting.join(5)
    assert not waiting.is_alive()


def test_a_wait_without_mail_ends_in_time_and_on_stopping(root: Path) -> None:
    stop = [False]
    channel = opened(root, context(stopping=lambda: stop[0]))
    drain(channel, {})
    began = time.monotonic()
    channel.wait(timedelta(seconds=0.3))
    assert 0.2 < time.monotonic() - began < 2
    stop[0] = True
    channel.wait(timedelta(seconds=60))
    assert time.monotonic() - began < 3


def test_a_missing_maildir_is_the_operators_to_mend(tmp_path: Path) -> None:
    channel = opened(tmp_path / "missing")
    with pytest.raises(Misconfigured, match="cannot be listed"):
        list(channel.read({}))
    (finding,) = channel.check()
    assert not finding.ok
    assert finding.remedy


def test_check_counts_the_mails(root: Path) -> None:
    os.utime(deliver(root, 1), (time.time() - 7200, time.time() - 7200))
    (finding,) = opened(root).check()
    assert (finding.ok, finding.detail) == (True, "1 mails, the newest 2 h old")


def test_what_is_gone_cannot_be_fetched_again(root: Path) -> None:
    with pytest.raises(Refused):
        opened(root).fetch_again("17000.M1.host")
