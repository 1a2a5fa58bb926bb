"""Waiting, broken connections and receipts, on a real server."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from mailbox_helpers import OpenChannel, context, drain, mail, numbers
from peers.dovecot import PASSWORD, Dovecot, until

from ingest.errors import Later, Misconfigured, Refused

pytestmark = pytest.mark.slow


def test_new_mail_wakes_the_channel(server: Dovecot, open_channel: OpenChannel) -> None:
    channel = open_channel(server, folders=("INBOX", "Junk"))
    _, checkpoint = drain(channel, {})
    waiting = in_background(lambda: channel.wait(timedelta(seconds=30)))
    until(server.is_idled_on, 10, lambda: "the channel does not wait in IDLE")
    server.append("INBOX", mail(1))
    appended = time.monotonic()
    waiting.join(10)
    assert time.monotonic() - appended < 2
    assert numbers(drain(channel, checkpoint)[0]) == [1]


def test_mail_that_came_before_the_wait_ends_it_at_once(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    channel = open_channel(server)
    drain(channel, {})
    server.append("INBOX", mail(1))
    began = time.monotonic()
    channel.wait(timedelta(seconds=30))
    assert time.monotonic() - began < 2


def test_a_wait_without_mail_ends_in_time_and_on_stopping(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    stop: list[bool] = []
    channel = open_channel(server, context(stopping=lambda: bool(stop)))
    drain(channel, {})
    began = time.monotonic()
    channel.wait(timedelta(seconds=0.5))
    assert 0.4 < time.monotonic() - began < 3
    waiting = in_background(lambda: channel.wait(timedelta(seconds=60)))
    stop.append(True)
    waiting.join(5)
    assert not waiting.is_alive()


def test_idle_is_renewed_before_the_server_forgets_us(
    server: Dovecot, open_channel: OpenChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.channels.email.idle.RENEWAL", 0.2)
    channel = open_channel(server)
    drain(channel, {})
    channel.wait(timedelta(seconds=1))
    server.append("INBOX", mail(1))
    assert numbers(drain(channel, {})[0]) == [1], "the connection is still in step"


def test_an_administrators_kick_is_survived(server: Dovecot, open_channel: OpenChannel) -> None:
    server.append("INBOX", *map(mail, range(120)))
    channel = open_channel(server)
    reading = channel.read({})
    first = next(reading)
    server.kick()
    with pytest.raises(Later):
        list(reading)
    rest, _ = drain(channel, first.checkpoint or {})
    assert sorted(numbers([first, *rest])) == list(range(120))


def test_a_kick_during_the_wait_is_survived(server: Dovecot, open_channel: OpenChannel) -> None:
    channel = open_channel(server)
    drain(channel, {})
    ended: list[BaseException] = []
    waiting = in_background(lambda: channel.wait(timedelta(seconds=60)), ended)
    until(lambda: kicked(server, waiting), 20)
    assert all(isinstance(error, Later) for error in ended)
    server.append("INBOX", mail(1))
    assert numbers(drain(channel, {})[0]) == [1]


def kicked(server: Dovecot, waiting: threading.Thread) -> bool:
    if waiting.is_alive():
        server.kick()
        waiting.join(1)
    return not waiting.is_alive()


def test_a_restart_of_the_server_is_survived(open_channel: OpenChannel) -> None:
    with Dovecot() as server:
        server.append("INBOX", mail(1))
        channel = open_channel(server)
        _, checkpoint = drain(channel, {})
        server.kick()
        server.stop()
        with pytest.raises(Later):
            drain(channel, checkpoint)
        server.start()
        server.append("INBOX", mail(2))
        assert numbers(drain(channel, checkpoint)[0]) == [2]


def test_recorded_mails_are_flagged_and_nothing_else(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1), mail(2, size=5_000))
    drain(open_channel(server, after="flag", max_bytes=2_000), {})
    with server.connection() as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "KEYWORD", "$Recorded")[1] == [b"1"], "only what we hold whole"
        assert client.search(None, "SEEN")[1] == [b""]


def test_recorded_mails_are_moved(server: Dovecot, open_channel: OpenChannel) -> None:
    server.append("INBOX", mail(1), mail(2))
    channel = open_channel(server, after="move", move_to="Processed")
    deliveries, _ = drain(channel, {})
    deliveries[0].acknowledge()  # a second time: nothing happens
    assert count(server, "INBOX") == 0
    assert count(server, "Processed") == 2


def test_without_move_the_mails_are_copied_and_expunged(open_channel: OpenChannel) -> None:
    with Dovecot(capability="IMAP4rev1 UIDPLUS") as server:
        server.append("INBOX", mail(0), flags="\\Deleted")
        server.append("INBOX", mail(1), mail(2))
        channel = open_channel(server, after="move", move_to="Processed")
        reading = channel.read({"INBOX": {"uidvalidity": validity(server), "done": "1"}})
        for delivery in reading:
            delivery.acknowledge()
        assert count(server, "Processed") == 2
        assert count(server, "INBOX") == 1, "what other people marked as deleted stays"
        began = time.monotonic()
        channel.wait(timedelta(seconds=0.3))  # this server has no IDLE either
        assert time.monotonic() - began > 0.2


def test_a_receipt_that_fails_is_logged_and_loses_nothing(
    server: Dovecot, open_channel: OpenChannel, caplog: pytest.LogCaptureFixture
) -> None:
    server.append("INBOX", *map(mail, range(60)))
    channel = open_channel(server, after="move", move_to="Nowhere")
    deliveries, checkpoint = drain(channel, {})
    assert sorted(numbers(deliveries)) == list(range(60))
    assert count(server, "INBOX") == 60
    assert drain(channel, checkpoint)[0] == []


def test_a_receipt_after_the_line_broke_is_still_signed(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1))
    channel = open_channel(server, after="flag")
    (delivery,) = channel.read({})
    channel.close()
    delivery.acknowledge()
    with server.connection() as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "KEYWORD", "$Recorded")[1] == [b"1"]


def test_a_receipt_never_touches_the_mails_of_a_renumbered_folder(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    with server.connection() as client:
        client.create("Proje")
    server.append("Proje", mail(1))
    channel = open_channel(server, folders=("Proje",), after="flag")
    (delivery,) = channel.read({})
    channel.close()
    with server.connection() as client:
        client.delete("Proje")
        client.create("Proje")
    server.append("Proje", mail(2))
    delivery.acknowledge()
    with server.connection() as client:
        client.select("Proje", readonly=True)
        assert client.search(None, "UNKEYWORD", "$Recorded")[1] == [b"1"]
        client.unselect()
        client.delete("Proje")


def test_a_mail_can_be_fetched_again_until_it_is_gone(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1))
    channel = open_channel(server)
    (item,) = drain(channel, {})[0][0].items
    assert channel.fetch_again(item.source_key) == item
    with server.connection() as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "\\Deleted")
        client.expunge()
    for key in (item.source_key, "INBOX/1/1", "nonsense", "INBOX/x/y"):
        with pytest.raises(Refused):
            channel.fetch_again(key)


def test_check_says_what_is_there_and_what_is_not(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1), when=datetime.now(UTC) - timedelta(hours=5))
    channel = open_channel(server, folders=("INBOX", "Yok"), after="move", move_to="Nowhere")
    findings = {finding.subject: finding for finding in channel.check()}
    assert findings["folder INBOX"].detail == "1 mails, the newest 5 h old"
    assert [name for name, finding in findings.items() if not finding.ok] == [
        "folder Yok",
        "folder Nowhere",
    ]
    assert all(finding.remedy for finding in findings.values() if not finding.ok)
    assert {"name", "encryption", "login", "IDLE", "MOVE"} <= findings.keys()


def test_check_reports_failures_as_findings(server: Dovecot, open_channel: OpenChannel) -> None:
    for options, subject in (
        ({"host": "no-such-host.invalid"}, "name"),
        ({"password": "yanlış"}, "connection"),
        ({"port": 1}, "connection"),
        ({"ca": None}, "connection"),
    ):
        last = open_channel(server, **options).check()[-1]
        assert (last.subject, last.ok, bool(last.remedy)) == (subject, False, True)


def test_no_secret_is_shown_or_logged(
    server: Dovecot, open_channel: OpenChannel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.append("INBOX", mail(1))
    channel = open_channel(server)
    deliveries, _ = drain(channel, {})
    shown = f"{vars(channel)}{channel!r}{deliveries!r}{channel.check()}{caplog.text}"
    assert PASSWORD not in shown
    assert "Hasar dosyam" not in shown


def in_background(
    work: Callable[[], None], errors: list[BaseException] | None = None
) -> threading.Thread:
    def run() -> None:
        try:
            work()
        except (Later, Misconfigured) as error:
            assert errors is not None
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def count(server: Dovecot, folder: str) -> int:
    with server.connection() as client:
        return int(client.select(folder, readonly=True)[1][0] or 0)


def validity(server: Dovecot) -> int:
    with server.connection() as client:
        client.select("INBOX", readonly=True)
        return int(client.response("UIDVALIDITY")[1][0] or 0)
