"""Twilio: forms, codes, look-up by text and time, receipts with our reference."""

import json
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from peers.http_provider import HttpProvider, Pair
from provider_shapes import ACCOUNT, TWILIO, as_json

from workers.gateways.contract import (
    Accepted,
    Callback,
    Delivery,
    Never,
    NotNow,
    Receipt,
    Sms,
    Stop,
    Unknown,
)
from workers.gateways.twilio import GATEWAY

SMS = Sms("a1", "+905550001234", "Başvurunuz alındı", "ORNEK", "https://b.example.test/r?sig=x")
SID = "SM" + "1" * 32


@pytest.fixture
def twilio(pair: Pair) -> tuple[Any, HttpProvider]:
    return pair(GATEWAY, TWILIO, account_sid=ACCOUNT, auth_token="t0ken")


def test_our_reference_goes_along_in_the_callback(twilio: tuple[Any, HttpProvider]) -> None:
    gateway, provider = twilio
    assert gateway.submit([SMS]) == [Accepted(SID)]
    form = parse_qs(provider.asked[0].body.decode())
    assert form == {
        "To": ["+905550001234"],
        "From": ["ORNEK"],
        "Body": ["Başvurunuz alındı"],
        "StatusCallback": ["https://b.example.test/r?sig=x&ref=a1"],
    }


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (20003, Stop), (21211, Never), (21212, Stop), (21408, Stop), (21610, Never),
        (21611, NotNow), (21614, Never), (21617, Never), (30001, NotNow), (99999, Unknown),
    ],
)  # fmt: skip
def test_each_code_means_what_the_document_says(
    twilio: tuple[Any, HttpProvider], code: int, outcome: type
) -> None:
    gateway, provider = twilio
    message = "The 'To' number +905550001234 is not valid"
    provider.script(as_json(400, {"code": code, "message": message, "status": 400}))
    [found] = gateway.submit([SMS])
    assert type(found) is outcome
    assert "5550001234" not in repr(found)


def listed(made: datetime, **more: object) -> dict[str, object]:
    row = {"sid": SID, "status": "sent", "error_code": None, "body": SMS.text}
    return row | {"date_created": format_datetime(made)} | more


def test_a_lost_answer_is_found_by_text_and_time(
    twilio: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = twilio
    rows = [
        listed(now, body="another text", sid="SM" + "2" * 32),
        listed(now - timedelta(hours=2), sid="SM" + "3" * 32),
        listed(now),
    ]
    provider.script(as_json(200, {"messages": rows}))
    assert gateway.lookup(SMS, now) == Receipt(Delivery.BUFFERED, "a1", SID, "sent")


def test_what_is_not_listed_after_a_while_was_not_taken(
    twilio: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = twilio
    assert gateway.lookup(SMS, now) is None
    assert gateway.lookup(SMS, now - timedelta(minutes=3)) is False
    provider.script(as_json(200, {"messages": [listed(now, body="x")] * 50}))
    assert gateway.lookup(SMS, now - timedelta(minutes=3)) is None


def test_a_row_without_a_time_proves_nothing(
    twilio: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = twilio
    provider.script(as_json(200, {"messages": [listed(now, date_created="yesterday")]}))
    assert gateway.lookup(SMS, now) is None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", Delivery.BUFFERED),
        ("sent", Delivery.BUFFERED),
        ("delivered", Delivery.DELIVERED),
        ("undelivered", Delivery.FAILED),
        ("failed", Delivery.FAILED),
    ],
)
def test_a_receipt_that_is_posted_is_read(
    twilio: tuple[Any, HttpProvider], status: str, state: Delivery
) -> None:
    form = {"MessageSid": SID, "MessageStatus": status, "To": "+905550001234", "ErrorCode": "30006"}
    callback = Callback("POST", {"ref": "a1"}, urlencode(form).encode())
    assert twilio[0].receipts(callback) == [Receipt(state, "a1", SID, f"{status}, error 30006")]


def test_receipts_are_polled_by_id_and_only_by_what_looks_like_one(
    twilio: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = twilio
    provider.script(as_json(200, {"sid": SID, "status": "delivered", "error_code": None}))
    assert gateway.poll(["../x", SID], now) == [Receipt(Delivery.DELIVERED, "", SID, "delivered")]
    assert [asked.path.rsplit("/", 1)[1] for asked in provider.asked] == [f"{SID}.json"]


def test_the_account_must_be_active(twilio: tuple[Any, HttpProvider]) -> None:
    gateway, provider = twilio
    provider.script(as_json(200, json.loads('{"status": "suspended"}')))
    assert gateway.check()[0] is False
