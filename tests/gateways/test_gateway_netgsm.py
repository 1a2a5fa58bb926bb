"""Netgsm: forms, codes, look-up by number and time, polling."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from peers.http_provider import HttpProvider, Pair, Says
from provider_shapes import NETGSM, as_json

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
from workers.gateways.netgsm import GATEWAY
from workers.gateways.turkey import ISTANBUL

SMS = Sms("a1", "+905550001234", "Başvurunuz alındı", "ORNEK")


@pytest.fixture
def netgsm(pair: Pair) -> tuple[Any, HttpProvider]:
    return pair(GATEWAY, NETGSM, username="8500000000", password="s3cret")


def report(*jobs: dict[str, object]) -> Says:
    return as_json(200, {"jobs": list(jobs)})


def job(status: object = 1, number: str = "5550001234", jobid: object = "77") -> dict[str, object]:
    return {
        "jobid": jobid,
        "number": number,
        "status": status,
        "operator": "x",
        "deliveredDate": "10.03.2026 12:31:05",
        "errorCode": "101",
    }


def test_a_turkish_text_is_sent_as_informational_in_the_turkish_coding(
    netgsm: tuple[Any, HttpProvider],
) -> None:
    gateway, provider = netgsm
    assert gateway.submit([SMS]) == [Accepted("17377215342605050")]
    [asked] = provider.asked
    assert json.loads(asked.body) == {
        "msgheader": "ORNEK",
        "iysfilter": "0",
        "encoding": "tr",
        "messages": [{"msg": "Başvurunuz alındı", "no": "5550001234"}],
    }
    login = base64.b64encode(b"8500000000:s3cret").decode()
    assert asked.headers["Authorization"] == f"Basic {login}"


def test_a_plain_text_is_sent_without_a_coding(netgsm: tuple[Any, HttpProvider]) -> None:
    gateway, provider = netgsm
    gateway.submit([Sms("a1", "+4915112345678", "Hello", "ORNEK")])
    body = json.loads(provider.asked[0].body)
    assert "encoding" not in body
    assert body["messages"][0]["no"] == "004915112345678"


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("20", Never), ("30", Stop), ("40", Stop), ("50", Stop), ("51", Stop), ("70", Stop),
        ("80", NotNow), ("85", NotNow), ("100", NotNow), ("101", NotNow), ("999", Unknown),
    ],
)  # fmt: skip
def test_each_code_means_what_the_document_says(
    netgsm: tuple[Any, HttpProvider], code: str, outcome: type
) -> None:
    gateway, provider = netgsm
    provider.script(as_json(406, {"code": code, "description": "5550001234"}))
    [found] = gateway.submit([SMS])
    assert type(found) is outcome
    assert "5550001234" not in repr(found)


@pytest.mark.parametrize(
    "says",
    [as_json(200, {"code": "00"}), as_json(200, {"code": "00", "jobid": "x" * 65}), Says(500, "")],
)
def test_success_without_an_id_is_unknown(netgsm: tuple[Any, HttpProvider], says: Says) -> None:
    gateway, provider = netgsm
    provider.script(says)
    assert isinstance(gateway.submit([SMS])[0], Unknown)


def test_a_lost_answer_is_found_in_the_report(
    netgsm: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = netgsm
    provider.script(report(job(number="5559999999", jobid="1"), job(number="905550001234")))
    receipt = gateway.lookup(SMS, now)
    assert receipt == Receipt(
        Delivery.DELIVERED, "a1", "77", "status 1, error 101",
        datetime(2026, 3, 10, 12, 31, 5, tzinfo=ISTANBUL),
    )  # fmt: skip
    question = json.loads(provider.asked[0].body)
    assert question["startdate"] == "10.03.2026 12:29:00"
    assert question["stopdate"] == "10.03.2026 12:45:00"


def test_an_sms_in_the_report_with_a_status_of_no_meaning_was_taken(
    netgsm: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = netgsm
    provider.script(report(job(status=99)))
    assert gateway.lookup(SMS, now) is True


def test_two_sms_to_one_number_cannot_be_told_apart(
    netgsm: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = netgsm
    provider.script(report(job(jobid="1"), job(jobid="2")))
    assert gateway.lookup(SMS, now - timedelta(hours=1)) is None


def test_not_in_the_report_means_not_taken_once_it_has_settled(
    netgsm: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, _ = netgsm
    assert gateway.lookup(SMS, now - timedelta(minutes=4)) is None
    assert gateway.lookup(SMS, now - timedelta(minutes=6)) is False


def test_a_full_page_of_the_report_proves_nothing(
    netgsm: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = netgsm
    provider.script(report(*[job(number="5559999999")] * 100))
    assert gateway.lookup(SMS, now - timedelta(hours=1)) is None


def test_receipts_are_polled_and_doubtful_states_never_count_as_delivered(
    netgsm: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = netgsm
    jobs = [job(status=status, jobid=str(status)) for status in (0, 1, 2, 3, 12, 99)]
    provider.script(report(*jobs, job(jobid="5555")))
    found = gateway.poll(["0", "1", "2", "3", "12", "99"], now - timedelta(days=1))
    assert {receipt.provider_id: receipt.state for receipt in found} == {
        "0": Delivery.BUFFERED,
        "1": Delivery.DELIVERED,
        "2": Delivery.BUFFERED,
        "3": Delivery.FAILED,
        "12": Delivery.FAILED,
    }


def test_polling_ends_at_the_limit_of_questions(
    netgsm: tuple[Any, HttpProvider], now: datetime
) -> None:
    gateway, provider = netgsm
    provider.script(as_json(406, {"code": "80"}))
    assert gateway.poll([str(n) for n in range(250)], now) == []
    assert len(provider.asked) == 1


def test_the_meaning_of_a_status_is_a_setting(pair: Pair, now: datetime) -> None:
    gateway, provider = pair(GATEWAY, NETGSM, username="8", password="s", statuses={"0": "failed"})
    provider.script(report(job(status=0), job(status=1, jobid="78")))
    assert [receipt.state for receipt in gateway.poll(["77", "78"], now)] == [Delivery.FAILED]


def test_netgsm_calls_nobody_back(netgsm: tuple[Any, HttpProvider]) -> None:
    with pytest.raises(ValueError, match="nobody"):
        netgsm[0].receipts(Callback("POST", {}, b"{}"))
