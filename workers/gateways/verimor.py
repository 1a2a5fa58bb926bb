"""Gateway to Verimor, SMS API v2 (github.com/verimor/SMS-API, user_guide.md).

Our reference goes along as ``custom_id``, so Verimor can be asked for an SMS whose hand-over is
unknown. It posts receipts to one address that is set in its panel, gives up after three tries, and
is therefore polled as well. It refuses the same text from the same sender to the same number twice
on one day.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import SecretStr

from cases.sms.alphabets import Encoding
from cases.sms.segments import best
from workers.gateways.contract import (
    Accepted,
    Callback,
    Delivery,
    GatewayContext,
    GatewayDeclaration,
    Never,
    NotNow,
    Outcome,
    Receipt,
    Sms,
    Stop,
    Unknown,
)
from workers.gateways.http import Answer, HttpSettings, Wire, identifier, parse_json, unusual
from workers.gateways.turkey import YEAR_FIRST, double_zero, is_turkish, local_time

_REMEDY = "Look at the SMS settings in Verimor's panel (OİM)."
_ERRORS: Mapping[str, Outcome] = {
    "INVALID_SOURCE_ADDRESS": Stop("Verimor: the sender name is not registered", _REMEDY),
    "INVALID_PERIOD": Stop("Verimor: validity period", _REMEDY),
    "INVALID_DATACODING": Never("Verimor: coding of the text"),
    "INVALID_UTF8": Never("Verimor: coding of the text"),
    "MISSING_MESSAGE": Never("Verimor: empty text"),
    "MESSAGE_TOO_LONG": Never("Verimor: text too long"),
    "FORBIDDEN_MESSAGE": Never("Verimor: a forbidden word in the text"),
    "INVALID_DESTINATION_ADDRESS": Never("Verimor: the number is not valid"),
    "MISSING_DESTINATION_ADDRESS": Never("Verimor: the number is not valid"),
    "INSUFFICIENT_CREDITS": NotNow("Verimor: no credit"),
    # The very same SMS was taken earlier today: a look-up by our reference tells whether as this.
    "MUKERRER_RAPORLAMA": Unknown("Verimor: has this text for this number already"),
}
_STATUSES: Mapping[str, Delivery] = {
    "SENDING": Delivery.BUFFERED,
    "WAITING": Delivery.BUFFERED,
    "SENT": Delivery.BUFFERED,  # abroad: handed on, never confirmed
    "DELIVERED": Delivery.DELIVERED,
    "EXPIRED": Delivery.EXPIRED,
    "NOT_DELIVERED": Delivery.FAILED,
    "INVALID_DESTINATION_ADDRESS": Delivery.FAILED,
    "REJECTED": Delivery.FAILED,
    "DOUBLE_SEND_ERROR": Delivery.FAILED,
    "BLACKLISTED_DESTINATION_ADDRESS": Delivery.FAILED,
    "NOT_ALLOWED_BY_IYS": Delivery.FAILED,
    "MISSING_TARIFF": Delivery.FAILED,
    "ROUTE_NOT_AVAILABLE": Delivery.FAILED,
    "NETWORK_NOTCOVERED": Delivery.FAILED,
    "SEND_ERROR": Delivery.FAILED,
    "INTERNATIONAL_DENIED": Delivery.FAILED,
}
_CODINGS = {Encoding.GSM7: "0", Encoding.UCS2: "2"}
_POLLED_AT_ONCE = 100
"""The provider allows 150 requests a minute, sending included."""


class VerimorSettings(HttpSettings):
    """Account at Verimor."""

    official: ClassVar[str] = "https://sms.verimor.com.tr"

    base_url: str = official
    """Verimor's address; only the official one or this machine."""
    username: str
    """The account's number, 12 digits (908501234567)."""
    password: SecretStr
    """API password. The sending machine's address must be allowed in the panel too."""


