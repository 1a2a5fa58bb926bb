"""The interface of an SMS gateway, and its manual.

A gateway hands texts over to a provider. It keeps no state of ours and never retries: the sending
stage (:mod:`workers.senders`) writes the row **before** it calls ``submit``, and decides after.

The outcomes of ``submit`` are sorted by what happens next:

* :class:`Accepted`: the provider has it; a receipt may follow.
* :class:`NotNow`: certainly not taken, try later (throttled, 5xx with a clear refusal, no credit
  today). A connection that was never made belongs here too.
* :class:`Never`: certainly not taken, and never will be for this number or text.
* :class:`Stop`: our account, sender id or settings are wrong: nothing is sent until an operator
  mends it. Nothing was taken.
* :class:`Unknown`: it may have been taken (time-out or cut connection after the request was
  written, an answer that cannot be read). Never resent before ``lookup`` or a receipt says so.

No phone number, text or secret in ``reason``: it is logged and shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict
from structlog.typing import FilteringBoundLogger

from ingest.outcomes import Accepted, Never, NotNow, Outcome, Stop, Unknown

__all__ = [
    "Accepted",
    "Callback",
    "Delivery",
    "Gateway",
    "GatewayContext",
    "GatewayDeclaration",
    "GatewaySettings",
    "Never",
    "NotNow",
    "Outcome",
    "Receipt",
    "Sms",
    "Stop",
    "Unknown",
]


@dataclass(frozen=True, slots=True)
class Sms:
    """``reference``: ours, unique, at most 32 characters ``[0-9a-z-]``; the gateway passes it on
    where the provider takes one. ``callback``: address that the provider may call with a receipt;
    empty where receipts are polled. ``to``: E.164."""

    reference: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    sender: str = ""
    callback: str = field(default="", repr=False)


class Delivery(StrEnum):
    """What a receipt says. Only ever moves forward: a late BUFFERED does not undo DELIVERED."""

    BUFFERED = "buffered"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Receipt:
    """``reference`` or ``provider_id`` says which SMS it is about."""

    state: Delivery
    reference: str = ""
    provider_id: str = ""
    detail: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """What a provider posted to us, as it came."""

    method: str
    query: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    content_type: str = ""


class GatewaySettings(BaseModel):
    """Base of each gateway's settings, kept beside it. Describe every field."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class GatewayContext:
    log: FilteringBoundLogger
    now: Callable[[], datetime]


class Gateway(Protocol):
    """Called from several threads."""

    max_batch: int
    """How many SMS one ``submit`` takes, all written ahead together: after a crash in the middle so
    many are unknown. Above 1 only where they really are under way at the same time."""

    session: bool
    """Whether receipts arrive on the connection that sent (SMPP): ``poll`` is then called in the
    process that sends, else in one process of the whole installation."""

    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        """Hand over; one outcome for each, in order. Never raises for what a provider does."""
        ...

    def lookup(self, sms: Sms, since: datetime) -> Receipt | bool | None:
        """What became of an SMS whose hand-over is unknown: a receipt (it was taken), True (taken,
        nothing more known), False (the provider certainly does not have it), None (cannot say)."""
        ...

    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        """Read what the provider posted. Raises ValueError when it cannot be read."""
        ...

    def poll(self, pending: Sequence[str], since: datetime) -> Sequence[Receipt]:
        """Ask for receipts of these provider ids, where the provider does not push; else empty.
        Raises: nothing; a provider that does not answer has no receipts now."""
        ...

    def check(self) -> tuple[bool, str]:
        """Whether the account works, and a sentence. Sends nothing."""
        ...

    def close(self) -> None: ...


GATEWAY_CONTRACT_VERSION = 1
"""Raised when a gateway written for the older version would no longer work."""


@dataclass(frozen=True, slots=True)
class GatewayDeclaration:
    """What stands behind an entry point of the group ``basvuru.gateways``.

    ``contract_version`` is the :data:`GATEWAY_CONTRACT_VERSION` that the author wrote the gateway
    for, as a number. Without it the gateway is refused.
    """

    kind: str
    summary: str
    settings: type[GatewaySettings]
    open: Callable[[Any, GatewayContext], Gateway]
    turkish: bool = True
    """Whether the provider carries Turkish letters at 155 characters a part (national tables); else
    such a text goes as UCS-2 (70) unless it is transliterated."""
    contract_version: int | None = None
