"""Gateway to an SMSC: SMPP 3.4 as an ESME, bound as transceiver.

One session for each process, opened when it is first needed and kept. Receipts come on the same
session and are handed out by ``poll``, which must therefore run in the process that sends. Of a
text of several parts the last one is named and followed: a handset shows the text when it has all.
"""

import secrets
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Annotated, Any

from pydantic import Field, SecretStr
from smpplib import consts

from cases.sms.alphabets import Encoding
from cases.sms.segments import best
from cases.sms.userdata import user_data
from workers.gateways.contract import (
    Accepted,
    Callback,
    GatewayContext,
    GatewayDeclaration,
    GatewaySettings,
    Never,
    NotNow,
    Outcome,
    Receipt,
    Sms,
    Stop,
    Unknown,
)
from workers.gateways.http import identifier
from workers.gateways.smpp_link import Asked, Bind, BindRefused, Link, NoAnswer
from workers.gateways.smpp_receipts import ReceiptQueue
from workers.gateways.turkey import is_turkish

Outcomes = (Accepted, NotNow, Never, Stop, Unknown)

_REMEDY = "Ask the operator for system_id, password, system_type, allowed addresses and sender ids."
_BIND_REFUSALS: Mapping[int, Outcome] = {
    consts.SMPP_ESME_RBINDFAIL: Stop("the SMSC refuses the bind", _REMEDY),
    consts.SMPP_ESME_RINVPASWD: Stop("the SMSC refuses the password", _REMEDY),
    consts.SMPP_ESME_RINVSYSID: Stop("the SMSC does not know the system_id", _REMEDY),
    consts.SMPP_ESME_RINVSYSTYP: Stop("the SMSC refuses the system_type", _REMEDY),
}
_REFUSALS: Mapping[int, Outcome] = {
    consts.SMPP_ESME_RINVMSGLEN: Never("SMPP 0x01: length of the text"),
    consts.SMPP_ESME_RINVSRCADR: Stop("SMPP 0x0A: the sender id is not registered", _REMEDY),
    consts.SMPP_ESME_RINVDSTADR: Never("SMPP 0x0B: the number is not valid"),
    consts.SMPP_ESME_RMSGQFUL: NotNow("SMPP 0x14: the SMSC's queue is full"),
    consts.SMPP_ESME_RINVESMCLASS: Never("SMPP 0x43: the SMSC takes no such header"),
    consts.SMPP_ESME_RINVSRCTON: Stop("SMPP 0x48: kind of sender id", _REMEDY),
    consts.SMPP_ESME_RINVSRCNPI: Stop("SMPP 0x49: kind of sender id", _REMEDY),
    consts.SMPP_ESME_RTHROTTLED: NotNow("SMPP 0x58: too fast"),
    consts.SMPP_ESME_RX_P_APPN: Never("SMPP 0x65: refused for good"),
    consts.SMPP_ESME_RX_R_APPN: Never("SMPP 0x66: refused"),
}
"""command_status of ``submit_sm_resp`` (SMPP 3.4, 5.1.3). Any other error is a refusal for now."""

_INTERNATIONAL, _ALPHANUMERIC = 1, 5
"""Type of number, 5.2.5."""
_ISDN = 1
"""Numbering plan, 5.2.6."""
_HEADER = 0x40
"""esm_class: the user data begins with a header."""
_GSM7, _UCS2 = 0, 8
"""data_coding: the SMSC's default alphabet, UTF-16."""


class SmppSettings(GatewaySettings):
    """An account at an SMSC."""

    host: str
    """Name or IPv4 address of the SMSC."""
    port: Annotated[int, Field(ge=1, le=65535)] = 2775
    """Port of the SMSC."""
    system_id: Annotated[str, Field(min_length=1, max_length=15)]
    """Who we are to the SMSC; at most 15 characters."""
    password: Annotated[SecretStr, Field(max_length=8)]
    """Password; SMPP allows at most 8 characters."""
    system_type: Annotated[str, Field(max_length=12)] = ""
    """Where the operator asks for one."""
    window: Annotated[int, Field(ge=1, le=50)] = 10
    """Texts under way at the same time. So many are unknown at the most when we are killed in the
    middle; the operator sets a limit, too."""
    turkish_tables: bool = False
    """Whether the SMSC carries the Turkish national tables: 155 characters a part instead of 70 in
    texts with Turkish letters. Ask the operator; other SMSCs garble such texts."""
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 10.0
    """Longest wait for the connection, and for the answer to one PDU."""
    enquire_link_seconds: Annotated[float, Field(gt=0, le=3600)] = 30.0
    """After this time of silence the session is tested; after twice as long it is given up."""


