"""The channel ``sms``: texts that people send to our number, handed on by a gateway over HTTP."""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from pydantic import Field, SecretStr

from ingest.contract import (
    ChannelSettings,
    Context,
    Declaration,
    Finding,
    RawItem,
    WebhookRequest,
)
from ingest.errors import Refused
from ingest.pushed import Pushed

MAX_FIELDS = 100
"""Fields of a form; gateways send a dozen."""


LONG = 16
"""Characters of a token that nobody guesses."""


class Settings(ChannelSettings):
    """What stands in ``[channels.NAME]``."""

    kind: Literal["sms"] = "sms"
    """Which channel this is: SMS that people send us."""
    poll_seconds: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    """How often the account says that it is there; nothing is read."""
    token: SecretStr
    """What the gateway shows as `?token=` or as `Authorization: Bearer`: long and hard to guess."""
    from_field: str = "from"
    """Name of the field with the sender's number, in a form or JSON."""
    text_field: str = "text"
    """Name of the field with the text."""
    id_field: str = "id"
    """Name of the field with the gateway's id of the message. Where there is none, number, time and
    text tell one message from another."""
    time_field: str = "time"
    """Name of the field with the time: ISO 8601, or `2026-03-10 09:30:00` in UTC."""


class Sms(Pushed):
    """Implements :class:`ingest.contract.Webhook`."""

    def __init__(self, settings: Settings, context: Context) -> None:
        super().__init__(settings, context)
        self._known = settings

    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem]:
        self._prove(request)
        if "x-kannel-time" in request.headers:
            return [_of_kannel(request)]
        return [self._of_fields(request)]

    def check(self) -> Sequence[Finding]:
        """Besides: whether the token can be guessed."""
        long = len(self._known.token.get_secret_value()) >= LONG
        remedy = "" if long else f"Take at least {LONG} characters, and tell the gateway."
        return [*super().check(), Finding("token", ok=long, detail="its length", remedy=remedy)]

    def _prove(self, request: WebhookRequest) -> None:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        shown = bearer if scheme.lower() == "bearer" else request.query.get("token", "")
        if not hmac.compare_digest(shown.encode(), self._known.token.get_secret_value().encode()):
            raise Refused("An SMS was brought without the token.")

    def _of_fields(self, request: WebhookRequest) -> RawItem:
        fields = _fields(request)
        if fields is None or not fields.get(self._known.from_field):
            return _unreadable(request.body)
        number, text = fields[self._known.from_field], fields.get(self._known.text_field, "")
        time = fields.get(self._known.time_field, "")
        return _item(number, time, text.encode(), fields.get(self._known.id_field, ""))


def _of_kannel(request: WebhookRequest) -> RawItem:
    """What Kannel's ``post-url`` sends: the text is the body, the rest stands in headers
    (Kannel user guide 1.4.5, "SMS-service")."""
    number, time = (request.headers.get(f"x-kannel-{name}", "") for name in ("from", "time"))
    if not number:
        why = "Kannel does not say who wrote; it needs send-sender = true"
        return _unreadable(request.body, why, time)
    charset = request.headers.get("content-type", "").partition("charset=")[2].strip(' "')
    return _item(number, time, request.body, "", charset)


def _item(number: str, time: str, body: bytes, given_id: str, charset: str = "") -> RawItem:
    same = "|".join((number, time)).encode() + b"|" + body
    facts = {"sender_phone": _with_plus(number)} | ({"charset": charset} if charset else {})
    # Ids and numbers are hashed: a key is shown and logged.
    key = sha256(given_id.encode() if given_id else same).hexdigest()[:40]
    return RawItem(key, "sms", body, _moment(time), facts)


def _unreadable(
    body: bytes, why: str = "a post without a sender's number", time: str = ""
) -> RawItem:
    key = sha256(time.encode() + body).hexdigest()[:40]
    return RawItem(key, "sms", body, problem=f"unreadable: {why}")


def _with_plus(number: str) -> str:
    """Gateways leave the plus of an international number out."""
    return f"+{number}" if number.isdigit() and len(number) > 10 else number


def _moment(time: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return None  # the moment of landing, then
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _fields(request: WebhookRequest) -> Mapping[str, str] | None:
    """From JSON or a form; else from the query. None: it cannot be read."""
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            return _flat(json.loads(request.body))
        if request.body:
            return dict(parse_qsl(request.body.decode(), max_num_fields=MAX_FIELDS))
    except (ValueError, RecursionError):
        return None  # it lands as it came, set aside with this cause
    return request.query


def _flat(found: Any) -> Mapping[str, str] | None:
    if not isinstance(found, dict):
        return None
    return {name: str(value) for name, value in found.items() if isinstance(value, str | int)}


MANUAL = """\
People answer our questions and surveys by SMS, and write to us first. The gateway hands each text
to `https://PORTAL/hooks/channel/NAME?token=TOKEN`. An SMS that names an application number, or
comes from a number that we asked something about one, joins it; any other is an application.

Kannel, in its `sms-service` (the text is in the body, so that no address holds it; without
`send-sender` nobody learns who wrote; `max-messages = 0`, or Kannel sends our answer to the
sender):

    group = sms-service
    keyword = default
    catch-all = true
    max-messages = 0
    send-sender = true
    post-url = "http://127.0.0.1:8600/hooks/channel/NAME?token=TOKEN"

Other gateways post a form or JSON; name their fields in the settings. Our own `smpp` session takes
receipts only and refuses what people write: where an SMSC has such texts, put Kannel between.
"""

CHANNEL = Declaration(
    kind="sms",
    summary="Texts that people send to our number, handed on by a gateway over HTTP.",
    settings=Settings,
    open=Sms,
    manual=MANUAL,
    contract_version=1,
)
