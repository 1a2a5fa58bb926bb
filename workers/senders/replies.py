"""Answers in the channel that a message came by, written ahead like an SMS.

The network's rules are asked first (they ask nobody themselves): what may not be said, or comes too
late, becomes an open duty with the reason in words. What may have been sent is never repeated
before the network was seen without it.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from structlog import get_logger
from structlog.contextvars import bound_contextvars

from cases import contact_links
from cases.channel_replies import PRIVATE, WHERE_POSSIBLE, refusal
from cases.channel_texts import CONTACT_LINK
from config.errors import ConfigurationError
from ingest.contract import Channel, Replies, ReplyTo, SentBefore
from ingest.errors import ChannelError, Misconfigured
from ingest.outcomes import Accepted, Never, NotNow, Outcome, Unknown
from storage import outbox
from storage import replies as stored
from storage.claims import Claim
from storage.outbox import OutboxRow
from storage.replies import Target
from workers.stages.batch import QUIET, backoff
from workers.toolbox import Toolbox

log = get_logger()

STOPPED_FOR = timedelta(minutes=5)
GIVE_UP = timedelta(days=7)
"""The longest window of any network; an answer after that is no answer."""
ASK_FOR = timedelta(hours=24)
_LOOK = "Look on the network whether it stands there; nothing is sent a second time by itself."

Settled = tuple[str, dict[str, Any]]
"""A state of an outbox row, and the columns that go with it."""


class SendReplies:
    """``medium``: ``reply`` in public, ``private`` to the writer alone."""

    def __init__(self, tools: Toolbox, medium: str) -> None:
        self.tools, self.queue = tools, medium

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        with self.tools.database.write() as connection:
            held, rows = outbox.claim(
                connection,
                self.queue,
                ids=ids,
                limit=20,
                now=self.tools.now(),
                hold=self.tools.hold,
            )
            targets = stored.targets(connection, held.ids)
        with _accounts(self.tools) as accounts:
            for row in rows:
                self._settle(held, row, self._see_to(held, row, targets.get(row.id), accounts))
        return {}

    def overdue(self, limit: int) -> Collection[int]:
        now = self.tools.now()
        with self.tools.database.write() as connection:
            outbox.abandoned(connection, now)
            return outbox.overdue(
                connection, "pending", self.queue, now=now, quiet=QUIET, limit=limit
            )

    def _see_to(
        self, held: Claim, row: OutboxRow, target: Target | None, accounts: "_Accounts"
    ) -> Settled | None:
        """What becomes of one row; None when somebody else has it meanwhile."""
        now, private = self.tools.now(), self.queue == PRIVATE
        if target is None:
            return _failed("it is not known which message this answers", now)
        channel = accounts.open(target.account)
        if isinstance(channel, _Closed):
            return channel.settled(row, now)
        to = ReplyTo(target.source_key, target.facts)
        rules = channel.rules(to, private=private)
        if rules.refusal and row.purpose in WHERE_POSSIBLE:
            return "suppressed", {"settled_at": now, "detail": rules.refusal}
        house = self.tools.house
        text = row.text.replace(CONTACT_LINK, self.tools.contact_url("x" * 32))
        problem = refusal(text, rules, house.us, house.phone, now)
        if problem:
            return _failed(problem, now)
        ready = self._write_ahead(held, row, target, now)
        if ready is None:
            return None
        return _result(row, _sent(channel, to, ready, row, private=private), now)

    def _write_ahead(
        self, held: Claim, row: OutboxRow, target: Target, now: datetime
    ) -> str | None:
        """The text as it is sent, once the row says that it is; with a link that is made for it."""
        with self.tools.database.write() as connection:
            ours = outbox.mark_submitting(
                connection, held, [row.id], target.account[:40], now=now, hold=self.tools.hold
            )
            if not ours:
                return None
            if CONTACT_LINK not in row.text:
                return row.text
            link = contact_links.issue(connection, row.application_id, target.message_id, now)
        return row.text.replace(CONTACT_LINK, self.tools.contact_url(link.token))

    def _settle(self, held: Claim, row: OutboxRow, settled: Settled | None) -> None:
        if settled is None:
            return
        state, values = settled
        with self.tools.database.write() as connection:
            outbox.settle(connection, held, row.id, state, **values)
        with bound_contextvars(trace=row.trace, outbox_id=row.id):
            log.info("reply.handed_over", medium=self.queue, state=state, detail=values["detail"])


class AskAboutReplies:
    """Hand-overs of which nobody knows whether they happened. Our own answer, when it comes back
    with the next reading, settles them too (cases.recording)."""

    def __init__(self, tools: Toolbox, medium: str) -> None:
        self.tools, self.medium, self.queue = tools, medium, f"{medium}-unknown"

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        with self.tools.database.write() as connection:
            held, rows = outbox.claim(
                connection,
                self.medium,
                ids=ids,
                limit=10,
                now=self.tools.now(),
                hold=self.tools.hold,
                state="unknown",
            )
            targets = stored.targets(connection, held.ids)
        again = []
        with _accounts(self.tools) as accounts:
            for row in rows:
                state, values = self._decide(row, targets.get(row.id), accounts)
                with self.tools.database.write() as connection:
                    outbox.settle(connection, held, row.id, state, **values)
                if state == "pending":
                    again.append(row.id)
        return {self.medium: again} if again else {}

    def overdue(self, limit: int) -> Collection[int]:
        with self.tools.database.write() as connection:
            return outbox.overdue(
                connection, "unknown", self.medium, now=self.tools.now(), quiet=QUIET, limit=limit
            )

    def _decide(self, row: OutboxRow, target: Target | None, accounts: "_Accounts") -> Settled:
        now, since = self.tools.now(), row.submitted_at or row.created_at
        stands = self._stands(row, target, accounts, since) if target else None
        if stands is True:
            return "accepted", {"accepted_at": now, "detail": "it stands on the network"}
        if stands is False:
            detail = "it does not stand on the network: sent again"
            return "pending", {"due_at": now, "rung_at": now, "attempts": 0, "detail": detail}
        wait = backoff(row.attempts) if now - since < ASK_FOR else timedelta(days=365)
        detail = f"sent or not: the network cannot say. {_LOOK}"
        return "unknown", {"due_at": now + wait, "rung_at": None, "detail": detail}

    def _stands(
        self, row: OutboxRow, target: Target, accounts: "_Accounts", since: datetime
    ) -> bool | None:
        channel = accounts.open(target.account)
        if not isinstance(channel, SentBefore):
            return None
        to, private = ReplyTo(target.source_key, target.facts), self.medium == PRIVATE
        text = row.text.partition(CONTACT_LINK)[0]
        try:
            return channel.was_sent(to, text, private=private, reference=row.reference, since=since)
        except ChannelError as error:  # it is asked again later
            log.warning("reply.not_asked", channel=target.account, reason=error.reason)
            return None


@dataclass(slots=True)
class _Accounts:
    """Channels that were opened for one batch."""

    tools: Toolbox
    opened: dict[str, Channel] = field(default_factory=dict)

    def open(self, account: str) -> "Replies | _Closed":
        try:
            if account not in self.opened:
                self.opened[account] = self.tools.open_account(account)
        except (ConfigurationError, Misconfigured) as error:
            return _Closed(f"{error} {error.remedy}")
        except ChannelError as error:
            return _Closed(error.reason)
        channel = self.opened[account]
        if isinstance(channel, Replies):
            return channel
        return _Closed("One cannot answer in this channel.", for_ever=True)


@dataclass(frozen=True, slots=True)
class _Closed:
    """An account in which nothing can be answered now, and why."""

    reason: str
    for_ever: bool = False

    def settled(self, row: OutboxRow, now: datetime) -> Settled:
        if self.for_ever or now - row.created_at > GIVE_UP:
            return _failed(self.reason, now)
        return "pending", {"due_at": now + STOPPED_FOR, "rung_at": None, "detail": self.reason}


@contextmanager
def _accounts(tools: Toolbox) -> Iterator[_Accounts]:
    accounts = _Accounts(tools)
    try:
        yield accounts
    finally:
        for channel in accounts.opened.values():
            channel.close()


def _sent(replies: Replies, to: ReplyTo, text: str, row: OutboxRow, *, private: bool) -> Outcome:
    try:
        return replies.reply(to, text, private=private, reference=row.reference)
    except Exception as error:
        # A channel promises to raise nothing here: a defect of it, and the answer may be out.
        log.exception("reply.defect", error=type(error).__name__, exc_info=False)
        return Unknown(f"the channel failed with {type(error).__name__}")


def _result(row: OutboxRow, outcome: Outcome, now: datetime) -> Settled:
    if isinstance(outcome, Accepted):
        taken = {"provider_id": outcome.provider_id or None, "accepted_at": now, "detail": ""}
        return "accepted", taken
    if isinstance(outcome, Never):
        return _failed(outcome.reason, now)
    if isinstance(outcome, Unknown):
        asked = {"attempts": 0, "due_at": now + outbox.ASK_AFTER, "rung_at": None}
        return "unknown", asked | {"detail": f"{outcome.reason} {_LOOK}"}
    if now - row.created_at > GIVE_UP:
        return _failed(f"could not be sent in time: {outcome.reason}", now)
    if isinstance(outcome, NotNow):
        due_at, detail = now + (outcome.after or backoff(row.attempts)), outcome.reason
    else:
        log.error("channel.stopped", reason=outcome.reason, remedy=outcome.remedy)
        due_at, detail = now + STOPPED_FOR, f"{outcome.reason} {outcome.remedy}"
    return "pending", {"due_at": due_at, "rung_at": None, "detail": detail}


def _failed(reason: str, now: datetime) -> Settled:
    return "failed", {"settled_at": now, "detail": reason}
