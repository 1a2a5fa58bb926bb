"""İleti Merkezi: forms, codes, pushed and polled receipts."""

import json
from datetime import datetime
from typing import Any

import pytest
from peers.http_provider import HttpProvider, Pair, Says
from provider_shapes import ILETIMERKEZI, as_json, iletimerkezi_says

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
from workers.gateways.iletimerkezi import GATEWAY

SMS = Sms("a1", "+905550001234", "Başvurunuz alındı", "ORNEK")


@pytest.fixture
def iletimerkezi(pair: Pair) -> tuple[Any, HttpProvider]:
    return pair(GATEWAY, ILETIMERKEZI, key="k3y", hash="h4sh")


def test_an_order_is_informational_and_spelt_as_theirs(
    iletimerkezi: tuple[Any, HttpProvider],
) -> None:
    gateway, provider = iletimerkezi
    assert gateway.submit([SMS]) == [Accepted("312891245")]
    assert json.loads(provider.asked[0].body) == {
        "request": {
            "authentication": {"key": "k3y", "hash": "h4sh"},
            "order": {
                "sender": "ORNEK",
                "sendDateTime": [],
                "iys": "0",
                "iysList": "BIREYSEL",
                "message": {
                    "text": "Başvurunuz alındı",
                    "receipents": {"number": ["+905550001234"]},
                },
            },
        }
    }


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (400, Never), (401, Stop), (402, NotNow), (422, Never), (450, Stop), (451, Unknown),
        (452, Never), (460, Stop), (466, Never), (468, Stop), (469, Stop), (470, Stop),
        (503, NotNow), (499, Unknown),
    ],
)  # fmt: skip
def test_each_code_means_what_the_document_says(
    iletimerkezi: tuple[Any, HttpProvider], code: int, outcome: type
) -> None:
    gateway, provider = iletimerkezi
    provider.script(iletimerkezi_says(code, code))
    assert type(gateway.submit([SMS])[0]) is outcome


@pytest.mark.parametrize(
    "says",
    [
        iletimerkezi_says(200, 200),
        as_json(200, {"response": []}),
        as_json(200, {"response": {"status": 200, "order": 7}}),
        as_json(200, []),
        Says(200, ""),
    ],
)
def test_an_answer_of_another_form_is_unknown(
    iletimerkezi: tuple[Any, HttpProvider], says: Says
) -> None:
    gateway, provider = iletimerkezi
    provider.script(says)
    assert isinstance(gateway.submit([SMS])[0], Unknown)


def test_nobody_can_say_what_became_of_a_lost_order(
    iletimerkezi: tuple[Any, HttpProvider], now: datetime
) -> None:
    assert iletimerkezi[0].lookup(SMS, now) is None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("accepted", Delivery.BUFFERED),
        ("delivered", Delivery.DELIVERED),
        ("undelivered", Delivery.FAILED),
    ],
)
def test_a_receipt_that_is_pushed_is_read(
    iletimerkezi: tuple[Any, HttpProvider], status: str, state: Delivery
) -> None:
    report = {"id": 1, "packet_id": 312891245, "status": status, "to": "+905550001234", "body": "x"}
    body = json.dumps({"report": report}).encode()
    assert iletimerkezi[0].receipts(Callback("POST", {}, body)) == [
        Receipt(state, "", "312891245", status)
    ]


def test_receipts_are_polled_by_order(
    iletimerkezi: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = iletimerkezi
    for status in (111, 110, 112, 199):
        message = [{"number": "+905550001234", "status": status}]
        provider.script(iletimerkezi_says(200, 200, id="1", status=114, message=message))
    found = gateway.poll(["1", "2", "3", "4"], now)
    assert [(receipt.provider_id, receipt.state) for receipt in found] == [
        ("1", Delivery.DELIVERED),
        ("2", Delivery.BUFFERED),
        ("3", Delivery.FAILED),
    ]
    order = json.loads(provider.asked[2].body)["request"]["order"]
    assert order["id"] == "3"
