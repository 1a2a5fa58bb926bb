"""Gateway to Twilio, Programmable Messaging (API 2010-04-01).

Twilio stands abroad: whether texts to customers may go there is for the company to decide. To
Turkish numbers it sends from a registered alphanumeric sender only, and Turkish letters go as
UCS-2. Receipts are posted to the address that goes along; the list of sent messages can be asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl

from pydantic import Field, SecretStr

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
)
from workers.gateways.http import Answer, HttpSettings, Wire, identifier, unusual, with_query

_REMEDY = (
    "Look at the account, its sender names and its geographic permissions in Twilio's console."
)
_ERRORS: Mapping[int, Outcome] = {
    14107: NotNow("Twilio 14107: too many messages"),
    20003: Stop("Twilio 20003: account or token", _REMEDY),
    20429: NotNow("Twilio 20429: too many requests"),
    21211: Never("Twilio 21211: the number is not valid"),
    21212: Stop("Twilio 21212: the sender is not valid", _REMEDY),
    21408: Stop("Twilio 21408: the country is not permitted", _REMEDY),
    21606: Stop("Twilio 21606: the sender cannot send there", _REMEDY),
    21610: Never("Twilio 21610: the recipient has opted out"),
    21611: NotNow("Twilio 21611: the sender's queue is full"),
    21612: Never("Twilio 21612: no way from this sender to the number"),
    21614: Never("Twilio 21614: no mobile number"),
    21617: Never("Twilio 21617: text too long"),
    30001: NotNow("Twilio 30001: queue overflow"),
    63038: NotNow("Twilio 63038: daily limit", timedelta(hours=1)),
}
_STATUSES: Mapping[str, Delivery] = {
    "accepted": Delivery.BUFFERED,
    "scheduled": Delivery.BUFFERED,
    "queued": Delivery.BUFFERED,
    "sending": Delivery.BUFFERED,
    "sent": Delivery.BUFFERED,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}
_SETTLING = timedelta(minutes=2)
_LISTED = 50
_POLLED_AT_ONCE = 50


class TwilioSettings(HttpSettings):
    """Account at Twilio."""

    official: ClassVar[str] = "https://api.twilio.com"

    base_url: str = official
    """Twilio's address; only the official one or this machine."""
    account_sid: Annotated[str, Field(pattern=r"^AC[0-9a-f]{32}$")]
    """Account SID: AC and 32 hexadecimal digits."""
    auth_token: SecretStr
    """Auth token of the account."""


class Twilio:
    """Twilio takes one message a request."""

    max_batch = 1
    session = False

    def __init__(self, settings: TwilioSettings, context: GatewayContext) -> None:
        self._now = context.now
        self._account = f"/2010-04-01/Accounts/{settings.account_sid}"
        login = (settings.account_sid, settings.auth_token.get_secret_value())
        self._wire = Wire(settings.base_url, settings.timeout_seconds, auth=login)

    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return [self._send(sms) for sms in batch]

    def _send(self, sms: Sms) -> Outcome:
        form = {"To": sms.to, "From": sms.sender, "Body": sms.text}
        if sms.callback:
            form["StatusCallback"] = with_query(sms.callback, {"ref": sms.reference})
        answer = self._wire.exchange("POST", f"{self._account}/Messages.json", data=form)
        if not isinstance(answer, Answer):
            return answer
        body = _object(answer)
        if answer.status == 201 and (sid := identifier(body.get("sid"))):
            return Accepted(sid)
        return _refusal(body) or unusual(answer, "Twilio")

    def lookup(self, sms: Sms, since: datetime) -> Receipt | bool | None:
        """Among the last messages to the number, by text and time."""
        question = {"To": sms.to, "PageSize": str(_LISTED)}
        answer = self._wire.ask("GET", f"{self._account}/Messages.json", params=question)
        messages = _object(answer).get("messages") if answer else None
        if not isinstance(messages, list):
            return None
        rows = [row for row in messages if isinstance(row, dict)]
        for row in rows:
            if row.get("body") == sms.text and _not_before(row, since):
                return _receipt(row, sms.reference) or True
        settled = self._now() - since > _SETTLING
        return False if settled and len(rows) < _LISTED else None

    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        fields = dict(parse_qsl(callback.body.decode("utf-8", "replace"), max_num_fields=100))
        row = {
            "sid": fields.get("MessageSid"),
            "status": fields.get("MessageStatus"),
            "error_code": fields.get("ErrorCode"),
        }
        receipt = _receipt(row, callback.query.get("ref", ""))
        if receipt is None:
            raise ValueError("no status of Twilio")
        return [receipt]

    def poll(self, pending: Sequence[str], since: datetime) -> Sequence[Receipt]:  # noqa: ARG002
        return list(self._polled(pending[:_POLLED_AT_ONCE]))

    def _polled(self, pending: Sequence[str]) -> Iterator[Receipt]:
        for sid in pending:
            if not sid.isalnum():
                continue  # no id of Twilio's; it would change the path
            answer = self._wire.ask("GET", f"{self._account}/Messages/{sid}.json")
            if answer is None or answer.status == 429:
                return  # away or over a limit: the next poll asks again
            if receipt := _receipt(_object(answer)):
                yield receipt

    def check(self) -> tuple[bool, str]:
        """Asks for the account itself."""
        answer = self._wire.ask("GET", f"{self._account}.json")
        if answer and answer.status == 200 and _object(answer).get("status") == "active":
            return True, "Twilio knows the account."
        return False, "Twilio does not answer, or refuses the account."

    def close(self) -> None:
        self._wire.close()


def _object(answer: Answer) -> dict[str, Any]:
    body = answer.json()
    return body if isinstance(body, dict) else {}


def _refusal(body: Mapping[str, Any]) -> Outcome | None:
    code = body.get("code")
    return _ERRORS.get(code) if isinstance(code, int) else None


def _receipt(row: Mapping[str, Any], reference: str = "") -> Receipt | None:
    status, sid = str(row.get("status")), identifier(row.get("sid"))
    error = str(row.get("error_code"))
    if status not in _STATUSES or not sid:
        return None
    detail = f"{status}, error {error}" if error.isascii() and error.isdigit() else status
    return Receipt(_STATUSES[status], reference, sid, detail)


def _not_before(row: Mapping[str, Any], since: datetime) -> bool:
    """Whether it was made after ``since``; their clock may be a minute behind ours."""
    try:
        made = parsedate_to_datetime(str(row.get("date_created")))
    except ValueError:
        return False  # a row without a time proves nothing
    return made.tzinfo is not None and made >= since - timedelta(minutes=1)


GATEWAY = GatewayDeclaration(
    kind="twilio",
    summary="Twilio (abroad).",
    settings=TwilioSettings,
    open=Twilio,
    turkish=False,
    contract_version=1,
)