class Verimor:
    """One SMS a request, so that a campaign of theirs is one SMS of ours."""

    max_batch = 1
    session = False

    def __init__(self, settings: VerimorSettings, context: GatewayContext) -> None:  # noqa: ARG002
        self._login = {
            "username": settings.username,
            "password": settings.password.get_secret_value(),
        }
        self._wire = Wire(settings.base_url, settings.timeout_seconds)

    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return [self._send(sms) for sms in batch]

    def _send(self, sms: Sms) -> Outcome:
        answer = self._wire.exchange("POST", "/v2/send.json", json=self._login | _campaign(sms))
        if not isinstance(answer, Answer):
            return answer
        said = answer.text
        if answer.status == 200 and said.isdigit() and identifier(said):
            return Accepted(said)
        if answer.status == 413:
            return Never("Verimor: text too long")
        return _ERRORS.get(said) or unusual(answer, "Verimor")

    def lookup(self, sms: Sms, since: datetime) -> Receipt | bool | None:  # noqa: ARG002
        answer = self._status({"custom_id": sms.reference})
        if answer is None:
            return None
        if answer.status == 404:
            return False
        rows = _rows(answer.json()) if answer.status == 200 else []
        return next(_receipts(rows), True if rows else None)

    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        body = parse_json(callback.body)
        if not isinstance(body, list):
            raise ValueError("no report of Verimor")
        return list(_receipts(row for row in _rows(body) if row.get("type") == "outbound"))

    def poll(self, pending: Sequence[str], since: datetime) -> Sequence[Receipt]:  # noqa: ARG002
        return list(self._polled(pending[:_POLLED_AT_ONCE]))

    def _polled(self, pending: Sequence[str]) -> Iterator[Receipt]:
        for campaign in pending:
            answer = self._status({"id": campaign})
            if answer is None or answer.status == 429:
                return  # away or over the limit: the next poll asks again
            yield from _receipts(_rows(answer.json()))

    def check(self) -> tuple[bool, str]:
        """Asks for the sender names of the account."""
        answer = self._wire.ask("GET", "/v2/headers", params=self._login)
        if answer and answer.status == 200 and isinstance(answer.json(), list):
            return True, "Verimor knows the account."
        return False, "Verimor does not answer, or refuses the account."

    def close(self) -> None:
        self._wire.close()

    def _status(self, which: Mapping[str, str]) -> Answer | None:
        return self._wire.ask("GET", "/v2/status", params=self._login | dict(which))


def _campaign(sms: Sms) -> dict[str, Any]:
    turkish = is_turkish(sms.to)
    return {
        "source_addr": sms.sender,
        "custom_id": sms.reference,
        # National tables hold within the country only.
        "datacoding": _CODINGS.get(best(sms.text, turkish=turkish).encoding, "1"),
        "is_commercial": False,
        "valid_for": "24:00",
        "messages": [
            {
                "msg": sms.text,
                "dest": sms.to.removeprefix("+") if turkish else double_zero(sms.to),
                "id": sms.reference,
            }
        ],
    }


def _rows(body: object) -> list[dict[str, Any]]:
    return [row for row in body if isinstance(row, dict)] if isinstance(body, list) else []


def _receipts(rows: Any) -> Iterator[Receipt]:
    """A status that is not in the table says nothing, and makes no receipt."""
    for row in rows:
        status = str(row.get("status"))
        if status in _STATUSES:
            yield Receipt(
                _STATUSES[status],
                identifier(row.get("message_custom_id") or row.get("campaign_custom_id")),
                identifier(row.get("campaign_id")),
                f"{status}, gsm_error {_code(row.get('gsm_error'))}",
                local_time(row.get("done_at"), YEAR_FIRST),
            )


def _code(value: object) -> str:
    text = str(value)
    return text if text.isascii() and text.isdigit() and len(text) < 6 else "-"


GATEWAY = GatewayDeclaration(
    kind="verimor",
    summary="Verimor (Türkiye), SMS API v2.",
    settings=VerimorSettings,
    open=Verimor,
    contract_version=1,
)
