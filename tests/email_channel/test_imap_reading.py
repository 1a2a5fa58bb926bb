"""Reading a mailbox over IMAP, on a real server."""

import imaplib
import itertools
from collections import Counter
from datetime import UTC, datetime

import pytest
from mailbox_helpers import OpenChannel, close_reading, context, drain, mail, number_of, numbers
from peers.dovecot import Dovecot

from ingest.channels.email.backlog import BLOCK
from ingest.errors import Later

pytestmark = pytest.mark.slow


def test_mails_come_byte_for_byte_with_the_date_of_their_arrival(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    arrived = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)
    server.append("INBOX", mail(1), b"Subject: \xc5\x9e\xfe raw\r\n\r\n\x01\xff\r\n", when=arrived)
    deliveries, _ = drain(open_channel(server), {})
    first, second = deliveries[0].items
    assert first.body == mail(1)
    assert second.body == b"Subject: \xc5\x9e\xfe raw\r\n\r\n\x01\xff\r\n"
    assert first.received_at == arrived
    assert first.received_at.tzinfo is not None
    assert first.kind == "email"
    assert first.problem is None


def test_an_empty_mailbox_yields_nothing(server: Dovecot, open_channel: OpenChannel) -> None:
    assert list(open_channel(server).read({})) == []


def test_starttls_and_tls_are_both_spoken(server: Dovecot, open_channel: OpenChannel) -> None:
    server.append("INBOX", mail(1))
    for security, port in (("starttls", server.imap_port), ("tls", server.imaps_port)):
        deliveries, _ = drain(open_channel(server, security=security, port=port), {})
        assert numbers(deliveries) == [1]


def test_a_mailbox_that_people_read_is_read_whole_and_left_unseen(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1), flags="\\Seen \\Flagged")
    server.append("INBOX", mail(2))
    deliveries, _ = drain(open_channel(server), {})
    assert sorted(numbers(deliveries)) == [1, 2]
    with server.connection() as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "UNSEEN")[1] == [b"2"]


