"""What operators see of an account at Meta: checks, the credential board, settings, no secret."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from meta_helpers import START, Reading, SetClock, reply_to
from pydantic import ValidationError

from ingest.channels import facebook, instagram
from ingest.channels.facebook.settings import FacebookSettings
from ingest.contract import Credential
from ingest.errors import Later, Misconfigured, Refused
from ingest.testkit.standins import graph as standin
from ingest.testkit.standins.graph import APP_SECRET, TOKEN, GraphServer
from ingest.testkit.standins.graph_data import PAGE
from normalizers.social import read as read_social


@pytest.fixture(params=[facebook.CHANNEL, instagram.CHANNEL], ids=["facebook", "instagram"])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reading]:
    clock = SetClock()
    with GraphServer(clock) as server:
        yield Reading(request.param, server, clock, tmp_path)


def line(account: Reading, feature: str) -> Credential:
    (found,) = [line for line in account.open().board() if line.feature == feature]
    return found


def test_the_board_warns_fourteen_days_before_a_token_ends(account: Reading) -> None:
    for left, state in ((15, "ok"), (13, "warning"), (-1, "dead")):
        account.server.expires_at = int((account.clock() + timedelta(days=left + 1)).timestamp())
        account.read(days=1)
        token = line(account, "token")
        assert token.state == state
        assert bool(token.remedy) == (state != "ok")


def test_the_token_is_looked_at_once_a_day(account: Reading) -> None:
    for _ in range(3):
        account.read()
    assert account.server.asked.count("GET /debug_token") == 1
    account.read(days=1)
    assert account.server.asked.count("GET /debug_token") == 2


def test_we_ask_less_often_when_the_limits_are_nearly_used_up(account: Reading) -> None:
    account.server.usage = 85
    channel = account.open()
    account.drain(channel)
    quota = [line.quota for line in channel.board() if line.feature == "limits"]
    assert quota == ["85 % of Meta's limit of calls used"]
    account.server.asked.clear()
    account.clock.pass_(seconds=70)
    account.drain(channel)
    assert account.server.asked == []
    account.clock.pass_(minutes=4)
    account.drain(channel)
    assert account.server.asked


def test_the_check_looks_at_every_edge(account: Reading) -> None:
    assert all(finding.ok for finding in account.open().check())
    account.server.denied["conversations"] = 200
    (wrong,) = [finding for finding in account.open().check() if not finding.ok]
    assert wrong.subject == "messages"
    assert "permission" in wrong.detail
    assert "page_token" in wrong.remedy


def test_messages_can_be_left_alone(account: Reading) -> None:
    account.options["messages"] = False
    account.read()
    assert not [path for path in account.server.asked if "conversations" in path]


def test_a_version_that_died_says_what_to_set(account: Reading) -> None:
    account.options["graph_version"] = "v12.0"
    with pytest.raises(Misconfigured) as caught:
        account.read()
    assert "graph_version" in caught.value.remedy


@pytest.mark.parametrize(
    "url",
    [
        "https://graph.example.test",
        "http://graph.facebook.com",
        "https://graph.facebook.com.example.test",
        "http://user@127.0.0.1:1",
    ],
)
def test_tokens_go_to_meta_or_to_this_machine(url: str) -> None:
    with pytest.raises(ValidationError):
        FacebookSettings.model_validate({"page_id": PAGE, "page_token": "x", "graph_url": url})


def test_no_secret_is_heard_or_seen_whatever_goes_wrong(
    account: Reading, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    account.options["token_in"] = "query"
    person = account.server.data.message_by
    person("75", "soru", platform="messenger")
    person("75", "soru", platform="instagram")
    said = [repr(account.open()), repr(account.read())]
    (item,) = account.landed.values()
    for mishap in (standin.error(190, 460, text=TOKEN), standin.ERROR_PAGE, standin.CUT_BODY):
        account.server.faults.extend([mishap] * 9)
        with pytest.raises((Later, Misconfigured)) as caught:
            account.read(hours=1)
        channel = account.open()
        outcome = channel.reply(reply_to(item), "x", private=True, reference="1")  # type: ignore[attr-defined]
        said += [repr(caught.value), repr(outcome), repr(channel.check()), repr(channel.board())]
        account.server.faults.clear()
    everything = "\n".join([*said, caplog.text])
    assert TOKEN not in everything
    assert APP_SECRET not in everything
    assert "appsecret_proof=" not in everything


def test_what_was_edited_is_not_given_as_what_it_was(tmp_path: Path) -> None:
    with GraphServer(SetClock()) as server:
        page = Reading(facebook.CHANNEL, server, SetClock(), tmp_path)
        comment = server.data.comment_by("73", "ilk", server.data.post_by(PAGE, "Kampanya"))
        (item,) = page.read()
        server.data.edit(comment, "sonra")
        with pytest.raises(Refused):
            page.open().fetch_again(item.source_key)


def test_the_reader_understands_polled_and_pushed_things_alike(account: Reading) -> None:
    data, is_facebook = account.server.data, account.declaration.kind == "facebook"
    if is_facebook:
        data.comment_by("73", "Beni 0555 000 12 34'ten arayın", data.post_by(PAGE, "Kampanya"))
    else:
        ours = data.media_by("17840000000000001", "Yeni ürün")
        data.ig_comment_by("73", "Beni 0555 000 12 34'ten arayın", ours)
    data.message_by("75", "özel", platform="messenger" if is_facebook else "instagram")
    polled = account.read()
    account.landed.clear()
    pushed = account.push()
    messages = []
    for items in (polled, pushed):
        read = [read_social(item, None).message for item in items]  # type: ignore[arg-type]
        messages.append(sorted(read, key=lambda message: message.text))
    for one, other in zip(*messages, strict=True):
        assert one.text == other.text != ""
        assert one.social is not None
        assert other.social is not None
        assert one.social.first_id == other.social.first_id
        assert one.social.public == other.social.public
        assert one.social.conversation_id == other.social.conversation_id
        assert one.identifiers == other.identifiers
        assert one.received_at == other.received_at == START
    assert not any(message.error for read in messages for message in read)
