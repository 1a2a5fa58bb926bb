"""SMPP against an SMSC of our own: session, texts, receipts, and everything that breaks."""

import struct
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from peers.server import wait_until
from peers.smsc import (
    ENQUIRE_LINK,
    GENERIC_NACK,
    RESPONSE,
    UNBIND,
    Misbehaves,
    Smsc,
    option,
    pdu,
    receipt,
)

from workers.gateways.contract import (
    Accepted,
    Callback,
    Delivery,
    Gateway,
    GatewayContext,
    Never,
    NotNow,
    Outcome,
    Receipt,
    Sms,
    Stop,
    Unknown,
)
from workers.gateways.smpp import GATEWAY, Smpp
from workers.gateways.testkit import SECRET, Behaviour, GatewayContract, Provider

SMS = Sms("a1", "+905550001234", "Basvurunuz alindi", "ORNEK")
LONG_AGO = timedelta(days=1)


def opened(smsc: Smsc, context: GatewayContext, **options: object) -> Smpp:
    given = {
        "host": "127.0.0.1",
        "port": smsc.port,
        "system_id": "basvuru",
        "password": SECRET,
        "timeout_seconds": 0.8,
    }
    gateway = GATEWAY.open(GATEWAY.settings.model_validate(given | options), context)
    assert isinstance(gateway, Smpp)
    return gateway


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    with Smsc(password=SECRET) as server:
        yield server


@pytest.fixture
def smpp(smsc: Smsc, context: GatewayContext) -> Iterator[Smpp]:
    with closing(opened(smsc, context)) as gateway:
        yield gateway


class Behaving:
    """The SMSC as the contract suite wants it."""

    def __init__(self, smsc: Smsc) -> None:
        self.smsc = smsc
        self.stop = smsc.stop

    @property
    def taken(self) -> list[tuple[str, str]]:
        codecs = {0: "ascii", 8: "utf-16-be"}
        return [
            (it.dest, it.short_message.decode(codecs[it.data_coding])) for it in self.smsc.submitted
        ]

    def behave(self, behaviour: Behaviour) -> None:
        steps: dict[Behaviour, int | Misbehaves] = {
            Behaviour.BUSY: 0x58,
            Behaviour.GARBLES: Misbehaves.GARBLES,
            Behaviour.CUTS: Misbehaves.CUTS,
            Behaviour.SILENT: Misbehaves.SILENT,
        }
        self.smsc.script.clear()
        if behaviour in steps:
            self.smsc.script.append(steps[behaviour])
        self.smsc.bind_status = 0x0E if behaviour is Behaviour.DENIES else 0


class TestSmpp(GatewayContract):
    @contextmanager
    def _behaving(self) -> Iterator[Provider]:
        with Smsc(password=SECRET) as smsc:
            yield Behaving(smsc)

    def provider(self) -> AbstractContextManager[Provider]:
        return self._behaving()

    def gateway(self, provider: Provider, context: GatewayContext) -> Gateway:
        assert isinstance(provider, Behaving)
        return opened(provider.smsc, context)


def test_a_plain_text_goes_unpacked_in_the_default_alphabet(smpp: Smpp, smsc: Smsc) -> None:
    assert smpp.submit([Sms("a1", "+905550001234", "@ 5 €", "ORNEK")]) == [Accepted("1a")]
    [sent] = smsc.submitted
    assert (sent.source_ton, sent.source) == (5, "ORNEK")
    assert (sent.dest_ton, sent.dest) == (1, "905550001234")
    assert (sent.esm_class, sent.data_coding, sent.registered_delivery) == (0, 0, 1)
    assert sent.short_message == b"\x00 5 \x1be"


def test_turkish_letters_go_as_ucs2(smpp: Smpp, smsc: Smsc) -> None:
    smpp.submit([Sms("a1", "+905550001234", "Işık", "ORNEK")])
    [sent] = smsc.submitted
    assert (sent.data_coding, sent.short_message.decode("utf-16-be")) == (8, "Işık")


