"""Every HTTP gateway keeps the contract; and the suite catches those that do not."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, ClassVar

import pytest
from peers.http_provider import HttpProvider, Shape
from provider_shapes import ACCOUNT, ILETIMERKEZI, KANNEL, NETGSM, TWILIO, VERIMOR

from workers.gateways import iletimerkezi, kannel, netgsm, twilio, verimor
from workers.gateways.contract import (
    Accepted,
    Callback,
    Gateway,
    GatewayContext,
    GatewayDeclaration,
    NotNow,
    Outcome,
    Receipt,
    Sms,
    Stop,
    Unknown,
)
from workers.gateways.testkit import SECRET, GatewayContract, Provider


class HttpContract(GatewayContract):
    declaration: ClassVar[GatewayDeclaration]
    shape: ClassVar[Shape]
    options: ClassVar[dict[str, object]]
    address = "base_url"

    def provider(self) -> AbstractContextManager[HttpProvider]:
        return HttpProvider(self.shape)

    def gateway(self, provider: Provider, context: GatewayContext) -> Gateway:
        assert isinstance(provider, HttpProvider)
        given = {self.address: provider.url, "timeout_seconds": 0.8} | self.options
        gateway: Gateway = self.declaration.open(
            self.declaration.settings.model_validate(given), context
        )
        return gateway


class TestNetgsm(HttpContract):
    declaration, shape = netgsm.GATEWAY, NETGSM
    options: ClassVar = {"username": "8500000000", "password": SECRET}


class TestVerimor(HttpContract):
    declaration, shape = verimor.GATEWAY, VERIMOR
    options: ClassVar = {"username": "908500000000", "password": SECRET}


class TestIletiMerkezi(HttpContract):
    declaration, shape = iletimerkezi.GATEWAY, ILETIMERKEZI
    options: ClassVar = {"key": SECRET, "hash": SECRET}


class TestTwilio(HttpContract):
    declaration, shape = twilio.GATEWAY, TWILIO
    options: ClassVar = {"account_sid": ACCOUNT, "auth_token": SECRET}


class TestKannel(HttpContract):
    declaration, shape = kannel.GATEWAY, KANNEL
    options: ClassVar = {"username": "app", "password": SECRET}
    address = "url"


class Broken:
    """A gateway that keeps the contract, but for one thing."""

    def __init__(self, inner: Gateway) -> None:
        self.inner = inner
        self.max_batch = inner.max_batch
        self.session = inner.session

    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return self.inner.submit(batch)

    def lookup(self, sms: Sms, since: datetime) -> Receipt | bool | None:
        return self.inner.lookup(sms, since)

    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        return self.inner.receipts(callback)

    def poll(self, pending: Sequence[str], since: datetime) -> Sequence[Receipt]:
        return self.inner.poll(pending, since)

    def check(self) -> tuple[bool, str]:
        return self.inner.check()

    def close(self) -> None:
        self.inner.close()


class SaysFailedWhenUnknown(Broken):
    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        found = self.inner.submit(batch)
        return [NotNow("x") if isinstance(outcome, Unknown) else outcome for outcome in found]


class SaysUnknownWhenRefused(Broken):
    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return [
            Unknown("x") if isinstance(outcome, NotNow | Stop) else outcome
            for outcome in self.inner.submit(batch)
        ]


class ForgetsTurkish(Broken):
    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        spoilt = [
            Sms(sms.reference, sms.to, sms.text.replace("ş", "?"), sms.sender) for sms in batch
        ]
        return self.inner.submit(spoilt)


class TellsTheNumber(Broken):
    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return [
            outcome if isinstance(outcome, Accepted) else NotNow(f"{sms.to} failed")
            for sms, outcome in zip(batch, self.inner.submit(batch), strict=True)
        ]


class TakesAnythingForAReceipt(Broken):
    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        return []


class ClosesOnce(Broken):
    def close(self) -> None:
        if self.max_batch == 0:
            raise RuntimeError("closed already")
        self.max_batch = 0
        self.inner.close()


class SendsWhenChecked(Broken):
    def check(self) -> tuple[bool, str]:
        self.inner.submit([Sms("x", "+905550001234", "deneme", "ORNEK")])
        return self.inner.check()


class ForgetsTheRest(Broken):
    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return [Accepted("x") for _ in batch]


C = GatewayContract
CAUGHT_BY = [
    (SaysFailedWhenUnknown, C.test_an_answer_that_cannot_be_read_leaves_it_unknown),
    (SaysFailedWhenUnknown, C.test_a_connection_cut_after_the_request_leaves_it_unknown),
    (SaysFailedWhenUnknown, C.test_silence_after_the_request_leaves_it_unknown_before_long),
    (SaysUnknownWhenRefused, C.test_a_busy_provider_means_later),
    (SaysUnknownWhenRefused, C.test_an_unknown_account_stops_sending_and_says_what_to_do),
    (SaysUnknownWhenRefused, C.test_a_provider_that_is_away_means_later_and_raises_nothing),
    (ForgetsTurkish, C.test_a_taken_sms_is_accepted_and_arrives_whole),
    (TellsTheNumber, C.test_nothing_personal_or_secret_shows),
    (TakesAnythingForAReceipt, C.test_an_unreadable_callback_is_an_error),
    (ClosesOnce, C.test_closing_twice_is_no_error),
    (SendsWhenChecked, C.test_an_account_can_be_checked_without_sending),
    (ForgetsTheRest, C.test_several_threads_may_send_at_once),
    (ForgetsTheRest, C.test_a_batch_gets_an_outcome_for_each),
]  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "check"), CAUGHT_BY, ids=lambda value: value.__name__.removeprefix("test_")
)
def test_the_suite_catches_a_gateway_that_breaks_the_contract(
    broken: type[Broken], check: Callable[[Any], None]
) -> None:
    class Suite(TestVerimor):
        def gateway(self, provider: Provider, context: GatewayContext) -> Gateway:
            return broken(super().gateway(provider, context))

    with pytest.raises((AssertionError, RuntimeError, ValueError)):
        check(Suite())
