"""The channel ``linkedin``: what people write below the posts of a page, and about it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from ingest.channels.linkedin import replies, webhook
from ingest.channels.linkedin.board import board, version_line
from ingest.channels.linkedin.client import LinkedInClient
from ingest.channels.linkedin.notifications import Notifications
from ingest.channels.linkedin.settings import LinkedInSettings
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
from ingest.social.http import Clock
from ingest.social.parking import Parking
from ingest.social.poller import PolitePoller
from ingest.social.state import StateFile
from ingest.social.trouble import Trouble
from ingest.social.waiting import idle


class LinkedInChannel:
    """One page: a channel that can answer, takes webhooks and has a board."""

    def __init__(self, settings: LinkedInSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        clock, state = Clock(context.now), StateFile(context.state_folder)
        self._client = LinkedInClient(settings, context, clock, state)
        secrets = [s.get_secret_value() for s in (settings.access_token, settings.refresh_token)]
        # a new version is an operator's act too, and ends a park
        self._parking = Parking(state, context.now, [*secrets, settings.version])
        self._notifications = Notifications(settings, self._client, clock)
        self._poller = PolitePoller([self._notifications], self._parking, context, clock.now)

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        return self._poller.read(since)

    def wait(self, timeout: timedelta) -> None:
        idle(timeout, self._context.stopping)

    def fetch_again(self, source_key: str) -> RawItem:
        """Looks through all that LinkedIn still shows, sixty days."""
        if not source_key.startswith(("comment/", "post/")):
            raise Refused("LinkedIn has nothing under this key.")
        try:
            found = self._notifications.find(source_key)
        except Trouble as trouble:
            failure = trouble.failure()
        else:
            if found is None:
                raise Refused("LinkedIn does not show it any more.")
            return found
        raise failure

    def check(self) -> Sequence[Finding]:
        version = version_line(self._settings.version, self._context.now())
        dated = Finding(
            "API version", version.state == "ok", f"version {version.detail}", version.remedy
        )
        try:
            self._notifications.expect_role()
        except Trouble as trouble:
            remedy = (
                trouble.remedy or "Look whether api.linkedin.com can be reached, and try again."
            )
            return [Finding("access to LinkedIn", False, trouble.reason, remedy), dated]
        return [Finding("access to LinkedIn", True, "administrator of the page"), dated]

    def close(self) -> None:
        self._client.close()

    def rules(self, to: ReplyTo, *, private: bool) -> ReplyRules:
        return replies.rules(to, private=private)

    def reply(
        self,
        to: ReplyTo,
        text: str,
        *,
        private: bool,
        reference: str,  # noqa: ARG002  LinkedIn has no key against sending twice
    ) -> Outcome:
        return replies.send(self._settings, self._client, to, text, private=private)

    def board(self) -> Sequence[Credential]:
        names = [self._notifications.name]
        client, now = self._client, self._context.now()
        return board(self._settings, client.tokens, client.calls, self._parking, names, now)

    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem] | bytes:
        return webhook.taken(self._settings, request)