def test_turkish_letters_go_by_their_table_where_the_smsc_has_it(
    smsc: Smsc, context: GatewayContext
) -> None:
    with closing(opened(smsc, context, turkish_tables=True)) as gateway:
        gateway.submit([Sms("a1", "+905550001234", "ş", "ORNEK")])
        gateway.submit([Sms("a2", "+4915112345678", "ş", "ORNEK")])
    national, foreign = smsc.submitted
    assert (national.esm_class, national.data_coding) == (0x40, 0)
    assert national.short_message == b"\x03\x25\x01\x01\x1d"
    assert (foreign.esm_class, foreign.data_coding) == (0, 8)


def test_a_long_text_goes_in_parts_and_the_last_one_is_followed(smpp: Smpp, smsc: Smsc) -> None:
    assert smpp.submit([Sms("a1", "+905550001234", "ş" * 140, "ORNEK")]) == [Accepted("1c")]
    parts = smsc.submitted
    assert [part.registered_delivery for part in parts] == [0, 0, 1]
    assert {part.esm_class for part in parts} == {0x40}
    assert [part.short_message[4:6] for part in parts] == [b"\3\1", b"\3\2", b"\3\3"]
    assert len({part.short_message[:4] for part in parts}) == 1
    joined = b"".join(part.short_message[6:] for part in parts)
    assert joined.decode("utf-16-be") == "ş" * 140


def test_two_long_texts_have_two_references(smpp: Smpp, smsc: Smsc) -> None:
    smpp.submit([Sms(reference, "+905550001234", "a" * 161, "ORNEK") for reference in "ab"])
    assert len({part.short_message[3] for part in smsc.submitted}) == 2


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0x01, Never), (0x0A, Stop), (0x0B, Never), (0x14, NotNow), (0x58, NotNow),
        (0x08, NotNow), (0x45, NotNow), (0x64, NotNow), (0x65, Never), (0x4FF, NotNow),
    ],
)  # fmt: skip
def test_each_refusal_means_what_the_standard_says(
    smpp: Smpp, smsc: Smsc, status: int, outcome: type[Outcome]
) -> None:
    smsc.script.append(status)
    assert type(smpp.submit([SMS])[0]) is outcome
    assert smpp.submit([SMS]) == [Accepted("1a")]
    assert smsc.binds == 1


def test_a_refused_part_is_a_refused_text(smpp: Smpp, smsc: Smsc) -> None:
    smsc.script.extend([0, 0x58])
    assert isinstance(smpp.submit([Sms("a1", SMS.to, "a" * 400, "ORNEK")])[0], NotNow)
    assert len(smsc.submitted) == 1


def test_an_answer_without_an_id_is_accepted_without_one(smpp: Smpp, smsc: Smsc) -> None:
    smsc.message_ids = iter([""])
    assert smpp.submit([SMS]) == [Accepted("")]


def test_a_nack_is_a_refusal(smpp: Smpp, smsc: Smsc) -> None:
    smsc.script.append(Misbehaves.SILENT)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(smpp.submit, [SMS])
        wait_until(lambda: smsc.submitted, "the text")
        smsc.send_raw(pdu(GENERIC_NACK, 0x03, smsc.last_sequence))
        assert isinstance(future.result(5)[0], NotNow)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(0x0D, Stop), (0x0E, Stop), (0x0F, Stop), (0x05, NotNow), (0x08, NotNow)],
)
def test_a_refused_bind_means_what_the_standard_says(
    smpp: Smpp, smsc: Smsc, status: int, outcome: type[Outcome]
) -> None:
    smsc.bind_status = status
    assert type(smpp.submit([SMS])[0]) is outcome
    smsc.bind_status = 0
    assert smpp.submit([SMS]) == [Accepted("1a")]


