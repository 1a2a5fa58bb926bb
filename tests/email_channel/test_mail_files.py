"""Mail in files: mbox, Maildir, folders of .eml."""

import io
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

from mailbox_helpers import mail, number_of

from ingest.channels.email.files import walk
from ingest.channels.email.mbox import mails

POSTMARK = b"From musteri@example.test Mon Jan  5 10:15:00 2026\n"


def bodies(mbox: bytes) -> list[bytes]:
    return [one.body for one in mails(io.BytesIO(mbox), 1_000_000)]


def test_an_mbox_is_split_at_its_postmarks() -> None:
    first, second = b"Subject: 1\n\nOne\n", b"Subject: 2\n\nTwo\n"
    assert bodies(POSTMARK + first + b"\n" + POSTMARK + second + b"\n") == [first, second]


def test_one_mark_is_taken_off_quoted_lines() -> None:
    text = b"S: 1\n\n>From me\n>>From you\n> From afar\nFrom here\n"
    assert bodies(POSTMARK + text) == [b"S: 1\n\nFrom me\n>From you\n> From afar\nFrom here\n"]


def test_a_sentence_that_begins_with_from_does_not_split() -> None:
    text = b"S: 1\n\nHello\n\nFrom Ankara with love\n\nFrom me, at noon.\n"
    assert bodies(POSTMARK + text) == [text]


def test_other_postmarks_are_known() -> None:
    for postmark in (
        b"From - Mon Jan 05 10:15:00 2026\r\n",
        b"From a b@example.test Mon Jan  5 10:15:00 +0300 2026\n",
        b"From a@example.test Mon Jan  5 10:15 2026\n",
        b"From a@example.test 2026-01-05 10:15:00 in 2026\n",
    ):
        assert bodies(postmark + b"S: 1\n\nx\n\n" + postmark + b"S: 2\n\ny\n") == [
            b"S: 1\n\nx\n",
            b"S: 2\n\ny\n",
        ]


def test_a_full_postmark_splits_even_without_the_blank_line() -> None:
    assert len(bodies(POSTMARK + b"S: 1\n\nx" + b"\n" + POSTMARK + b"S: 2\n\ny\n")) == 2


def test_the_postmark_tells_when_a_mail_arrived() -> None:
    (one,) = mails(io.BytesIO(POSTMARK + b"S: 1\n\n"), 1_000)
    assert one.received_at == datetime(2026, 1, 5, 10, 15, tzinfo=UTC)
    (one,) = mails(io.BytesIO(POSTMARK.replace(b"Jan  5", b"Feb 31") + b"S: 1\n\n"), 1_000)
    assert one.received_at is None


def test_a_long_mbox_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    with path.open("wb") as file:
        for number in range(300):
            file.write(POSTMARK + mail(number, size=100_000) + b"\n")
        file.write(POSTMARK + b"Subject: K-00300\r\n\r\n" + b"x" * 30_000_000)
    tracemalloc.start()
    items = [
        (item.source_key, item.problem, len(item.body)) for item in walk(path, max_bytes=200_000)
    ]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(items) == 301
    assert items[-1][1:] == ("oversized: 30 MB of 0 MB", 18 + 2)
    assert peak < 10_000_000


def test_a_folder_is_walked_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "box" / "new").mkdir(parents=True)
    (tmp_path / "box" / "cur").mkdir()
    (tmp_path / "box" / "tmp").mkdir()
    (tmp_path / "box" / "new" / "17000.M1.host").write_bytes(mail(1))
    (tmp_path / "box" / "cur" / "17000.M2.host:2,S").write_bytes(mail(2))
    (tmp_path / "box" / "tmp" / "17000.M9.host").write_bytes(mail(9))
    (tmp_path / "box" / ".Sub" / "cur").mkdir(parents=True)
    (tmp_path / "box" / ".Sub" / "new").mkdir()
    (tmp_path / "box" / ".Sub" / "cur" / "17000.M3.host:2,").write_bytes(mail(3))
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "four.eml").write_bytes(mail(4))
    (tmp_path / "Inbox").write_bytes(POSTMARK + mail(5) + b"\n" + POSTMARK + mail(6))
    (tmp_path / "notes.txt").write_bytes(b"not a mail")
    (tmp_path / "link.eml").symlink_to(tmp_path / "deep" / "er" / "four.eml")
    found = {item.source_key: number_of(item.body) for item in walk(tmp_path)}
    assert sorted(found.values()) == [1, 2, 3, 4, 5, 6]
    assert {"box/17000.M1.host", "box/.Sub/17000.M3.host", "deep/er/four.eml"} <= found.keys()


def test_keys_are_the_same_wherever_the_files_lie(tmp_path: Path) -> None:
    keys = []
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "one.eml").write_bytes(mail(1))
        (tmp_path / place / "box").write_bytes((POSTMARK + mail(2) + b"\n") * 2)
        keys.append([item.source_key for item in walk(tmp_path / place)])
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 3


def test_the_topmost_received_field_tells_when_a_file_arrived(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(
        b"Received: from a by b;\r\n Mon, 5 Jan 2026 10:15:00 +0300\r\n"
        b"Received: from c by a; Sun, 4 Jan 2026 10:15:00 +0300\r\n" + mail(1)
    )
    (item,) = walk(path)
    assert item.received_at == datetime(2026, 1, 5, 7, 15, tzinfo=UTC)
    path.write_bytes(b"Received: nonsense; at some time\r\n" + mail(1))
    (item,) = walk(path)
    assert item.received_at is None


def test_an_oversized_file_comes_as_its_header(tmp_path: Path) -> None:
    (tmp_path / "big.eml").write_bytes(mail(1, size=3_000_000))
    (item,) = walk(tmp_path, max_bytes=1_000_000)
    assert item.problem == "oversized: 3 MB of 1 MB"
    assert item.body.endswith(b"\r\n\r\n")


def test_a_file_that_is_named_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "message.txt").write_bytes(mail(1))
    (item,) = walk(tmp_path / "message.txt")
    assert (item.source_key, item.body) == ("message.txt", mail(1))
