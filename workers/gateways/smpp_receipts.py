"""Delivery receipts as they come on an SMPP session, kept until somebody polls.

They have been confirmed to the SMSC by then, so what is in memory is lost with the process: the
SMS then stays *accepted*. When too many wait, further ones are refused, and the SMSC keeps them.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from smpplib import consts

from workers.gateways.contract import Delivery, Receipt
from workers.gateways.http import identifier
from workers.gateways.receipt_text import parse_receipt

_LOG = "basvuru.smpp"
MAX_WAITING = 10_000
KEEP = timedelta(minutes=10)
"""A receipt may be here before the row knows its id: so long it is held back for a match."""

_MESSAGE_STATES = {
    1: Delivery.BUFFERED,
    2: Delivery.DELIVERED,
    3: Delivery.EXPIRED,
    4: Delivery.FAILED,
    5: Delivery.FAILED,
    6: Delivery.BUFFERED,
    8: Delivery.FAILED,
}
"""SMPP 3.4, 5.2.28: en route, delivered, expired, deleted, undeliverable, accepted, rejected.
7 (unknown) says nothing."""
_TYPE_MASK, _RECEIPT_TYPE = 0x3C, 0x04
"""esm_class, 5.2.12: kind of message, and that of a delivery receipt."""


class ReceiptQueue:
    """May be used from several threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._waiting: list[Receipt] = []

    def add(self, pdu: Any) -> int:
        """Take a ``deliver_sm``; returns the command_status to answer with.

        A text that somebody wrote is refused, for good: this session has nowhere to keep it, and
        a confirmed text would be lost without a trace. Such texts come
        through the channel ``sms``.
        """
        if not _is_receipt(pdu):
            logging.getLogger(_LOG).warning("a text from a person was refused")
            return int(consts.SMPP_ESME_RX_P_APPN)
        receipt = read_receipt(pdu, self._now())
        if receipt is not None:
            with self._lock:
                if len(self._waiting) >= MAX_WAITING:
                    return int(consts.SMPP_ESME_RMSGQFUL)
                self._waiting.append(receipt)
        return int(consts.SMPP_ESME_ROK)

    def take(self, pending: Sequence[str]) -> list[Receipt]:
        """Receipts for these ids, under the id as it stands there; old ones whatever their id."""
        known, oldest = _by_form(pending), self._now() - KEEP
        taken, kept = [], []
        with self._lock:
            for receipt in self._waiting:
                match = _match(receipt.provider_id, known)
                if match is not None:
                    taken.append(replace(receipt, provider_id=match))
                elif receipt.at is None or receipt.at < oldest:
                    taken.append(receipt)
                else:
                    kept.append(receipt)
            self._waiting = kept
        return taken


def read_receipt(pdu: Any, at: datetime) -> Receipt | None:
    """The receipt in a ``deliver_sm``: its optional parameters, else its text."""
    if not _is_receipt(pdu):
        return None
    text = parse_receipt(_text(pdu.short_message or pdu.message_payload))
    id_ = identifier(_text(pdu.receipted_message_id)) or text.message_id
    state = _MESSAGE_STATES.get(pdu.message_state or 0, text.state)
    if not id_ or state is None:
        return None
    return Receipt(state, provider_id=id_, detail=text.detail, at=at)


def _is_receipt(pdu: Any) -> bool:
    return ((pdu.esm_class or 0) & _TYPE_MASK) == _RECEIPT_TYPE


def _text(value: bytes | None) -> str:
    return (value or b"").decode("latin-1").rstrip("\0")


def forms(message_id: str) -> tuple[str, ...]:
    """The ways one id may be written, the likeliest first.

    Many SMSCs answer ``submit_sm`` in hexadecimal and name the same message in decimal in its
    receipt, or the other way round, and pad with zeros as they like.
    """
    plain = message_id.lower().lstrip("0") or "0"
    others = []
    if plain.isdecimal():
        others.append(f"{int(plain):x}")
    if all(char in "0123456789abcdef" for char in plain):
        others.append(str(int(plain, 16)))
    return (plain, *others)


def _by_form(pending: Iterable[str]) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for id_ in pending:
        known.setdefault(forms(id_)[0], []).append(id_)
    return known


def _match(message_id: str, known: dict[str, list[str]]) -> str | None:
    """The pending id that is meant; None when there is none, or more than one."""
    for form in forms(message_id):
        if found := known.get(form):
            return found[0] if len(found) == 1 else None
    return None