def test_the_session_is_kept_for_the_next_text(smpp: Smpp, smsc: Smsc) -> None:
    smpp.submit([SMS])
    smpp.submit([SMS])
    assert smpp.check() == (True, "Bound to the SMSC as transceiver.")
    assert smsc.binds == 1


def test_texts_in_flight_are_unknown_at_once_when_the_line_falls_and_the_next_one_binds_anew(
    smsc: Smsc, context: GatewayContext
) -> None:
    smsc.script.extend([Misbehaves.SILENT] * 3)
    with (
        closing(opened(smsc, context, timeout_seconds=10)) as gateway,
        ThreadPoolExecutor(3) as pool,
    ):
        futures = [pool.submit(gateway.submit, [SMS]) for _ in range(3)]
        wait_until(lambda: len(smsc.submitted) == 3, "three texts")
        smsc.cut()
        assert [type(future.result(5)[0]) for future in futures] == [Unknown] * 3
        assert gateway.submit([SMS]) == [Accepted("1a")]
    assert smsc.binds == 2


def test_an_impossible_length_is_not_waited_for(smsc: Smsc, context: GatewayContext) -> None:
    with closing(opened(smsc, context, timeout_seconds=10)) as gateway:
        gateway.submit([SMS])
        smsc.send_raw(struct.pack(">LLLL", 1 << 20, 0x80000004, 0, 2))
        wait_until(lambda: gateway.submit([SMS]) and smsc.binds == 2, "a new session", 5)


@pytest.mark.parametrize(
    "noise",
    [
        b"\xff\xff\xff\xff\x80\x00\x00\x04",
        struct.pack(">LLLL", 3, 0x80000004, 0, 2),
        struct.pack(">LLLL", 20, 0x80000004, 0, 2) + b"abc",
        pdu(0x05, 0, 1, b"\0" * 18 + b"\4"),
    ],
    ids=["too long", "too short", "cut in the middle", "a torn deliver_sm"],
)
def test_a_session_that_makes_no_sense_is_left_for_a_new_one(
    smpp: Smpp, smsc: Smsc, noise: bytes
) -> None:
    smpp.submit([SMS])
    smsc.send_raw(noise)
    wait_until(lambda: smpp.submit([SMS]) and smsc.binds == 2, "a new session", 10)
    assert isinstance(smpp.submit([SMS])[0], Accepted)


def test_a_command_that_nobody_knows_does_no_harm(smpp: Smpp, smsc: Smsc) -> None:
    smpp.submit([SMS])
    smsc.send_raw(pdu(0x00010203, 0, 1, b"vendor"))
    assert isinstance(smpp.submit([SMS])[0], Accepted)
    assert smsc.binds == 1


def test_an_smsc_that_unbinds_is_answered_and_bound_again(smpp: Smpp, smsc: Smsc) -> None:
    smpp.submit([SMS])
    smsc.send(UNBIND)
    wait_until(lambda: UNBIND | RESPONSE in smsc.commands, "unbind_resp")
    wait_until(lambda: isinstance(smpp.submit([SMS])[0], Accepted) and smsc.binds == 2, "a bind")


def test_closing_unbinds(smpp: Smpp, smsc: Smsc) -> None:
    smpp.submit([SMS])
    smpp.close()
    assert smsc.commands[-1] == UNBIND


def test_a_question_whether_we_live_is_answered(smpp: Smpp, smsc: Smsc) -> None:
    smpp.submit([SMS])
    smsc.send(ENQUIRE_LINK)
    wait_until(lambda: ENQUIRE_LINK | RESPONSE in smsc.commands, "enquire_link_resp")


def test_a_quiet_session_is_tested(smsc: Smsc, context: GatewayContext) -> None:
    with closing(opened(smsc, context, enquire_link_seconds=0.1)) as gateway:
        gateway.submit([SMS])
        wait_until(lambda: smsc.commands.count(ENQUIRE_LINK) >= 2, "two questions")
        assert smsc.binds == 1


