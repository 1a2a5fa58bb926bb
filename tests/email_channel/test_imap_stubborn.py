"""One bad mail, or one bad answer, never holds up the others."""

from collections.abc import Iterator

import pytest
from imapclient import IMAPClient
from mailbox_helpers import context, drain, mail, number_of, numbers
from stubborn_imap import StubbornServer

from ingest.channels.email import CHANNEL
from ingest.channels.email.faults import NotGiven
from ingest.channels.email.wire import BODIES, fetch
from ingest.contract import Channel, Delivery, RawItem
from ingest.errors import Later, Misconfigured


@pytest.fixture
def server() -> Iterator[StubbornServer]:
    with StubbornServer() as running:
        yield running


def opened(server: StubbornServer, **options: object) -> Channel:
    values = {
        "kind": "email",
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "username": "basvuru",
        "password": "gizli",
        **options,
    }
    return CHANNEL.open(CHANNEL.settings.model_validate(values), context())


def items_of(deliveries: list[Delivery]) -> list[RawItem]:
    return [item for delivery in deliveries for item in delivery.items]


def read_on(channel: Channel) -> tuple[list[Delivery], int]:
    """Read until nothing fails any more; how often it did."""
    deliveries: list[Delivery] = []
    checkpoint: dict[str, object] = {}
    for failures in range(50):
        try:
            for delivery in channel.read(checkpoint):
                deliveries.append(delivery)
                checkpoint = dict(delivery.checkpoint or {})
        except Later:
            continue
        return deliveries, failures
    raise AssertionError("never came to an end")


def test_a_refused_mail_lands_as_an_entry_beside_the_others(server: StubbornServer) -> None:
    server.refused = {4}
    deliveries, _ = drain(opened(server), {})
    problems = {item.source_key: item.problem for item in items_of(deliveries) if item.problem}
    assert problems == {"INBOX/7/4": "unreadable at the source"}
    assert len(items_of(deliveries)) == 10


def test_what_came_before_a_refusal_is_not_mixed_with_the_next_answer(
    server: StubbornServer,
) -> None:
    server.refused = {4}
    client = IMAPClient("127.0.0.1", server.port, ssl=False)
    client.login("basvuru", "gizli")
    client.select_folder("INBOX", readonly=True)
    with pytest.raises(NotGiven, match="SERVERBUG"):
        fetch(client, [1, 4], BODIES)
    assert fetch(client, [5], BODIES).keys() == {5}
    client.shutdown()


def test_a_mail_that_is_busy_for_long_is_not_set_aside(server: StubbornServer) -> None:
    server.refused, server.refusal = {4}, "NO [UNAVAILABLE] try again"
    channel = opened(server)
    for _ in range(10):
        with pytest.raises(Later, match="UNAVAILABLE"):
            list(channel.read({}))
    server.refused = set()
    deliveries, _ = drain(channel, {})
    assert sorted(numbers(deliveries)) == list(range(1, 11))
    assert not any(item.problem for item in items_of(deliveries))


def test_a_mail_given_as_nil_lands_with_its_header(server: StubbornServer) -> None:
    server.nil = {4}
    deliveries, _ = drain(opened(server), {})
    (entry,) = (item for item in items_of(deliveries) if item.problem)
    assert number_of(entry.body) == 4
    assert entry.received_at is not None
    assert len(items_of(deliveries)) == 10


def test_a_mail_that_is_passed_over_but_there_is_no_refusal(server: StubbornServer) -> None:
    server.silent = {4}
    deliveries, _ = drain(opened(server), {})
    (entry,) = (item for item in items_of(deliveries) if item.problem)
    assert entry.source_key == "INBOX/7/4"
    assert not deliveries[0].refusals


