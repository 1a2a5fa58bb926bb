"""The contract suite of gateways: what every one of them must do, whoever wrote it.

Subclass :class:`GatewayContract` in a test module and give it two things::

    class TestMine(GatewayContract):
        def provider(self):                      # a stand-in that listens on this machine
            return MyProvider()
        def gateway(self, provider, context):    # with a time limit of a second or less
            return MINE.open(MINE.settings(base_url=provider.url, ...), context)

pytest then runs every ``test_`` method below against it. A suite for a gateway that is asked, not
called back, needs nothing more: unreadable callbacks must raise in both.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from time import monotonic
from typing import Protocol
from urllib.parse import quote_plus

import structlog

from workers.gateways.contract import (
    Accepted,
    Callback,
    Gateway,
    GatewayContext,
    NotNow,
    Outcome,
    Sms,
    Stop,
    Unknown,
)

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
SECRET = "s3cret-x"  # noqa: S105  it opens nothing
"""Password, token or key for the gateway under test: must never show."""
NUMBER = "+905550001234"
TEXT = "Başvurunuz 26-1994-3644 numarasıyla kaydedilmiştir. Ornek Sigorta"
_SLOWEST = 10.0
"""Seconds within which a silent provider must have been given up."""


class Behaviour(StrEnum):
    """How a provider treats the texts that it gets."""

    TAKES = "takes"
    """It takes them and says so."""
    BUSY = "busy"
    """It refuses them for now, in so many words."""
    DENIES = "denies"
    """It does not know our account."""
    GARBLES = "garbles"
    """It answers, but not as agreed: an error page of a proxy, for example."""
    CUTS = "cuts"
    """It cuts the connection when it has the whole request."""
    SILENT = "silent"
    """It takes them and never answers."""


class Provider(Protocol):
    """A stand-in for the other side."""

    @property
    def taken(self) -> Sequence[tuple[str, str]]:
        """Number (as the provider writes it) and text of every SMS that it took."""
        ...

    def behave(self, behaviour: Behaviour) -> None:
        """From now on."""
        ...

    def stop(self) -> None:
        """Listen no more: connections are refused. May be called twice."""
        ...


def sms(reference: str = "a1", text: str = TEXT) -> Sms:
    return Sms(reference, NUMBER, text, "ORNEK", "http://127.0.0.1:9/receipt/a1?sig=x")


class GatewayContract(ABC):
    """See the module."""

    @abstractmethod
    def provider(self) -> AbstractContextManager[Provider]:
        """A provider that takes what it gets."""

    @abstractmethod
    def gateway(self, provider: Provider, context: GatewayContext) -> Gateway:
        """A gateway to it, with :data:`SECRET` as its secret."""

    @contextmanager
    def pair(self, behaviour: Behaviour = Behaviour.TAKES) -> Iterator[tuple[Gateway, Provider]]:
        context = GatewayContext(structlog.get_logger(), lambda: NOW)
        with self.provider() as provider, closing(self.gateway(provider, context)) as gateway:
            provider.behave(behaviour)
            yield gateway, provider

    def outcome(self, behaviour: Behaviour) -> Outcome:
        with self.pair(behaviour) as (gateway, _):
            [outcome] = gateway.submit([sms()])
            return outcome

    def test_a_taken_sms_is_accepted_and_arrives_whole(self) -> None:
        with self.pair() as (gateway, provider):
            assert isinstance(gateway.submit([sms()])[0], Accepted)
            [(number, text)] = provider.taken
            assert number.endswith(NUMBER.removeprefix("+90"))
            assert text == TEXT

    def test_a_batch_gets_an_outcome_for_each(self) -> None:
        with self.pair() as (gateway, provider):
            texts = [f"metin {n}" for n in range(min(gateway.max_batch, 5))]
            outcomes = gateway.submit([sms(f"r{n}", text) for n, text in enumerate(texts)])
            assert [type(outcome) for outcome in outcomes] == [Accepted] * len(texts)
            assert [text for _, text in provider.taken] == texts

    def test_an_empty_batch_has_no_outcome(self) -> None:
        with self.pair() as (gateway, provider):
            assert list(gateway.submit([])) == []
            assert list(provider.taken) == []

    def test_a_busy_provider_means_later(self) -> None:
        assert isinstance(self.outcome(Behaviour.BUSY), NotNow)

    def test_an_unknown_account_stops_sending_and_says_what_to_do(self) -> None:
        outcome = self.outcome(Behaviour.DENIES)
        assert isinstance(outcome, Stop)
        assert outcome.remedy

    def test_an_answer_that_cannot_be_read_leaves_it_unknown(self) -> None:
        assert isinstance(self.outcome(Behaviour.GARBLES), Unknown)

    def test_a_connection_cut_after_the_request_leaves_it_unknown(self) -> None:
        assert isinstance(self.outcome(Behaviour.CUTS), Unknown)

    def test_silence_after_the_request_leaves_it_unknown_before_long(self) -> None:
        begun = monotonic()
        assert isinstance(self.outcome(Behaviour.SILENT), Unknown)
        assert monotonic() - begun < _SLOWEST

    def test_a_provider_that_is_away_means_later_and_raises_nothing(self) -> None:
        with self.pair() as (gateway, provider):
            provider.stop()
            assert isinstance(gateway.submit([sms()])[0], NotNow)
            assert gateway.lookup(sms(), NOW) is None
            assert list(gateway.poll(["1"], NOW - timedelta(days=1))) == []
            assert gateway.check()[0] is False

    def test_an_account_can_be_checked_without_sending(self) -> None:
        with self.pair() as (gateway, provider):
            ok, sentence = gateway.check()
            assert ok, sentence
            provider.behave(Behaviour.DENIES)
            assert list(provider.taken) == []

    def test_an_unreadable_callback_is_an_error(self) -> None:
        with self.pair() as (gateway, _):
            for body in (b"", b"{}", b"[1", b"\xff\xfe", b"[" * 100_000):
                try:
                    gateway.receipts(Callback("POST", {}, body))
                except ValueError:
                    continue
                raise AssertionError(f"taken for a receipt: {body[:10]!r}")

    def test_several_threads_may_send_at_once(self) -> None:
        with self.pair() as (gateway, provider), ThreadPoolExecutor(4) as pool:
            batches = [[sms(f"r{n}", f"metin {n}")] for n in range(12)]
            outcomes = [outcome for [outcome] in pool.map(gateway.submit, batches)]
            assert [type(outcome) for outcome in outcomes] == [Accepted] * 12
            assert sorted(text for _, text in provider.taken) == sorted(
                batch[0].text for batch in batches
            )

    def test_closing_twice_is_no_error(self) -> None:
        with self.pair() as (gateway, _):
            gateway.close()
            gateway.close()

    def test_nothing_personal_or_secret_shows(self) -> None:
        """Neither in what is returned nor in any log, however much is logged."""
        with _everything_logged() as lines:
            shown = [repr(self.outcome(behaviour)) for behaviour in Behaviour]
        hidden = [SECRET, NUMBER.removeprefix("+90"), TEXT]
        for line in (*shown, *lines):
            for way in _written(hidden):
                assert way not in line, line


def _written(values: Sequence[str]) -> Iterator[str]:
    """The ways in which a value may stand in a log: itself, in an address, as octets."""
    for value in values:
        yield value
        yield quote_plus(value)
        yield value.encode().hex()
        yield value.encode("utf-16-be").hex()


@contextmanager
def _everything_logged() -> Iterator[list[str]]:
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
