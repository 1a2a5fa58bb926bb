"""What the channels of Meta's networks do alike: reading in turn, webhooks, checks, the board."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from ingest.contract import (
    Checkpoint,
    Context,
    Credential,
    Delivery,
    Finding,
    RawItem,
    WebhookRequest,
)
from ingest.errors import Refused
from ingest.social import expiry
from ingest.social.envelope import KIND
from ingest.social.feature import Feature
from ingest.social.graph_failures import GraphFailure, Why
from ingest.social.meta_account import BUSY_PERCENT, Account
from ingest.social.meta_said import ANNOUNCED, Network, Said, rows, text_of
from ingest.social.parking import Parking
from ingest.social.poller import PolitePoller
from ingest.social.signatures import meta_signed, meta_verified
from ingest.social.trouble import Trouble
from ingest.social.waiting import idle

SIGNATURE = "x-hub-signature-256"
NEW_TOKEN = "Make a new Page token and put it into `page_token` before then."  # noqa: S105
_UNREACHED = "See whether this machine reaches the Graph API, and whether metastatus.com is green."


@dataclass(frozen=True, slots=True)
class Edge:
    """What :meth:`MetaChannel.check` looks at: one object of an edge is asked for."""

    feature: str
    owner: str
    edge: str
    query: Mapping[str, str]


class MetaChannel(ABC):
    """A channel on a network of Meta's. Subclasses say what is read and how it is answered."""

    def __init__(self, account: Account, context: Context, features: Sequence[Feature]) -> None:
        self._account = account
        self._context = context
        self._features = features
        settings = account.settings
        secrets = [settings.page_token.get_secret_value(), settings.app_secret.get_secret_value()]
        self._parking = Parking(account.state, context.now, secrets)
        self._poller = PolitePoller(features, self._parking, context, account.now)

    @abstractmethod
    def edges(self) -> Sequence[Edge]:
        """What must be readable."""

    @abstractmethod
    def posted(self, body: bytes) -> Sequence[RawItem]:
        """The items of a webhook's body that is proved to be Meta's."""

    @abstractmethod
    def fetched(self, kind: str, thing: str, version: str) -> Said:
        """One thing by its id. Raises: GraphFailure, Trouble."""

    # -- ingest.contract.Channel -------------------------------------------------------------

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        """What came since, in turn from each feature. Raises: Later, Misconfigured."""
        yield from self._poller.read(since)
        self._account.look_at_token()

    def wait(self, timeout: timedelta) -> None:
        idle(timeout, self._context.stopping)

    def fetch_again(self, source_key: str) -> RawItem:
        """The same version once more. Raises: Refused when it was changed or taken back."""
        kind, _, rest = source_key.partition("/")
        thing, _, version = rest.partition("@")
        try:
            said = self.fetched(kind, thing, version)
        except GraphFailure as failure:
            if failure.why in (Why.GONE, Why.REQUEST):
                raise Refused(f"{self._account.name}: {failure}.") from None
            raise failure.as_trouble(self._account.name).failure() from None
        except Trouble as trouble:
            raise trouble.failure() from None
        item = said.item(self._account.own)
        if item.source_key != source_key and version != ANNOUNCED:
            raise Refused("The author has changed it since: the new text lands by itself.")
        return replace(item, source_key=source_key)

    def check(self) -> Sequence[Finding]:
        """The token, every edge that is read, and the webhook's settings."""
        found = [self._looked_at(edge) for edge in self.edges()]
        self._account.look_at_token()
        return [*found, self._webhook_finding(), *self._token_finding()]

    def close(self) -> None:
        self._account.graph.close()

    # -- ingest.contract.Webhook -------------------------------------------------------------

    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem] | bytes:
        """A POST of Meta's, or the GET with which it subscribes. Raises: Refused."""
        settings = self._account.settings
        if request.method == "GET":
            query, word = request.query, settings.verify_token.get_secret_value()
            mode, told = query.get("hub.mode", ""), query.get("hub.verify_token", "")
            if not meta_verified(word, mode, told):
                raise Refused("The verification word of the webhook is not ours.")
            return query.get("hub.challenge", "").encode()
        secret = settings.app_secret.get_secret_value()
        signed = meta_signed(secret, request.body, request.headers.get(SIGNATURE))
        if not secret or not signed:
            raise Refused("The webhook is not signed with the app's secret.")
        return self.posted(request.body)

    # -- ingest.contract.Board ---------------------------------------------------------------

    def board(self) -> Sequence[Credential]:
        """The token, the limits, and each feature."""
        lines = [self._parking.line(feature.name) for feature in self._features]
        return [self._token_line(), self._limits_line(), *lines]

    def _token_line(self) -> Credential:
        until, now = self._account.token_expires_at(), self._account.now()
        return expiry.line("token", until, now, remedy=NEW_TOKEN)

    def _limits_line(self) -> Credential:
        used = self._account.graph.usage.percent
        state = "warning" if used >= BUSY_PERCENT else "ok"
        return Credential("limits", state, quota=f"{used} % of Meta's limit of calls used")

    # -- checking ----------------------------------------------------------------------------

    def _looked_at(self, edge: Edge) -> Finding:
        try:
            next(self._account.graph.pages(edge.owner, edge.edge, "id", limit="1", **edge.query))
        except GraphFailure as failure:
            trouble = failure.as_trouble(self._account.name)
        except Trouble as failure:
            trouble = failure
        else:
            return Finding(edge.feature, ok=True)
        remedy = trouble.remedy or _UNREACHED
        return Finding(edge.feature, ok=False, detail=trouble.reason, remedy=remedy)

    def _webhook_finding(self) -> Finding:
        settings = self._account.settings
        given = settings.app_secret.get_secret_value() and settings.verify_token.get_secret_value()
        detail = "set up" if given else "off: without app_secret and verify_token we only poll"
        return Finding("webhook", ok=True, detail=detail)

    def _token_finding(self) -> Sequence[Finding]:
        line = self._token_line()
        if line.expires_at is None:
            return []
        detail = f"expires {line.expires_at:%Y-%m-%d}"
        return [Finding("token", ok=line.state == "ok", detail=detail, remedy=line.remedy)]


def entries(body: bytes, kind: str, us: str) -> Iterator[Mapping[str, Any]]:
    """The entries that a webhook's body has for ``us``, when its ``object`` is ``kind``. Others
    are other accounts' of the same app: those are polled. Raises: ValueError when it is no body
    of a webhook."""
    try:
        told = json.loads(body)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(told, dict) or not isinstance(told.get("entry"), list):
        raise ValueError("no entries")
    for entry in rows(told["entry"]) if told.get("object") == kind else ():
        if us in ("", text_of(entry.get("id"))):
            yield entry


def unreadable(network: Network, body: bytes) -> RawItem:
    """A signed body of which nothing could be made: it does not come again, so it is kept."""
    key = f"webhook/{hashlib.sha256(body).hexdigest()[:24]}"
    return RawItem(key, KIND, body, facts={"network": network}, problem="unreadable webhook")
