"""Receipts of an SMSC: their text, their ids in two notations, and who gets them when."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.gateways import smpp_receipts
from workers.gateways.contract import Delivery, Receipt
from workers.gateways.receipt_text import parse_receipt
from workers.gateways.smpp_receipts import KEEP, ReceiptQueue, read_receipt

TEXT = (
    "id:{id} sub:001 dlvrd:001 submit date:2603101230 done date:2603101231 "
    "stat:{stat} err:{err} text:stat:DELIVRD id:99"
)


@pytest.mark.parametrize(
    ("stat", "state", "detail"),
    [
        ("DELIVRD", Delivery.DELIVERED, "DELIVRD err 000"),
        ("EXPIRED", Delivery.EXPIRED, "EXPIRED err 000"),
        ("UNDELIV", Delivery.FAILED, "UNDELIV err 000"),
        ("REJECTD", Delivery.FAILED, "REJECTD err 000"),
        ("ACCEPTD", Delivery.BUFFERED, "ACCEPTD err 000"),
        ("undeliv", Delivery.FAILED, "UNDELIV err 000"),
        ("UNKNOWN", None, "err 000"),
        ("5550001234", None, "err 000"),
    ],
)
def test_the_text_of_a_receipt_is_read(stat: str, state: Delivery | None, detail: str) -> None:
    found = parse_receipt(TEXT.format(id="17a", stat=stat, err="000"))
    assert (found.message_id, found.state, found.detail) == ("17a", state, detail)


def test_what_stands_in_the_sms_itself_is_not_taken_for_the_receipt() -> None:
    assert parse_receipt("text:id:9 stat:DELIVRD") == ("", None, "")


@given(st.text(max_size=2000))
def test_any_text_can_be_read(text: str) -> None:
    parse_receipt(text)


def deliver(id_: str = "10", stat: str = "DELIVRD", **more: Any) -> SimpleNamespace:
    fields: dict[str, Any] = {
        "esm_class": 0x04,
        "short_message": TEXT.format(id=id_, stat=stat, err="000").encode(),
        "message_payload": None,
        "receipted_message_id": None,
        "message_state": None,
    }
    return SimpleNamespace(**(fields | more))


def test_optional_parameters_count_before_the_text(now: datetime) -> None:
    pdu = deliver("10", "DELIVRD", receipted_message_id=b"20\0", message_state=5)
    assert read_receipt(pdu, now) == Receipt(
        Delivery.FAILED, provider_id="20", detail="DELIVRD err 000", at=now
    )


def test_a_text_in_the_payload_is_read_as_well(now: datetime) -> None:
    pdu = deliver()
    pdu.message_payload, pdu.short_message = pdu.short_message, None
    receipt = read_receipt(pdu, now)
    assert receipt is not None
    assert receipt.provider_id == "10"


@pytest.mark.parametrize(
    "pdu",
    [deliver(stat="UNKNOWN"), deliver(short_message=b"hello")],
    ids=["no state", "no receipt"],
)
def test_what_says_nothing_makes_no_receipt_and_is_confirmed(
    pdu: SimpleNamespace, now: datetime
) -> None:
    queue = ReceiptQueue(lambda: now)
    assert queue.add(pdu) == 0
    assert queue.take(["10"]) == []


@pytest.mark.parametrize(
    ("answered", "receipted"),
    [("10", "10"), ("1A", "26"), ("26", "1a"), ("0000001a", "26"), ("7f", "0127"), ("a-b", "A-B")],
)
def test_an_id_is_known_in_hexadecimal_and_decimal(
    answered: str, receipted: str, now: datetime
) -> None:
    queue = ReceiptQueue(lambda: now)
    queue.add(deliver(receipted))
    assert [receipt.provider_id for receipt in queue.take([answered])] == [answered]


def test_the_id_as_written_counts_before_its_other_notation(now: datetime) -> None:
    queue = ReceiptQueue(lambda: now)
    queue.add(deliver("10"))
    assert [receipt.provider_id for receipt in queue.take(["a", "16", "10"])] == ["10"]


def test_ids_that_cannot_be_told_apart_are_not_guessed(now: datetime) -> None:
    queue = ReceiptQueue(lambda: now)
    queue.add(deliver("10"))
    assert queue.take(["010", "0010"]) == []


def test_a_receipt_that_comes_before_its_id_is_held_back(now: datetime) -> None:
    clock = [now]
    queue = ReceiptQueue(lambda: clock[0])
    queue.add(deliver("10"))
    assert queue.take([]) == []
    clock[0] += KEEP
    assert [receipt.provider_id for receipt in queue.take(["10"])] == ["10"]
    assert queue.take(["10"]) == []


def test_a_receipt_that_nobody_knows_is_handed_out_in_the_end(now: datetime) -> None:
    clock = [now]
    queue = ReceiptQueue(lambda: clock[0])
    queue.add(deliver("10"))
    clock[0] += KEEP + timedelta(seconds=1)
    assert [receipt.provider_id for receipt in queue.take([])] == ["10"]


def test_more_receipts_than_fit_stay_with_the_smsc(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smpp_receipts, "MAX_WAITING", 2)
    queue = ReceiptQueue(lambda: now)
    assert [queue.add(deliver(id_)) for id_ in ("1", "2", "3")] == [0, 0, 0x14]
    assert len(queue.take(["1", "2", "3"])) == 2