def test_several_folders_are_read_with_a_cursor_each(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", *map(mail, range(60)))
    server.append("Junk", mail(100))
    channel = open_channel(server, folders=("INBOX", "Junk"))
    deliveries, checkpoint = drain(channel, {})
    assert sorted(numbers(deliveries)) == [*range(60), 100]
    assert numbers(deliveries[1:2]) == [100], "a long folder does not hold up a short one"
    server.append("Junk", mail(101))
    assert numbers(drain(channel, checkpoint)[0]) == [101]


def test_new_mail_is_not_starved_by_a_backlog(server: Dovecot, open_channel: OpenChannel) -> None:
    server.deliver(map(mail, range(400)))
    newest_uid = drain(open_channel(server), {})[1]["INBOX"]["done"].rpartition(":")[2]
    reading = open_channel(server).read({})
    first_two = [next(reading), next(reading)]
    keys = [{item.source_key for item in delivery.items} for delivery in first_two]
    assert any(key.endswith(f"/{newest_uid}") for key in keys[0])
    assert not keys[0] & keys[1]
    server.append("INBOX", mail(1000))
    assert 1000 in numbers([next(reading)]), "mail that came meanwhile goes before the backlog"
    rest = numbers(list(reading))
    assert len(rest) + len(numbers(first_two)) + BLOCK == 401


def test_a_crash_after_any_delivery_loses_nothing(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.deliver(map(mail, range(2000)))
    landed: Counter[int] = Counter()
    checkpoint: dict[str, object] = {}
    for round_number in range(
        60
    ):  # each round is a process that dies after its first or second commit
        channel = open_channel(server)
        reading = channel.read(checkpoint)
        for delivery in itertools.islice(reading, 1 + round_number % 2):
            landed.update(numbers([delivery]))
            checkpoint = dict(delivery.checkpoint or {})
        close_reading(reading)
        channel.close()
    assert sorted(landed) == list(range(2000))
    assert max(landed.values()) == 1
    assert len(str(checkpoint)) < 100


def test_a_hundred_mails_cost_few_commands(
    server: Dovecot, open_channel: OpenChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(map(mail, range(500)))
    channel = open_channel(server, after="flag")
    channel.check()  # logs in
    sent: Counter[str] = Counter()
    command = vars(imaplib.IMAP4)["_command"]

    def counting(self: imaplib.IMAP4, name: str, *arguments: object) -> object:
        sent[str(arguments[0]) if name == "UID" else name] += 1
        return command(self, name, *arguments)

    monkeypatch.setattr(imaplib.IMAP4, "_command", counting)
    deliveries, _ = drain(channel, {})
    assert len(deliveries) == 5
    assert sent["FETCH"] == 10
    assert sent["STORE"] == 5
    assert sum(sent.values()) <= 24


def test_mails_that_vanish_while_they_are_read_are_counted_as_refused(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", *map(mail, range(120)))
    reading = open_channel(server).read({})
    deliveries = [next(reading)]
    with server.connection() as client:  # the oldest block: one is moved, one expunged
        client.select("INBOX")
        client.uid("MOVE", client.uid("SEARCH", "1")[1][0].decode(), "Processed")
        client.store("1", "+FLAGS", "\\Deleted")
        client.expunge()
    deliveries += list(reading)
    assert sorted(numbers(deliveries)) == list(range(2, 120))
    assert len([refusal for one in deliveries for refusal in one.refusals]) == 2


def test_a_mail_that_is_moved_away_and_back_comes_again_as_a_new_one(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1), mail(2))
    channel = open_channel(server)
    first, checkpoint = drain(channel, {})
    with server.connection() as client:
        client.select("INBOX")
        client._simple_command("MOVE", "1", "Processed")
        client.select("Processed")
        client._simple_command("MOVE", "1", "INBOX")
    again, _ = drain(channel, checkpoint)
    assert numbers(again) == [1]
    assert again[0].items[0].source_key not in {item.source_key for item in first[0].items}


def test_a_folder_that_was_renumbered_is_read_anew(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    with server.connection() as client:
        client.create("Proje")
    server.append("Proje", mail(1))
    channel = open_channel(server, folders=("Proje",))
    _, checkpoint = drain(channel, {})
    with server.connection() as client:
        client.delete("Proje")
        client.create("Proje")
    server.append("Proje", mail(2))
    deliveries, after = drain(channel, checkpoint)
    assert numbers(deliveries) == [2]
    assert after["Proje"]["uidvalidity"] != checkpoint["Proje"]["uidvalidity"]
    with server.connection() as client:
        client.delete("Proje")


def test_numbers_that_start_again_from_below_are_noticed(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1))
    channel = open_channel(server)
    _, checkpoint = drain(channel, {})
    validity = checkpoint["INBOX"]["uidvalidity"]
    stale = {"INBOX": {"uidvalidity": validity, "done": "1:4000000"}}
    deliveries, after = drain(channel, stale)
    assert numbers(deliveries) == [1]
    assert deliveries[0].items[0].source_key.startswith(f"INBOX/{validity}.1/")
    assert after["INBOX"]["epoch"] == 1
    assert drain(channel, after)[0] == []


def test_a_damaged_checkpoint_means_from_the_beginning(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1))
    for damaged in ({"INBOX": 5}, {"INBOX": {"uidvalidity": "x"}}, {"INBOX": {"done": "9:1"}}):
        assert numbers(drain(open_channel(server), damaged)[0]) == [1]


def test_an_oversized_mail_lands_as_its_header_and_can_be_fetched_whole(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", mail(1), mail(2, size=51_000_000), mail(3))
    channel = open_channel(server)
    deliveries, _ = drain(channel, {})
    by_number = {number_of(item.body): item for item in deliveries[0].items}
    assert sorted(by_number) == [1, 2, 3]
    assert by_number[2].problem == "oversized: 51 MB of 50 MB"
    assert by_number[2].body.endswith(b"\r\n\r\n")
    assert len(by_number[2].body) < 200
    whole = channel.fetch_again(by_number[2].source_key)
    assert whole.body == mail(2, size=51_000_000)
    assert whole.problem is None


def test_a_delivery_stays_below_its_bytes(
    server: Dovecot, open_channel: OpenChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.channels.email.collect.BATCH_BYTES", 25_000)
    server.append("INBOX", *(mail(n, size=10_000) for n in range(7)))
    deliveries, _ = drain(open_channel(server), {})
    assert sorted(numbers(deliveries)) == list(range(7))
    assert max(len(delivery.items) for delivery in deliveries) == 2


def test_stopping_ends_the_reading_after_the_delivery_in_hand(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", *map(mail, range(120)))
    stop: list[bool] = []
    channel = open_channel(server, context(stopping=lambda: bool(stop)))
    reading = channel.read({})
    next(reading)
    stop.append(True)
    assert list(reading) == []


def test_a_mail_that_breaks_the_connection_is_set_aside_and_the_others_come(
    server: Dovecot, open_channel: OpenChannel
) -> None:
    server.append("INBOX", *map(mail, range(10)))
    with server.connection() as client:
        client.select("INBOX")
        client.fetch("1:*", "(RFC822.SIZE BODY.PEEK[HEADER])")  # sizes are now in the cache
    damaged = sorted((server.maildir() / "cur").iterdir())[4]
    damaged.write_bytes(damaged.read_bytes()[:20])
    channel = open_channel(server)
    checkpoint: dict[str, object] = {}
    deliveries, failures = [], 0
    for _ in range(40):
        try:
            for delivery in channel.read(checkpoint):
                deliveries.append(delivery)
                checkpoint = dict(delivery.checkpoint or {})
            break
        except Later:
            failures += 1
    items = [item for delivery in deliveries for item in delivery.items]
    whole = [number_of(item.body) for item in items if item.problem is None]
    assert failures, "the server was expected to break off"
    assert [item.problem for item in items if item.problem] == ["unreadable at the source"]
    assert len(items) == 10
    assert len(set(whole)) == 9