def test_a_mail_that_is_larger_than_the_server_said_is_cut(server: StubbornServer) -> None:
    server.mails[4] = mail(4, size=5_000)
    server.sizes = {4: 100}
    deliveries, _ = drain(opened(server, max_bytes=2_000), {})
    (entry,) = (item for item in items_of(deliveries) if item.problem)
    assert entry.problem is not None
    assert entry.problem.startswith("oversized")
    assert entry.body.endswith(b"\r\n\r\n")


def test_refused_mails_alone_in_the_folder_are_set_aside_after_some_tries(
    server: StubbornServer,
) -> None:
    server.refused = {4, 5}
    server.mails = {uid: mail(uid) for uid in (4, 5)}
    deliveries, failures = read_on(opened(server))
    assert [item.problem for item in items_of(deliveries)] == ["unreadable at the source"] * 2
    assert 3 < failures < 12


def test_a_server_that_is_busy_loses_no_mail(server: StubbornServer) -> None:
    channel = opened(server)
    for _ in range(10):
        server.busy = "UNAVAILABLE"
        with pytest.raises(Later, match="UNAVAILABLE") as told:
            list(channel.read({}))
        assert "musteri" not in str(told.value)
    server.busy = ""
    assert sorted(numbers(drain(channel, {})[0])) == list(range(1, 11))


def test_a_server_without_uidnext_is_read(server: StubbornServer) -> None:
    server.uidnext = None
    channel = opened(server)
    deliveries, checkpoint = drain(channel, {})
    assert sorted(numbers(deliveries)) == list(range(1, 11))
    server.mails[11] = mail(11)
    assert numbers(drain(channel, checkpoint)[0]) == [11]


def test_many_mails_are_searched_in_windows(
    server: StubbornServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.channels.email.wire.SEARCH_WINDOW", 3)
    assert sorted(numbers(drain(opened(server), {})[0])) == list(range(1, 11))


def test_holes_in_the_numbers_do_not_lengthen_the_checkpoint(server: StubbornServer) -> None:
    server.mails = {uid: mail(uid) for uid in range(1, 20_000, 17)}
    server.uidnext = 20_000
    longest = 0
    for delivery in opened(server).read({}):
        longest = max(longest, len(str(delivery.checkpoint)))
    assert longest < 300


def test_a_lower_number_that_shows_late_is_still_read(server: StubbornServer) -> None:
    del server.mails[8]
    channel = opened(server)
    _, checkpoint = drain(channel, {})
    server.mails[8] = mail(8)
    assert numbers(drain(channel, checkpoint)[0]) == [8]


@pytest.mark.parametrize(
    ("login", "failure"),
    [
        ("NO [UNAVAILABLE] directory down", Later),
        ("", Later),
        ("NO [LIMIT] too many connections", Later),
        ("NO [AUTHENTICATIONFAILED] wrong", Misconfigured),
        ("NO no reason", Misconfigured),
        ("BAD what", Misconfigured),
    ],
)
def test_a_refused_login_is_sorted_by_its_reason(
    server: StubbornServer, login: str, failure: type[Exception]
) -> None:
    server.login = login
    with pytest.raises(failure):
        list(opened(server).read({}))


def test_a_server_that_greets_with_goodbye_is_a_matter_of_time(server: StubbornServer) -> None:
    server.greeting = "* BYE overloaded"
    with pytest.raises(Later):
        list(opened(server).read({}))


def test_a_server_without_starttls_is_the_operators_to_mend(server: StubbornServer) -> None:
    with pytest.raises(Misconfigured, match="STARTTLS"):
        list(opened(server, security="starttls").read({}))


def test_a_server_that_takes_no_password_in_the_clear_says_so(server: StubbornServer) -> None:
    server.capabilities = "IMAP4rev1 LOGINDISABLED"
    with pytest.raises(Misconfigured, match="unprotected"):
        list(opened(server).read({}))


def test_an_answer_that_cannot_be_read_is_a_matter_of_time(server: StubbornServer) -> None:
    server.uidnext = "many"
    with pytest.raises(Later, match="cannot be read"):
        list(opened(server).read({}))
