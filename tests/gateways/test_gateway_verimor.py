"""Verimor: forms, codes, look-up by our reference, pushed and polled receipts."""

import json
from datetime import datetime
from typing import Any

import pytest
from peers.http_provider import HttpProvider, Pair, Says
from provider_shapes import VERIMOR, as_json

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
from workers.gateways.turkey import ISTANBUL
from workers.gateways.verimor import GATEWAY

SMS = Sms("a1", "+905550001234", "Başvurunuz alındı", "ORNEK")


@pytest.fixture
def verimor(pair: Pair) -> tuple[Any, HttpProvider]:
    return pair(GATEWAY, VERIMOR, username="908500000000", password="s3cret")


def row(status: str = "DELIVERED", **more: object) -> dict[str, object]:
    return {
        "type": "outbound",
        "campaign_id": 20212,
        "campaign_custom_id": "a1",
        "message_id": "13582302",
        "message_custom_id": "a1",
        "dest": "905550001234",
        "size": 1,
        "status": status,
        "gsm_error": "0",
        "sent_at": "2026-03-10 12:30:00",
        "done_at": "2026-03-10 12:31:05",
    } | more


RECEIPT = Receipt(
    Delivery.DELIVERED, "a1", "20212", "DELIVERED, gsm_error 0",
    datetime(2026, 3, 10, 12, 31, 5, tzinfo=ISTANBUL),
)  # fmt: skip


def test_our_reference_goes_along(verimor: tuple[Any, HttpProvider]) -> None:
    gateway, provider = verimor
    assert gateway.submit([SMS]) == [Accepted("20212")]
    assert json.loads(provider.asked[0].body) == {
        "username": "908500000000",
        "password": "s3cret",
        "source_addr": "ORNEK",
        "custom_id": "a1",
        "datacoding": "1",
        "is_commercial": False,
        "valid_for": "24:00",
        "messages": [{"msg": "Başvurunuz alındı", "dest": "905550001234", "id": "a1"}],
    }


@pytest.mark.parametrize(
    ("to", "text", "coding", "dest"),
    [
        ("+905550001234", "alindi", "0", "905550001234"),
        ("+905550001234", "ş", "1", "905550001234"),
        ("+905550001234", "😀", "2", "905550001234"),
        ("+4915112345678", "ş", "2", "004915112345678"),
    ],
)
def test_the_coding_follows_text_and_country(
    verimor: tuple[Any, HttpProvider], to: str, text: str, coding: str, dest: str
) -> None:
    gateway, provider = verimor
    gateway.submit([Sms("a1", to, text, "ORNEK")])
    body = json.loads(provider.asked[0].body)
    assert (body["datacoding"], body["messages"][0]["dest"]) == (coding, dest)


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (400, "INVALID_SOURCE_ADDRESS", Stop),
        (400, "INVALID_PERIOD", Stop),
        (400, "MISSING_MESSAGE", Never),
        (400, "MESSAGE_TOO_LONG", Never),
        (400, "INVALID_DESTINATION_ADDRESS", Never),
        (400, "FORBIDDEN_MESSAGE", Never),
        (400, "INVALID_UTF8", Never),
        (400, "INSUFFICIENT_CREDITS", NotNow),
        (400, "MUKERRER_RAPORLAMA", Unknown),
        (400, "SOMETHING_NEW", Unknown),
        (401, "Hesabınızda izinli IP ayarları yapılmamış", Stop),
        (413, "", Never),
        (429, "", NotNow),
        (503, "", NotNow),
        (502, "", Unknown),
        (200, "20212 5550001234", Unknown),
    ],
)
def test_each_answer_means_what_the_document_says(
    verimor: tuple[Any, HttpProvider], status: int, said: str, outcome: type
) -> None:
    gateway, provider = verimor
    provider.script(Says(status, said))
    [found] = gateway.submit([SMS])
    assert type(found) is outcome
    assert "5550001234" not in repr(found)


@pytest.mark.parametrize(
    ("says", "found"),
    [
        (as_json(200, [row()]), RECEIPT),
        (as_json(200, [row("SOMETHING_NEW")]), True),
        (as_json(200, []), None),
        (Says(404, "Bu idye sahip kampanya bulunamadı"), False),
        (Says(401, "Bu kampanya size ait değil"), None),
        (Says(200, "<html>"), None),
    ],
)
def test_a_lost_answer_is_asked_for_by_our_reference(
    verimor: tuple[Any, HttpProvider], now: datetime, says: Says, found: object
) -> None:
    gateway, provider = verimor
    provider.script(says)
    assert gateway.lookup(SMS, now) == found
    assert provider.asked[0].query["custom_id"] == "a1"


def test_receipts_that_are_pushed_are_read(verimor: tuple[Any, HttpProvider]) -> None:
    gateway, _ = verimor
    rows = [
        row(),
        row("NOT_DELIVERED", message_custom_id="a2", gsm_error="6", done_at=None),
        row("EXPIRED", message_custom_id="", campaign_custom_id="a3"),
        row("SOMETHING_NEW"),
        {"type": "inbound", "content": "merhaba", "status": "DELIVERED"},
        "noise",
    ]
    found = gateway.receipts(Callback("POST", {}, json.dumps(rows).encode()))
    assert found[0] == RECEIPT
    assert [(receipt.reference, receipt.state, receipt.detail) for receipt in found[1:]] == [
        ("a2", Delivery.FAILED, "NOT_DELIVERED, gsm_error 6"),
        ("a3", Delivery.EXPIRED, "EXPIRED, gsm_error 0"),
    ]


def test_an_abroad_sms_that_is_only_sent_is_not_called_delivered(
    verimor: tuple[Any, HttpProvider],
) -> None:
    [receipt] = verimor[0].receipts(Callback("POST", {}, json.dumps([row("SENT")]).encode()))
    assert receipt.state is Delivery.BUFFERED


def test_receipts_are_polled_one_by_one_until_the_limit(
    verimor: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = verimor
    provider.script(as_json(200, [row()]), Says(404), Says(429))
    assert gateway.poll(["20212", "20213", "20214", "20215"], now) == [RECEIPT]
    assert [asked.query["id"] for asked in provider.asked] == ["20212", "20213", "20214"]
