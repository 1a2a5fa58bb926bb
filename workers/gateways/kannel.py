"""Gateway to a Kannel box of our own: its ``sendsms`` service over HTTP.

Kannel 1.4 user guide, chapter "Using sendsms". It answers without a message id, so receipts
(``dlr-url``) carry our reference. They come unauthenticated: the address must hold a secret.

Kannel knows no Turkish shift tables, and with ``coding=0`` turns their letters into others without
a word: such texts go as UCS-2. Note that it writes numbers and texts into its own logs.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, SecretStr

from cases.sms.alphabets import Encoding
from cases.sms.segments import measure
from workers.gateways.contract import (
    Accepted,
    Callback,
    Delivery,
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
from workers.gateways.http import Answer, Wire, unusual, with_query
from workers.gateways.receipt_text import parse_receipt

_ACCEPTED = ("0:", "3:")
"""Accepted for delivery; queued, because no SMSC is connected now."""
_SETTINGS_REMEDY = "Check the sendsms-user group of Kannel and the sender id."
_REFUSALS: tuple[tuple[str, Outcome], ...] = (
    ("Authorization failed", Stop("Kannel refuses user name or password", _SETTINGS_REMEDY)),
    ("Sender missing", Stop("Kannel wants a sender id", _SETTINGS_REMEDY)),
    ("Number(s) has/have been denied", Never("Kannel's lists deny the number")),
    ("Missing receiver", Never("Kannel sees no number")),
    ("Charset or body misformed", Never("Kannel does not take the text")),
    ("Not routable", Never("Kannel has no route to the number")),
    ("Temporal failure", NotNow("Kannel cannot take it now")),
)
"""How Kannel begins a refusal (gw/smsbox.c), whatever the HTTP status."""

_DLR_MASK = 1 + 2 + 4 + 8 + 16
_STATES = {
    "1": (Delivery.DELIVERED, "delivered"),
    "2": (Delivery.FAILED, "not delivered"),
    "4": (Delivery.BUFFERED, "buffered at the SMSC"),
    "8": (Delivery.BUFFERED, "accepted by the SMSC"),
    "16": (Delivery.FAILED, "rejected by the SMSC"),
}
_DLR_FIELDS = "&type=%d&ts=%T&answer=%A"
"""Kannel fills these in: kind of report, time (Unix), what the SMSC said."""


class KannelSettings(GatewaySettings):
    """Where Kannel's smsbox listens, and as whom we speak to it."""

    url: Annotated[str, Field(pattern=r"^https?://[^@\s]+$")] = (
        "http://127.0.0.1:13013/cgi-bin/sendsms"
    )
    """Address of the sendsms service."""
    username: str
    """Name in the sendsms-user group."""
    password: SecretStr
    """Password in the sendsms-user group."""
    smsc: str = ""
    """Route: id of an SMSC group. Empty: Kannel chooses."""
    timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 20.0
    """Time limit for one request."""


class Kannel:
    """Holds no connection of its own beyond the HTTP client's."""

    max_batch = 1
    session = False

    def __init__(self, settings: KannelSettings) -> None:
        self._settings = settings
        self._wire = Wire("", settings.timeout_seconds)

    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return [self._send(sms) for sms in batch]

    def _send(self, sms: Sms) -> Outcome:
        answer = self._call(_message(sms) | self._route())
        if not isinstance(answer, Answer):
            return answer
        if answer.status in (200, 202) and answer.text.startswith(_ACCEPTED):
            return Accepted()
        return _refusal(answer)

    def _route(self) -> dict[str, str]:
        return {"smsc": self._settings.smsc} if self._settings.smsc else {}

    def lookup(self, sms: Sms, since: datetime) -> None:  # noqa: ARG002  Kannel cannot be asked
        return None

    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        query = callback.query
        reference = query.get("ref", "")
        if query.get("type") not in _STATES or not reference:
            raise ValueError("no delivery report of Kannel")
        state, detail = _STATES[query["type"]]
        answered = parse_receipt(query.get("answer", "")).detail
        return [Receipt(state, reference, "", answered or detail, _time(query.get("ts", "")))]

    def poll(self, pending: Sequence[str], since: datetime) -> Sequence[Receipt]:  # noqa: ARG002
        return ()

    def check(self) -> tuple[bool, str]:
        """Asks to send to nobody: a known user is told that the number is missing."""
        answer = self._call({})
        if not isinstance(answer, Answer):
            return False, answer.reason
        if answer.text.startswith("Missing receiver"):
            return True, "Kannel knows us."
        refusal = _refusal(answer)
        return False, getattr(refusal, "reason", "Kannel gave an answer that cannot be read")

    def close(self) -> None:
        self._wire.close()

    def _call(self, fields: dict[str, str]) -> Answer | NotNow | Unknown:
        login = {
            "username": self._settings.username,
            "password": self._settings.password.get_secret_value(),
        }
        return self._wire.exchange("GET", self._settings.url, params=login | fields)


def _message(sms: Sms) -> dict[str, str]:
    plain = measure(sms.text, Encoding.GSM7) is not None
    fields = {
        "from": sms.sender,
        "to": sms.to,
        "text": sms.text,
        "charset": "UTF-8",
        "coding": "0" if plain else "2",
    }
    if sms.callback:
        # Kannel reads % in the address as the start of one of its own fields.
        address = with_query(sms.callback, {"ref": sms.reference}).replace("%", "%%")
        fields |= {"dlr-mask": str(_DLR_MASK), "dlr-url": address + _DLR_FIELDS}
    return fields


def _refusal(answer: Answer) -> Outcome:
    for beginning, outcome in _REFUSALS:
        if answer.text.startswith(beginning):
            return outcome
    if answer.status == 400 and answer.text.endswith("rejected"):
        return Never("Kannel rejected a field of the request")
    return unusual(answer, "Kannel")


def _time(seconds: str) -> datetime | None:
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 10):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _open(settings: KannelSettings, context: GatewayContext) -> Kannel:  # noqa: ARG001
    return Kannel(settings)


GATEWAY = GatewayDeclaration(
    kind="kannel",
    summary="A Kannel box of your own (sendsms over HTTP).",
    settings=KannelSettings,
    open=_open,
    turkish=False,
    contract_version=1,
)
