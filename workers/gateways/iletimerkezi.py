"""Gateway to İleti Merkezi, API v1 in JSON (iletimerkezi.com/docs/api).

No reference of ours goes along and orders can only be asked for by their id, so an SMS whose
hand-over is unknown stays unknown. Receipts are polled; the provider can also post them to one
address that is set in its panel.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import SecretStr

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

_REMEDY = "Look at API access, sender names and İYS settings in İleti Merkezi's panel."
_CODES: Mapping[str, Outcome] = {
    "400": Never("İleti Merkezi 400: the request cannot be processed"),
    "401": Stop("İleti Merkezi 401: key or hash, or API access is off", _REMEDY),
    "402": NotNow("İleti Merkezi 402: no credit"),
    "422": Never("İleti Merkezi 422: a value is not valid"),
    "450": Stop("İleti Merkezi 450: the sender name is not registered", _REMEDY),
    # It has the very same order: whether as this one, it cannot be asked.
    "451": Unknown("İleti Merkezi 451: has this order already"),
    "452": Never("İleti Merkezi 452: the number is not valid"),
    "453": Never("İleti Merkezi 453: the order is too large"),
    "454": Never("İleti Merkezi 454: empty text"),
    "459": Stop("İleti Merkezi 459: no sender name", _REMEDY),
    "460": Stop("İleti Merkezi 460: the sender name is too long or has Turkish letters", _REMEDY),
    "466": Never("İleti Merkezi 466: the number is not valid"),
    "468": Stop("İleti Merkezi 468: İYS setting", _REMEDY),
    "469": Stop("İleti Merkezi 469: İYS list", _REMEDY),
    "470": Stop("İleti Merkezi 470: İYS code", _REMEDY),
    "503": NotNow("İleti Merkezi 503: away for now"),
}
_STATUSES: Mapping[str, Delivery] = {
    "110": Delivery.BUFFERED,
    "111": Delivery.DELIVERED,
    "112": Delivery.FAILED,
}
"""Of one number, in the report. 113 to 115 speak of the order."""
_POSTED: Mapping[str, Delivery] = {
    "accepted": Delivery.BUFFERED,
    "delivered": Delivery.DELIVERED,
    "undelivered": Delivery.FAILED,
}
_POLLED_AT_ONCE = 50


class IletiMerkeziSettings(HttpSettings):
    """Account at İleti Merkezi."""

    official: ClassVar[str] = "https://api.iletimerkezi.com"

    base_url: str = official
    """İleti Merkezi's address; only the official one or this machine."""
    key: SecretStr
    """API key from the panel's settings."""
    hash: SecretStr
    """Hash of key and secret, as the panel shows it."""


class IletiMerkezi:
    """One SMS an order, so that an order's report is that of one SMS."""

    max_batch = 1
    session = False

    def __init__(self, settings: IletiMerkeziSettings, context: GatewayContext) -> None:  # noqa: ARG002
        self._login = {
            "key": settings.key.get_secret_value(),
            "hash": settings.hash.get_secret_value(),
        }
        self._wire = Wire(settings.base_url, settings.timeout_seconds)

    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return [self._send(sms) for sms in batch]

    def _send(self, sms: Sms) -> Outcome:
        answer = self._wire.exchange("POST", "/v1/send-sms/json", json=self._request(_order(sms)))
        if not isinstance(answer, Answer):
            return answer
        code, order = _read(answer)
        if code == "200" and (id_ := identifier(order.get("id"))):
            return Accepted(id_)
        return _CODES.get(code) or unusual(answer, "İleti Merkezi")

    def lookup(self, sms: Sms, since: datetime) -> None:  # noqa: ARG002  it cannot be asked
        return None

    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        body = parse_json(callback.body)
        report = body.get("report") if isinstance(body, dict) else None
        if not isinstance(report, dict) or str(report.get("status")) not in _POSTED:
            raise ValueError("no report of İleti Merkezi")
        status = str(report["status"])
        return [Receipt(_POSTED[status], "", identifier(report.get("packet_id")), status)]

    def poll(self, pending: Sequence[str], since: datetime) -> Sequence[Receipt]:  # noqa: ARG002
        return list(self._polled(pending[:_POLLED_AT_ONCE]))

    def _polled(self, pending: Sequence[str]) -> Iterator[Receipt]:
        for id_ in pending:
            answer = self._report(id_)
            if answer is None or answer.status in (429, 503):
                return  # away or over a limit: the next poll asks again
            _, order = _read(answer)
            for status in _message_statuses(order):
                yield Receipt(_STATUSES[status], "", id_, f"status {status}")

    def check(self) -> tuple[bool, str]:
        """Asks for an order that cannot be: a known account is told that it is not there."""
        answer = self._report("0")
        code = _read(answer)[0] if answer else ""
        if code in ("200", "455"):
            return True, "İleti Merkezi knows the account."
        return False, "İleti Merkezi does not answer, or refuses the account."

    def close(self) -> None:
        self._wire.close()

    def _report(self, order: str) -> Answer | None:
        question = self._request({"id": order, "page": "1", "rowCount": "10"})
        return self._wire.ask("POST", "/v1/get-report/json", json=question)

    def _request(self, order: Mapping[str, Any]) -> dict[str, Any]:
        return {"request": {"authentication": self._login, "order": order}}


def _order(sms: Sms) -> dict[str, Any]:
    return {
        "sender": sms.sender,
        "sendDateTime": [],
        "iys": "0",  # informational: no consent is asked for
        "iysList": "BIREYSEL",
        # "receipents" is the provider's spelling.
        "message": {"text": sms.text, "receipents": {"number": [sms.to]}},
    }


def _read(answer: Answer) -> tuple[str, dict[str, Any]]:
    """Code and order of an answer; both empty when it has another form."""
    body = answer.json()
    response = body.get("response") if isinstance(body, dict) else None
    if not isinstance(response, dict):
        return "", {}
    status, order = response.get("status"), response.get("order")
    code = str(status.get("code")) if isinstance(status, dict) else ""
    return code, order if isinstance(order, dict) else {}


def _message_statuses(order: Mapping[str, Any]) -> list[str]:
    messages = order.get("message")
    rows = messages if isinstance(messages, list) else []
    found = [str(row.get("status")) for row in rows if isinstance(row, dict)]
    return [status for status in found if status in _STATUSES]


GATEWAY = GatewayDeclaration(
    kind="iletimerkezi",
    summary="İleti Merkezi (Türkiye), API v1.",
    settings=IletiMerkeziSettings,
    open=IletiMerkezi,
    contract_version=1,
)