def test_a_session_that_falls_silent_is_given_up(
    smsc: Smsc, context: GatewayContext, now: datetime
) -> None:
    with closing(opened(smsc, context, enquire_link_seconds=0.1)) as gateway:
        gateway.submit([SMS])
        smsc.mute = True
        wait_until(lambda: gateway.poll(["1a"], now) == [] and smsc.binds == 2, "a new session")


def poll(smpp: Smpp, now: datetime, pending: list[str]) -> Callable[[], list[Receipt]]:
    """Collects over several polls: a receipt may be under way."""
    found: list[Receipt] = []

    def collected() -> list[Receipt]:
        found.extend(smpp.poll(pending, now - LONG_AGO))
        return found

    return collected


def test_a_receipt_on_the_session_is_polled_under_the_id_of_the_answer(
    smpp: Smpp, smsc: Smsc, now: datetime
) -> None:
    smpp.submit([SMS])
    sequence = smsc.deliver(receipt("0000000026", "DELIVRD"))
    wait_until(lambda: smsc.delivered.get(sequence) == 0, "deliver_sm_resp")
    assert smpp.poll(["1a"], now - LONG_AGO) == [
        Receipt(Delivery.DELIVERED, "", "1a", "DELIVRD err 000", now)
    ]
    assert smpp.poll(["1a"], now - LONG_AGO) == []


def test_a_receipt_by_optional_parameters_is_read(smpp: Smpp, smsc: Smsc, now: datetime) -> None:
    smpp.submit([SMS])
    smsc.deliver(
        "", options=option(0x001E, b"1A\0") + option(0x0427, b"\x03") + option(0x1501, b"vendor")
    )
    collected = poll(smpp, now, ["1a"])
    wait_until(collected, "a receipt")
    assert [(it.provider_id, it.state) for it in collected()] == [("1a", Delivery.EXPIRED)]


def test_an_sms_from_somebody_is_refused_so_that_nobody_believes_that_it_arrived(
    smpp: Smpp, smsc: Smsc, now: datetime
) -> None:
    smpp.submit([SMS])
    sequence = smsc.deliver("merhaba", esm_class=0)
    wait_until(lambda: smsc.delivered.get(sequence) == 0x65, "deliver_sm_resp")
    assert smpp.poll(["1a"], now - LONG_AGO) == []


def test_polling_binds_so_that_receipts_can_come(smpp: Smpp, smsc: Smsc, now: datetime) -> None:
    assert smpp.poll([], now) == []
    assert smsc.binds == 0
    assert smpp.poll(["1a"], now) == []
    assert smsc.binds == 1


def test_many_threads_share_one_session(smpp: Smpp, smsc: Smsc) -> None:
    with ThreadPoolExecutor(8) as pool:
        outcomes: list[Any] = [it for [it] in pool.map(smpp.submit, [[SMS]] * 100)]
    assert len({outcome.provider_id for outcome in outcomes}) == 100
    assert smsc.binds == 1


def test_a_batch_is_under_way_together_and_each_text_has_its_own_answer(
    smsc: Smsc, context: GatewayContext
) -> None:
    smsc.script.extend([0, 0x0B, 0, Misbehaves.SILENT])
    with closing(opened(smsc, context, window=4)) as gateway:
        assert gateway.max_batch == 4
        first, second, third, fourth = gateway.submit([SMS] * 4)
    assert (first, third) == (Accepted("1a"), Accepted("1b"))
    assert isinstance(second, Never)
    assert isinstance(fourth, Unknown)


def test_nobody_is_called_back_and_the_past_is_not_known(smpp: Smpp, now: datetime) -> None:
    gateway: Gateway = smpp
    assert gateway.lookup(SMS, now) is None
    with pytest.raises(ValueError, match="nobody"):
        smpp.receipts(Callback("GET", {}, b""))
