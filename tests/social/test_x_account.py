"""An account on X in trouble, its money, edits and deletions, its tokens and webhooks."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from social_house import House, Moment

from ingest.channels.x import CHANNEL, XChannel
from ingest.contract import Webhook, WebhookRequest
from ingest.errors import Later, Misconfigured, Refused
from ingest.testkit.standins.x import PERSON, REFRESH, TOKEN, XStandin
from ingest.testkit.standins.x_says import (
    APP_ONLY,
    BARE_429,
    CAPPED,
    CONSUMER_SECRET,
    NO_CREDIT,
    signed,
)
from normalizers.ocr.null import Null
from normalizers.reader import Options
from normalizers.social import READER


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def x(clock: Moment) -> Iterator[XStandin]:
    with XStandin(clock) as server:
        yield server


@pytest.fixture
def house(x: XStandin, clock: Moment, tmp_path: Path) -> House:
    table: dict[str, Any] = {
        "kind": "x",
        "poll_seconds": 60,
        "access_token": TOKEN,
        "refresh_token": REFRESH,
        "client_id": "client",
        "consumer_secret": CONSUMER_SECRET,
        "brand": "orneksigorta",
        "base_url": x.url,
    }
    return House(CHANNEL, table, tmp_path / "state", clock)


def channel(house: House) -> XChannel:
    opened = house.open()
    assert isinstance(opened, XChannel)
    return opened


def states(house: House) -> dict[str, str]:
    return {line.feature: line.state for line in channel(house).board()}


# -- trouble ---------------------------------------------------------------------------------


def test_one_feature_in_trouble_parks_alone_with_a_remedy(house: House, x: XStandin) -> None:
    x.denied["/dm_events"] = APP_ONLY
    x.post("merhaba")
    house.turn()
    assert len(house.landed) == 1
    assert not house.said
    (line,) = [one for one in channel(house).board() if one.feature == "direct messages"]
    assert line.state == "parked"
    assert "scope" in line.remedy
    assert states(house)["mentions"] == "ok"


def test_a_parked_feature_goes_on_where_it_stopped(house: House, x: XStandin) -> None:
    x.denied["/dm_events"] = APP_ONLY
    x.write("bekleyen mesaj")
    house.turn()
    del x.denied["/dm_events"]
    house.clock.pass_(minutes=10)
    house.turn()
    assert not house.landed
    house.clock.pass_(minutes=6)
    house.turn()
    assert len(house.landed) == 1


def test_no_credit_stops_the_account_and_is_about_money(house: House, x: XStandin) -> None:
    x.denied["/2/"] = NO_CREDIT
    house.turn()
    assert isinstance(house.said[0], Misconfigured)
    assert "credit" in house.said[0].reason
    assert "spending limit" in house.said[0].remedy


def test_a_used_up_cap_is_not_retried_as_a_throttle(house: House, x: XStandin) -> None:
    x.limit = CAPPED
    house.turn()
    assert isinstance(house.said[0], Misconfigured)
    assert len(x.asked) == 1


def test_a_throttle_without_a_header_parks_for_a_quarter_of_an_hour(
    house: House, x: XStandin
) -> None:
    x.limit = BARE_429
    house.turn()
    asked = len(x.asked)
    assert isinstance(house.said[0], Later)
    x.limit = None
    house.clock.pass_(minutes=10)
    house.turn()
    assert len(x.asked) == asked
    house.clock.pass_(minutes=6)
    house.turn()
    assert len(x.asked) > asked


def test_the_time_of_a_throttle_is_counted_by_the_clock_of_x(house: House, x: XStandin) -> None:
    house.skew = timedelta(hours=3)
    x.skew = -timedelta(minutes=20)
    x.limit = x.limited(timedelta(seconds=240))
    house.turn()
    assert isinstance(house.said[0], Later)
    assert house.said[0].after == timedelta(seconds=240)


def test_new_tokens_end_a_park_at_once(house: House, x: XStandin) -> None:
    x.token, x.refresh = "new access", "new refresh"
    x.post("beklerken")
    house.turn()
    assert isinstance(house.said[0], Misconfigured)
    assert states(house)["mentions"] == "dead"
    house.table |= {"access_token": "new access", "refresh_token": "new refresh"}
    house.restart()
    house.turn()
    assert len(house.landed) == 1


# -- tokens ----------------------------------------------------------------------------------


def test_an_expired_token_is_renewed_and_the_new_pair_kept(house: House, x: XStandin) -> None:
    x.token = "expired"
    x.post("merhaba")
    house.turn()
    house.restart()
    x.post("ikinci")
    house.clock.pass_(minutes=3)
    house.turn()
    assert len(house.landed) == 2
    assert x.asked.count("POST /2/oauth2/token") == 1
    assert (house.folder / "tokens.json").stat().st_mode & 0o777 == 0o600


def test_two_processes_renew_a_token_once(house: House, x: XStandin) -> None:
    channels = [channel(house), channel(house)]
    x.token = "expired"
    for one in channels:
        assert one._account.client.tokens.get() == TOKEN
    tokens: list[str] = []
    renewing = [
        threading.Thread(
            target=lambda c=one: tokens.append(c._account.client.tokens.renewed(TOKEN))
        )
        for one in channels
    ]
    for thread in renewing:
        thread.start()
    for thread in renewing:
        thread.join(30)
    assert tokens == [x.token] * 2
    assert x.asked.count("POST /2/oauth2/token") == 1


def test_no_token_stands_in_anything_that_is_shown(
    house: House, x: XStandin, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    x.token, x.refresh = "another", "another"
    house.turn()
    opened = channel(house)
    shown = [caplog.text, repr(opened), *map(str, opened.check()), *map(str, opened.board())]
    shown += [f"{f!r} {vars(f)} {f.__cause__} {f.__context__}" for f in house.said]
    shown += capsys.readouterr()
    assert not any(secret in text for text in shown for secret in (TOKEN, REFRESH))


def test_tokens_go_to_x_or_this_machine_only(house: House) -> None:
    for base in ("https://api.x.com.example.test", "http://192.0.2.1", "http://a@127.0.0.1"):
        with pytest.raises(ValidationError):
            CHANNEL.settings.model_validate(house.table | {"base_url": base})


# -- money -----------------------------------------------------------------------------------


def test_reading_stops_before_the_money_of_the_day_is_spent(house: House, x: XStandin) -> None:
    house.table |= {"budget_usd": 1.0, "direct_messages": False, "recheck_hours": 0, "brand": ""}
    for number in range(600):
        x.post(f"şikâyet {number}")
        house.clock.pass_(milliseconds=300)
    for _ in range(10):
        house.turn()
        house.clock.pass_(minutes=3)
    assert 190 <= x.rows_shown <= 200
    assert "budget" in house.said[-1].reason
    (cost,) = [line for line in channel(house).board() if line.feature == "cost"]
    assert cost.cost_today is not None
    assert 0.95 <= cost.cost_today <= 1.0


def test_the_next_days_go_on_where_the_money_ended(house: House, x: XStandin) -> None:
    house.table |= {"budget_usd": 1.0, "direct_messages": False, "recheck_hours": 0, "brand": ""}
    for number in range(600):
        x.post(f"şikâyet {number}")
        house.clock.pass_(milliseconds=300)
    for _ in range(5):
        house.turn()
        house.clock.pass_(hours=24)
    assert len(house.landed) == 600
    assert x.rows_shown <= 601


def test_what_is_read_again_on_one_day_costs_nothing(house: House, x: XStandin) -> None:
    x.post("tek")
    for _ in range(5):
        house.turn()
        house.clock.pass_(minutes=3)
    (cost,) = [line for line in channel(house).board() if line.feature == "cost"]
    assert cost.cost_today == pytest.approx(0.01 + 0.005)


# -- edits and deletions ---------------------------------------------------------------------


def test_an_edit_is_a_version_and_a_deletion_a_mark(house: House, x: XStandin) -> None:
    first, second = x.post("ilk hâli"), x.post("silinecek")
    house.turn()
    x.edit(first, "düzeltilmiş hâli")
    second.deleted = True
    for _ in range(8):
        house.clock.pass_(minutes=3)
        house.turn()
    one, other = first.versions[0][0], second.id
    assert house.landed.keys() == {
        f"post/{one}",
        f"post/{one}@{first.id}",
        f"post/{other}",
        f"post/{other}#deleted",
    }
    assert {i.facts["first_id"] for i in house.landed.values()} == {one, other}


def test_a_protected_author_deleted_nothing(house: House, x: XStandin) -> None:
    post = x.post("herkese açıkken")
    house.turn()
    post.protected = True
    for _ in range(8):
        house.clock.pass_(minutes=3)
        house.turn()
    assert len(house.landed) == 1


def test_both_dialects_bring_the_same_item(house: House, x: XStandin) -> None:
    post = x.post("kısa…")
    post.more = {"note_post": {"text": "uzun hâli"}, "note_tweet": {"text": "uzun hâli"}}
    texts = set()
    for dialect in ("tweet", "post"):
        house.table["dialect"] = dialect
        house.landed.clear()
        house.checkpoint.clear()
        house.restart()
        house.clock.pass_(minutes=3)
        house.turn()
        (item,) = house.landed.values()
        message = READER.read(item, Options(Null())).message
        assert message.social is not None
        texts.add((message.text, message.sender.handle, message.social.url))
    assert texts == {("uzun hâli", "x:@musteri_ornek", f"https://x.com/i/status/{post.id}")}


# -- webhooks --------------------------------------------------------------------------------


def test_a_webhook_and_a_poll_bring_one_item(house: House, x: XStandin) -> None:
    body, signature = x.event(x.post("merhaba"))
    opened = channel(house)
    assert isinstance(opened, Webhook)
    request = WebhookRequest("POST", {}, {"x-twitter-webhooks-signature": signature}, body)
    (item,) = opened.verify_and_items(request)  # type: ignore[misc]
    house.turn()
    assert list(house.landed) == [item.source_key]  # type: ignore[union-attr]


def test_the_challenge_of_x_is_answered(house: House) -> None:
    opened = channel(house)
    answer = opened.verify_and_items(WebhookRequest("GET", {"crc_token": "abc"}, {}, b""))
    digest = hmac.new(CONSUMER_SECRET.encode(), b"abc", hashlib.sha256).digest()
    assert isinstance(answer, bytes)
    assert json.loads(answer) == {"response_token": f"sha256={base64.b64encode(digest).decode()}"}


def test_a_direct_message_that_is_pushed_is_the_one_that_is_polled(
    house: House, x: XStandin
) -> None:
    event = x.write("merhaba")
    pushed = {
        "type": "message_create",
        "id": event["id"],
        "created_timestamp": "1784928224372",
        "message_create": {
            "target": {"recipient_id": "1700000000000000042"},
            "sender_id": PERSON,
            "message_data": {"text": "merhaba"},
        },
    }
    users = {PERSON: {"data": {"id": PERSON, "username": "musteri_ornek", "name": "Zzelda"}}}
    told = {
        "event_type": "dm.received",
        "filter": {"user_id": "1700000000000000042"},
        "payload": {"direct_message_events": [pushed], "users": users},
    }
    body, signature = signed(json.dumps({"data": told}).encode())
    headers = {"x-twitter-webhooks-signature": signature}
    (item,) = channel(house).verify_and_items(WebhookRequest("POST", {}, headers, body))  # type: ignore[misc]
    house.turn()
    (polled,) = house.landed.values()
    assert item.source_key == polled.source_key  # type: ignore[union-attr]
    assert item.facts == polled.facts  # type: ignore[union-attr]


def test_an_encrypted_chat_is_told_of_and_not_read(house: House) -> None:
    body, signature = signed(json.dumps({"data": {"event_type": "chat.received"}}).encode())
    headers = {"x-twitter-webhooks-signature": signature}
    (item,) = channel(house).verify_and_items(WebhookRequest("POST", {}, headers, body))  # type: ignore[misc]
    assert item.problem == "unreadable: encrypted by X"  # type: ignore[union-attr]


def test_without_a_secret_no_webhook_is_believed(house: House) -> None:
    house.table["consumer_secret"] = ""
    body, signature = signed(b"{}", secret="")
    headers = {"x-twitter-webhooks-signature": signature}
    with pytest.raises(Refused):
        channel(house).verify_and_items(WebhookRequest("POST", {}, headers, body))