class Smpp:
    """Several threads may submit at the same time; each waits for its own answers."""

    session = True

    def __init__(self, settings: SmppSettings, context: GatewayContext) -> None:
        self._settings = settings
        self.max_batch = settings.window
        self._opening = threading.Lock()
        self._link: Link | None = None
        self._receipts = ReceiptQueue(context.now)
        self._texts = count(secrets.randbelow(256))

    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        link = self._bound()
        if not isinstance(link, Link):
            return [link] * len(batch)
        asked = [self._send(link, sms) for sms in batch]
        return [one if isinstance(one, Outcomes) else _outcome(link, one) for one in asked]

    def _send(self, link: Link, sms: Sms) -> Asked | Outcome:
        """Write a text; of several parts only the answer to the last is still to come."""
        turkish = self._settings.turkish_tables and is_turkish(sms.to)
        encoding = best(sms.text, turkish=turkish).encoding
        parts = user_data(sms.text, encoding, next(self._texts))
        for part in parts[:-1]:
            asked = _ask(link, _fields(sms, part, encoding, len(parts)))
            outcome = asked if isinstance(asked, Outcomes) else _outcome(link, asked)
            if not isinstance(outcome, Accepted):
                return outcome  # a text that lacks a part is not shown, so it was not sent
        last = _fields(sms, parts[-1], encoding, len(parts)) | {"registered_delivery": 1}
        return _ask(link, last)

    def lookup(self, sms: Sms, since: datetime) -> None:  # noqa: ARG002  query_sm needs their id
        return None

    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        raise ValueError(f"an SMSC calls nobody back by HTTP ({callback.method})")

    def poll(self, pending: Sequence[str], since: datetime) -> Sequence[Receipt]:  # noqa: ARG002
        if pending:
            self._bound()  # the SMSC hands receipts only to whoever is bound
        return self._receipts.take(pending)

    def check(self) -> tuple[bool, str]:
        """Binds, and asks whether the session lives."""
        link = self._bound()
        if not isinstance(link, Link):
            return False, link.reason
        try:
            link.request("enquire_link")
        except NoAnswer:
            return False, "The SMSC does not answer."
        return True, "Bound to the SMSC as transceiver."

    def close(self) -> None:
        with self._opening:
            if self._link is not None:
                self._link.close()
            self._link = None

    def _bound(self) -> Link | NotNow | Stop:
        with self._opening:
            if self._link is not None and self._link.alive:
                return self._link
            try:
                self._link = Link(self._bind(), self._receipts.add)
            except OSError:
                return NotNow("the SMSC cannot be reached")
            except BindRefused as refused:
                return _bind_refusal(refused.status)
            return self._link

    def _bind(self) -> Bind:
        known = self._settings
        return Bind(
            known.host,
            known.port,
            known.system_id,
            known.password.get_secret_value(),
            known.system_type,
            known.timeout_seconds,
            known.enquire_link_seconds,
        )


def _bind_refusal(status: int) -> NotNow | Stop:
    outcome = _BIND_REFUSALS.get(status)
    if isinstance(outcome, Stop):
        return outcome
    return NotNow(f"the SMSC does not take the bind now (0x{status:02X})")


def _fields(sms: Sms, part: bytes, encoding: Encoding, parts: int) -> dict[str, Any]:
    national = encoding in (Encoding.TURKISH_LOCKING, Encoding.TURKISH_SINGLE)
    return {
        "source_addr_ton": _ALPHANUMERIC,
        "source_addr": sms.sender,
        "dest_addr_ton": _INTERNATIONAL,
        "dest_addr_npi": _ISDN,
        "destination_addr": sms.to.removeprefix("+"),
        "esm_class": _HEADER if parts > 1 or national else 0,
        "data_coding": _UCS2 if encoding is Encoding.UCS2 else _GSM7,
        "short_message": part,
    }


def _ask(link: Link, fields: Mapping[str, Any]) -> Asked | Outcome:
    try:
        return link.ask("submit_sm", **fields)
    except NoAnswer as failed:
        return _unanswered(failed)


def _unanswered(failed: NoAnswer) -> Outcome:
    if failed.written:
        return Unknown("the SMSC did not answer after the text was written")
    return NotNow("the session with the SMSC ended before")


def _outcome(link: Link, asked: Asked) -> Outcome:
    try:
        answer = link.answer(asked)
    except NoAnswer as failed:
        return _unanswered(failed)
    status = int(answer.status)
    if status != consts.SMPP_ESME_ROK:
        return _REFUSALS.get(status) or NotNow(f"SMPP 0x{status:02X}: refused for now")
    return Accepted(identifier((getattr(answer, "message_id", None) or b"").decode("latin-1")))


GATEWAY = GatewayDeclaration(
    kind="smpp",
    summary="An operator's SMSC (SMPP 3.4).",
    settings=SmppSettings,
    open=Smpp,
    turkish=False,
    contract_version=1,
)
