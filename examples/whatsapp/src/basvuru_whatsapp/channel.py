"""The channel: what is posted, what is fetched, what is answered."""

import hmac
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from basvuru.plugin import (
    ChannelError,
    Checkpoint,
    Context,
    Credential,
    Delivery,
    Finding,
    Misconfigured,
    Outcome,
    RawItem,
    Refused,
    ReplyRules,
    ReplyTo,
    WebhookRequest,
)

from basvuru_whatsapp import replies
from basvuru_whatsapp.graph import REMEDY, Graph
from basvuru_whatsapp.items import MEDIA, MEDIA_KEY, items
from basvuru_whatsapp.posts import is_signed
from basvuru_whatsapp.settings import Settings

ASK_EVERY = timedelta(minutes=5)
"""How long a dead token may go unnoticed while nobody writes."""


class WhatsApp:
    """A Channel whose source posts (Webhook), that one can answer in (Replies), with a token that
    may die (Board)."""

    def __init__(self, settings: Settings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._graph = Graph(settings)
        self._asked: datetime | None = None
        """When the token was last seen to live."""
        self._failure: ChannelError | None = None
        """What came instead, when we asked last."""

    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem] | bytes:
        if request.method == "GET":
            return self._challenge(request)
        secret = self._settings.app_secret.get_secret_value()
        if not is_signed(request.body, request.headers, secret):
            raise Refused("A post is not signed with the app secret.")
        return list(items(request.body))

    def _challenge(self, request: WebhookRequest) -> bytes:
        """Meta asks once whether the address is ours."""
        shown = request.query.get("hub.verify_token", "").encode()
        ours = self._settings.verify_token.get_secret_value().encode()
        if request.query.get("hub.mode") != "subscribe" or not hmac.compare_digest(shown, ours):
            raise Refused("Somebody asked for our address without the verify token.")
        return request.query.get("hub.challenge", "")[:1_000].encode()

    def read(self, since: Checkpoint) -> Iterator[Delivery]:  # noqa: ARG002  nothing is read
        """Everything is posted; this only looks whether we could still fetch and answer."""
        now = self._context.now()
        if self._asked is None or not timedelta() <= now - self._asked < ASK_EVERY:
            self._ask_for_the_number()
        yield from ()

    def wait(self, timeout: timedelta) -> None:
        """Nothing here wakes us: the portal lands what is posted."""
        end = time.monotonic() + timeout.total_seconds()
        while not self._context.stopping() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))

    def fetch_again(self, source_key: str) -> RawItem:
        if not source_key.startswith(MEDIA_KEY):
            raise Refused("WhatsApp shows a message only once.")
        media_id = source_key.removeprefix(MEDIA_KEY)
        if not media_id.replace("-", "").replace("_", "").isalnum() or not media_id.isascii():
            raise Refused("This is no id of a file.")  # it would change the address
        return RawItem(
            source_key, MEDIA, self._graph.media(media_id, self._settings.phone_number_id)
        )

    def check(self) -> Sequence[Finding]:
        try:
            self._ask_for_the_number()
        except ChannelError as failure:
            remedy = getattr(failure, "remedy", "") or "Look at the network, or wait."
            return [Finding("number", ok=False, detail=failure.reason, remedy=remedy)]
        return [Finding("number", ok=True, detail="WhatsApp knows it, and our token.")]

    def rules(self, to: ReplyTo, *, private: bool) -> ReplyRules:
        return replies.rules(to, private=private)

    def reply(self, to: ReplyTo, text: str, *, private: bool, reference: str) -> Outcome:
        allowed = self.rules(to, private=private)
        return replies.send(self._graph, allowed, to, text, reference, self._context.now())

    def board(self) -> Sequence[Credential]:
        failure = self._failure
        line = Credential(
            feature="access token",
            state=self._state(),
            detail=failure.reason if failure else "",
            remedy=failure.remedy if isinstance(failure, Misconfigured) else "",
            last_good_at=self._asked,
        )
        return [line]

    def close(self) -> None:
        self._graph.close()

    def _ask_for_the_number(self) -> None:
        """Raises: Later, Misconfigured."""
        try:
            self._graph.get(self._settings.phone_number_id, fields="id")
        except Refused:
            self._failure = Misconfigured(
                "WhatsApp does not know the number for this token.",
                remedy=f"Compare `phone_number_id` with WhatsApp, API Setup. {REMEDY}",
            )
            raise self._failure from None
        except ChannelError as failure:
            self._failure = failure
            raise
        self._asked, self._failure = self._context.now(), None

    def _state(self) -> str:
        if isinstance(self._failure, Misconfigured):
            return "dead"
        return "ok" if self._asked and not self._failure else "warning"
