"""Gateway to Netgsm, REST v2 (forms as in the provider's own client libraries, netgsm-sms 1.1.2).

The request takes no reference of ours, so an SMS whose hand-over is unknown is looked for in the
report by number and time. Receipts are polled, at most 10 questions a minute.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pydantic import SecretStr

from cases.sms.alphabets import Encoding
from cases.sms.segments import measure
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
from workers.gateways.http import Answer, HttpSettings, Wire, identifier, unusual
from workers.gateways.turkey import DAY_FIRST, ISTANBUL, double_zero, is_turkish, local_time

_REMEDY = "Look at API rights, sender names and İYS settings in Netgsm's panel."
_CODES: Mapping[str, Outcome] = {
    "20": Never("Netgsm 20: text or its length"),
    "30": Stop("Netgsm 30: user, password or this machine's address", _REMEDY),
    "40": Stop("Netgsm 40: sender name is not registered", _REMEDY),
    "50": Stop("Netgsm 50: the account may not send with İYS control", _REMEDY),
    "51": Stop("Netgsm 51: no İYS brand is set", _REMEDY),
    "70": Stop("Netgsm 70: a field is wrong or missing", _REMEDY),
    "80": NotNow("Netgsm 80: limit reached"),
    "85": NotNow("Netgsm 85: too many to this number", timedelta(minutes=1)),
    "100": NotNow("Netgsm 100: system error"),
    "101": NotNow("Netgsm 101: system error"),
}
_NO_RECORDS = "60"
_SETTLING = timedelta(minutes=5)
"""The report may lag behind: before this time has passed, not found does not mean not taken."""
_WINDOW = timedelta(minutes=15)
_PAGE = 100


class NetgsmSettings(HttpSettings):
    """Account at Netgsm."""

    official: ClassVar[str] = "https://api.netgsm.com.tr"

    base_url: str = official
    """Netgsm's address; only the official one or this machine."""
    username: str
    """Subscriber number, or name of an API user."""
    password: SecretStr
    """API password."""
    appname: str = ""
    """Name of the application, where Netgsm has asked for one."""
    statuses: Mapping[str, Delivery] = {
        "0": Delivery.BUFFERED,
        "1": Delivery.DELIVERED,
        "2": Delivery.BUFFERED,
        "3": Delivery.FAILED,
        "4": Delivery.FAILED,
        **{str(code): Delivery.FAILED for code in range(11, 18)},
    }
    """What the numbers of the report mean. The provider's two libraries disagree about 0 and 2
    (pending in one, failed or expired in the other): confirm them for your account."""


class Netgsm:
    """One SMS a request: an answer then speaks of one number only."""

    max_batch = 1
    session = False

    def __init__(self, settings: NetgsmSettings, context: GatewayContext) -> None:
        self._settings = settings
        self._now = context.now
        login = (settings.username, settings.password.get_secret_value())
        self._wire = Wire(settings.base_url, settings.timeout_seconds, auth=login)

    def submit(self, batch: Sequence[Sms]) -> Sequence[Outcome]:
        return [self._send(sms) for sms in batch]

    def _send(self, sms: Sms) -> Outcome:
        answer = self._wire.exchange("POST", "/sms/rest/v2/send", json=self._message(sms))
        if not isinstance(answer, Answer):
            return answer
        body = _object(answer)
        job = identifier(body.get("jobid"))
        if body.get("code") == "00" and job:
            return Accepted(job)
        return _CODES.get(str(body.get("code"))) or unusual(answer, "Netgsm")

    def _message(self, sms: Sms) -> dict[str, Any]:
        message = {
            "msgheader": sms.sender,
            "iysfilter": "0",  # informational: no consent is asked for
            "messages": [{"msg": sms.text, "no": _number(sms.to)}],
        }
        if measure(sms.text, Encoding.GSM7) is None:
            message["encoding"] = "tr"
        if self._settings.appname:
            message["appname"] = self._settings.appname
        return message

    def lookup(self, sms: Sms, since: datetime) -> Receipt | bool | None:
        """By number within a quarter of an hour. More than one match cannot be told apart."""
        jobs = self._report({}, since - timedelta(minutes=1), since + _WINDOW)
        if jobs is None:
            return None
        found = [job for job in jobs if _digits(job.get("number")).endswith(_tail(sms.to))]
        if len(found) == 1:
            return self._receipt(found[0], sms.reference) or True
        settled = self._now() - since > _SETTLING
        return False if not found and settled and len(jobs) < _PAGE else None

    def receipts(self, callback: Callback) -> Sequence[Receipt]:
        raise ValueError(f"Netgsm calls nobody back ({callback.method})")

    def poll(self, pending: Sequence[str], since: datetime) -> Sequence[Receipt]:
        return list(self._polled(pending, since))

    def _polled(self, pending: Sequence[str], since: datetime) -> Iterator[Receipt]:
        for start in range(0, len(pending), _PAGE):
            ids = list(pending[start : start + _PAGE])
            jobs = self._report({"jobids": ids}, since, self._now())
            if jobs is None:
                return  # over the limit, or away: the next poll asks again
            receipts = (self._receipt(job) for job in jobs if str(job.get("jobid")) in ids)
            yield from (receipt for receipt in receipts if receipt)

    def check(self) -> tuple[bool, str]:
        """Asks for the report of the last minute."""
        now = self._now()
        if self._report({}, now - timedelta(minutes=1), now) is not None:
            return True, "Netgsm knows the account."
        return False, "Netgsm does not answer, or refuses the account."

    def close(self) -> None:
        self._wire.close()

    def _report(
        self, which: Mapping[str, Any], start: datetime, stop: datetime
    ) -> list[dict[str, Any]] | None:
        """Rows of the report; None when there is no telling."""
        question = {
            "startdate": start.astimezone(ISTANBUL).strftime(DAY_FIRST),
            "stopdate": stop.astimezone(ISTANBUL).strftime(DAY_FIRST),
            "pagenumber": 0,
            "pagesize": _PAGE,
            **which,
        }
        answer = self._wire.ask("POST", "/sms/rest/v2/report", json=question)
        body = _object(answer) if answer else {}
        if str(body.get("code")) == _NO_RECORDS:
            return []
        jobs = body.get("jobs")
        return [job for job in jobs if isinstance(job, dict)] if isinstance(jobs, list) else None

    def _receipt(self, job: Mapping[str, Any], reference: str = "") -> Receipt | None:
        state = self._settings.statuses.get(str(job.get("status")))
        id_ = identifier(job.get("jobid"))
        if state is None or not id_:
            return None
        detail = f"status {job['status']}, error {_digits(job.get('errorCode')) or '-'}"
        at = local_time(job.get("deliveredDate"), DAY_FIRST)
        return Receipt(state, reference, id_, detail, at)


def _object(answer: Answer) -> dict[str, Any]:
    body = answer.json()
    return body if isinstance(body, dict) else {}


def _number(e164: str) -> str:
    return e164.removeprefix("+90") if is_turkish(e164) else double_zero(e164)


def _tail(e164: str) -> str:
    """What every way to write the number ends with."""
    return e164.removeprefix("+90").removeprefix("+")


def _digits(value: object) -> str:
    return "".join(char for char in str(value or "") if char.isascii() and char.isdigit())


GATEWAY = GatewayDeclaration(
    kind="netgsm",
    summary="Netgsm (Türkiye), REST v2.",
    settings=NetgsmSettings,
    open=Netgsm,
    contract_version=1,
)
