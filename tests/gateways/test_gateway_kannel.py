"""Kannel: its answers and reports one by one, and a real one that sends and reports back."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peers.http_provider import Asked, HttpProvider, Says, Shape
from peers.kannel import INSTALLED, PASSWORD, Kannel
from peers.server import wait_until
from provider_shapes import KANNEL

from workers.gateways.contract import (
    Accepted,
    Callback,
    Delivery,
    GatewayContext,
    Never,
    NotNow,
    Receipt,
    Sms,
    Stop,
    Unknown,
)
from workers.gateways.kannel import GATEWAY, KannelSettings

TURKISH = "Başvurunuz 26-1994-3644 alındı: ŞĞİ şğıç"
CALLBACK = "http://127.0.0.1:9/receipt?for=a%2F1"
SMS = Sms("a1", "+905550001234", TURKISH, "ORNEK", CALLBACK)


@pytest.fixture
def kannel(context: GatewayContext) -> Iterator[tuple[Any, HttpProvider]]:
    with HttpProvider(KANNEL) as provider:
        settings = KannelSettings.model_validate(
            {"url": provider.url, "username": "app", "password": PASSWORD, "timeout_seconds": 5}
        )
        with closing(GATEWAY.open(settings, context)) as gateway:
            yield gateway, provider


def test_a_turkish_text_is_asked_for_in_ucs2(kannel: tuple[Any, HttpProvider]) -> None:
    gateway, provider = kannel
    assert gateway.submit([SMS]) == [Accepted()]
    assert provider.asked[0].query == {
        "username": "app",
        "password": PASSWORD,
        "from": "ORNEK",
        "to": "+905550001234",
        "text": TURKISH,
        "charset": "UTF-8",
        "coding": "2",
        "dlr-mask": "31",
        "dlr-url": "http://127.0.0.1:9/receipt?for=a%%2F1&ref=a1&type=%d&ts=%T&answer=%A",
    }


def test_a_plain_text_without_a_callback_asks_for_no_report(
    kannel: tuple[Any, HttpProvider],
) -> None:
    gateway, provider = kannel
    gateway.submit([Sms("a1", "+905550001234", "Alindi: Ç ö €", "ORNEK")])
    query = provider.asked[0].query
    assert query["coding"] == "0"
    assert not {"dlr-url", "dlr-mask", "smsc"} & set(query)


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (202, "0: Accepted for delivery", Accepted),
        (202, "3: Queued for later delivery", Accepted),
        (200, "Sent.", Unknown),
        (403, "Authorization failed for sendsms", Stop),
        (400, "Missing receiver number, rejected", Never),
        (400, "Sender missing and no global set, rejected", Stop),
        (400, "Number(s) has/have been denied by white- and/or black-lists.", Never),
        (400, "Charset or body misformed, rejected", Never),
        (400, "Coding field misformed, rejected", Never),
        (403, "Not routable. Do not try again.", Never),
        (503, "Temporal failure, try again later.", NotNow),
        (502, "", Unknown),
        (400, "", Unknown),
    ],
)
def test_each_answer_means_what_the_user_guide_says(
    kannel: tuple[Any, HttpProvider], status: int, said: str, outcome: type
) -> None:
    gateway, provider = kannel
    provider.script(Says(status, said))
    assert type(gateway.submit([SMS])[0]) is outcome


@pytest.mark.parametrize(
    ("type_", "state"),
    [
        ("1", Delivery.DELIVERED),
        ("2", Delivery.FAILED),
        ("4", Delivery.BUFFERED),
        ("8", Delivery.BUFFERED),
        ("16", Delivery.FAILED),
    ],
)
def test_each_report_is_read(kannel: tuple[Any, HttpProvider], type_: str, state: Delivery) -> None:
    query = {"ref": "a1", "type": type_, "ts": "1773135000", "answer": ""}
    [receipt] = kannel[0].receipts(Callback("GET", query, b""))
    assert (receipt.state, receipt.reference) == (state, "a1")
    assert receipt.at == datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def test_the_words_of_the_smsc_are_taken_over_without_the_text(
    kannel: tuple[Any, HttpProvider],
) -> None:
    answer = "id:7 stat:UNDELIV err:027 text:Sayin Ornek"
    query = {"ref": "a1", "type": "2", "ts": "soon", "answer": answer}
    assert kannel[0].receipts(Callback("GET", query, b"")) == [
        Receipt(Delivery.FAILED, "a1", "", "UNDELIV err 027")
    ]


@pytest.mark.parametrize("query", [{}, {"ref": "a1", "type": "3"}, {"type": "1"}])
def test_what_is_no_report_is_an_error(
    kannel: tuple[Any, HttpProvider], query: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="report"):
        kannel[0].receipts(Callback("GET", query, b""))


HOOK = Shape(lambda asked: None, lambda asked: Says(200), busy=Says(503), denied=Says(403))


def as_callback(asked: Asked) -> Callback:
    return Callback(asked.method, asked.query, asked.body)


@pytest.mark.slow
@pytest.mark.skipif(not INSTALLED, reason="Kannel is not installed")
def test_a_real_kannel_queues_sends_and_reports_back(
    tmp_path: Path, context: GatewayContext
) -> None:
    with Kannel(tmp_path / "kannel") as kannel, HttpProvider(HOOK) as hook:
        settings = KannelSettings.model_validate(
            {"url": kannel.url, "username": "app", "password": PASSWORD}
        )
        callback = f"{hook.url}/receipt?sig=a%2Fb"
        with closing(GATEWAY.open(settings, context)) as gateway:
            assert gateway.check() == (True, "Kannel knows us.")
            while_away = gateway.submit([Sms("a1", SMS.to, TURKISH, "ORNEK", callback)])
            kannel.connect_smsc()
            wait_until(lambda: kannel.received, "the queued SMS")
            plain = gateway.submit([Sms("a2", SMS.to, "Alindi: [€]", "ORNEK")])
            wait_until(lambda: len(kannel.received) == 2, "the second SMS")
            wait_until(lambda: len(hook.asked) == 2, "two reports")
            reports = [gateway.receipts(as_callback(asked))[0] for asked in hook.asked]
        assert while_away == plain == [Accepted()]
        assert kannel.received == [
            ("ORNEK", SMS.to, TURKISH),
            ("ORNEK", SMS.to, "Alindi: [€]"),
        ]
        # Accepted by the SMSC and delivered: two calls at once, which may overtake each other.
        assert {asked.query["type"] for asked in hook.asked} == {"8", "1"}
        assert {asked.query["sig"] for asked in hook.asked} == {"a/b"}
        assert {(report.reference, report.state) for report in reports} == {
            ("a1", Delivery.BUFFERED),
            ("a1", Delivery.DELIVERED),
        }


@pytest.mark.slow
@pytest.mark.skipif(not INSTALLED, reason="Kannel is not installed")
def test_a_real_kannel_refuses_a_wrong_password(tmp_path: Path, context: GatewayContext) -> None:
    with Kannel(tmp_path / "kannel") as kannel:
        settings = KannelSettings.model_validate(
            {"url": kannel.url, "username": "app", "password": "wrong"}
        )
        with closing(GATEWAY.open(settings, context)) as gateway:
            assert isinstance(gateway.submit([SMS])[0], Stop)
            assert gateway.check() == (False, "Kannel refuses user name or password")
