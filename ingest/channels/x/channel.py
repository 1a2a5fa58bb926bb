"""The channel ``x``: mentions, search and direct messages of one account."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ingest.channels.x import replies, webhook
from ingest.channels.x.account import Account
from ingest.channels.x.board import board
from ingest.channels.x.lists import mentions, search
from ingest.channels.x.messages import Messages
from ingest.channels.x.posts import (
    MESSAGE_PARAMETERS,
    message,
    number_of,
    parameters,
    post,
)
from ingest.channels.x.recent import LookAgain, Recent
from ingest.channels.x.settings import XSettings
from ingest.contract import (
    Checkpoint,
    Context,
    Credential,
    Delivery,
    Finding,
    RawItem,
    ReplyRules,
    ReplyTo,
    WebhookRequest,
)
from ingest.errors import Refused
from ingest.outcomes import Outcome
from ingest.social.envelope import Seen, raw_item
from ingest.social.feature import Feature
from ingest.social.parking import Park, Parking
from ingest.social.poller import PolitePoller
from ingest.social.trouble import Trouble
from ingest.social.waiting import idle


class XChannel:
    """One account on X: a channel that can answer, takes webhooks and has a board."""

    def __init__(self, settings: XSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._account = Account.opened(settings, context)
        secrets = [s.get_secret_value() for s in (settings.access_token, settings.refresh_token)]
        self._parking = Parking(self._account.state, context.now, secrets)
        recent = Recent(self._account)
        self._features: list[Feature] = [mentions(self._account, recent)]
        if settings.brand:
            self._features.append(search(self._account, recent))
        if settings.direct_messages:
            self._features.append(Messages(self._account))
        again = [LookAgain(self._account, recent)] if settings.recheck_hours else []
        clock = self._account.clock.now
        self._poller = PolitePoller(self._features, self._parking, context, clock, again)

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        return self._poller.read(since)

    def wait(self, timeout: timedelta) -> None:
        idle(timeout, self._context.stopping)

    def fetch_again(self, source_key: str) -> RawItem:
        """Of an edited post the version that the key names. A mark of deletion has nothing."""
        kind, _, rest = source_key.partition("/")
        number = rest.partition("@")[2] or rest
        if kind not in ("post", "dm") or not (number.isascii() and number.isdigit()):
            raise Refused("X has nothing under this key.")
        try:
            found = self._one_post(number) if kind == "post" else self._one_message(number)
        except Trouble as trouble:
            failure = trouble.failure()
        else:
            if found is None:
                raise Refused("X does not show it any more.")
            return raw_item(found)
        raise failure

    def check(self) -> Sequence[Finding]:
        try:
            ours = self._account.ours()
        except Trouble as trouble:
            remedy = trouble.remedy or "Look whether api.x.com can be reached, and try again."
            return [Finding("access to X", False, trouble.reason, remedy)]
        parks = [(f.name, self._parking.parked(f.name)) for f in self._features]
        return [
            Finding("access to X", True, f"account {ours.id}"),
            *(_finding(name, park) for name, park in parks),
        ]

    def close(self) -> None:
        self._account.client.close()

    def rules(self, to: ReplyTo, *, private: bool) -> ReplyRules:
        return replies.rules(to, private=private)

    def reply(
        self,
        to: ReplyTo,
        text: str,
        *,
        private: bool,
        reference: str,  # noqa: ARG002  X has no key against sending twice
    ) -> Outcome:
        return replies.send(self._account.client, to, text, private=private)

    def board(self) -> Sequence[Credential]:
        return board(self._account, self._parking, [f.name for f in self._features])

    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem] | bytes:
        return webhook.taken(self._settings, request)

    def _one_post(self, number: str) -> Seen | None:
        ours = self._account.ours()
        answer = self._account.look_again([number], parameters(self._settings.dialect))
        rows = [row for row in answer.rows if number_of(row) == int(number)]
        return post(rows[0], answer.includes, ours) if rows else None

    def _one_message(self, number: str) -> Seen | None:
        ours = self._account.ours()
        asked = {k: v for k, v in MESSAGE_PARAMETERS.items() if k != "event_types"}
        body = self._account.client.get(f"/2/dm_events/{number}", asked, what="direct messages")
        answer = self._account.counted(
            {**body, "data": [body.get("data")]}, self._settings.message_price
        )
        rows = [row for row in answer.rows if number_of(row) == int(number)]
        return message(rows[0], answer.includes, ours) if rows else None


def _finding(name: str, park: Park | None) -> Finding:
    if park is None:
        return Finding(name, True)
    return Finding(name, False, park.reason, park.remedy or "Wait: it is read again by itself.")
