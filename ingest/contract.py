"""The interface of a channel, and its manual.

A *channel* brings what people sent us from one source (a mailbox, a spool folder, an account on
a network) to the engine. It is a small class with at most five methods. It has **no loop, no
sleep, no retry, no database and no opinion about durability**: those are the engine's
(:mod:`ingest.poller`).

How the engine uses it, in one thread, never two at once for the same account::

    channel = declaration.open(settings, context)
    for delivery in channel.read(checkpoint):    # the last checkpoint that was committed
        land(delivery)                           # raw rows, bytes and checkpoint: one transaction
        delivery.acknowledge()                   # the receipt, signed only after the commit
    channel.wait(seconds)                        # until there may be something new
    channel.close()

What follows from that, and what the contract suite in :mod:`ingest.testkit` checks:

* **At least once.** The process may die between any two lines above. ``read`` is then called in
  a new process with the last committed checkpoint and must yield again whatever was not
  committed. Yielding an item twice is harmless: ``source_key`` decides. Skipping one is a loss.
* **The receipt is a courtesy.** ``acknowledge`` may flag, move or delete at the source. It may
  run twice, or never; the channel must not depend on it to know what it has read.
* **The checkpoint is yours.** A small JSON object whose meaning only the channel knows. It must
  cover exactly what the deliveries up to and including this one brought.
* **Stable keys.** ``source_key`` is the same for the same item on every read, on every machine,
  and different for different items of one account.
* **Byte for byte.** ``body`` is what the source gave, undecoded. Reading it is the reader's work
  (:mod:`normalizers`), chosen by ``kind``.
* **Bounded.** A delivery holds at most :data:`MAX_ITEMS` items; ask for sizes before you
  download, and hand in an oversized item as its head with ``problem`` set.
* **Three failures.** :class:`~ingest.errors.Later`, :class:`~ingest.errors.Refused`,
  :class:`~ingest.errors.Misconfigured`. No secret and no personal data in their texts, in
  ``repr`` or in logs.
* **Stopping.** ``read`` and ``wait`` look at ``context.stopping()`` between steps and return soon
  when it is true; no step blocks longer than a few seconds without a time limit of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field
from structlog.typing import FilteringBoundLogger

from ingest.outcomes import Outcome

CONTRACT_VERSION = 1
"""Raised when an adapter written for the older version would no longer work."""

MAX_ITEMS = 100
"""Items in one delivery; 50 is where batching stops to pay."""

MAX_SOURCE_KEY = 400
"""Characters of a source key; longer ones are to be hashed by the channel."""

ANNOUNCED = "announced"
"""Begins the ``problem`` of an item that is only announced, as posts do: ``announced: a photo``.
The poller fetches it (``fetch_again``) without being asked."""

Checkpoint = Mapping[str, Any]
"""A JSON object. ``{}`` means: from the beginning."""


@dataclass(frozen=True, slots=True)
class RawItem:
    """One thing that somebody sent, as the source holds it.

    ``source_key``   unique within the account, stable (see above); no personal data in it
                     if the source leaves a choice.
    ``kind``         which reader understands ``body``: ``email``, ``fax``, ``post``, ``text`` or a
                     kind that a plugin brings.
    ``received_at``  when it reached the source (IMAP INTERNALDATE, end of the fax call, delivery
                     date of a letter): deadlines run from it. Aware. None: the moment of landing.
    ``facts``        what only the channel knows, as strings: see the reader of ``kind`` for the
                     names that it understands (``fax_number``, ``delivered_on``, ...).
    ``problem``      set when ``body`` is not the whole item (``oversized: 61 MB of 50 MB``,
                     ``unreadable at the source``): it lands, is set aside with this cause, and can
                     be fetched again.
    """

    source_key: str
    kind: str
    body: bytes = field(repr=False)
    received_at: datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An item that the source showed but will never give: counted in the ledger and shown."""

    source_key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A time of which the source can no longer show what came: reported, never passed over.

    ``what``: which feature (``mentions``), ``reason``: a sentence for an operator.
    """

    what: str
    since: datetime
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Credential:
    """One line of the credential board: how long an access still lives, and what it costs.

    ``state``: ``ok``, ``warning``, ``parked`` or ``dead``; the other fields where they are known.
    """

    feature: str
    state: str
    detail: str = ""
    remedy: str = ""
    last_good_at: datetime | None = None
    expires_at: datetime | None = None
    parked_until: datetime | None = None
    quota: str = ""
    cost_today: float | None = None


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """What is answered: the raw item's key and facts, as the channel gave them."""

    source_key: str
    facts: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReplyRules:
    """What the source allows for one reply. ``public``: everybody will read it, so it carries no
    personal data; ``until``: after that it can no longer be sent."""

    public: bool
    longest: int
    may_link: bool
    until: datetime | None = None
    refusal: str = ""
    """Why no reply is possible at all; empty when one is."""


@runtime_checkable
class Replies(Protocol):
    """What a channel implements besides, when one can answer in it."""

    def rules(self, to: ReplyTo, *, private: bool) -> ReplyRules:
        """What may be sent. Asks nobody, changes nothing."""
        ...

    def reply(self, to: ReplyTo, text: str, *, private: bool, reference: str) -> Outcome:
        """Send one answer. ``reference`` is ours and unique. Raises nothing."""
        ...


@runtime_checkable
class SentBefore(Protocol):
    """What a channel that answers implements besides, when it can see what was sent."""

    def was_sent(
        self, to: ReplyTo, text: str, *, private: bool, reference: str, since: datetime
    ) -> bool | None:
        """Whether an answer of which nobody knows stands there, sent after ``since``. None: it
        cannot be seen. The answer is never sent again before this says that it is not there.
        Raises: Later, Misconfigured."""
        ...


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """What somebody sent to ``/hooks/channel/ACCOUNT``: the source, or anybody else.

    ``headers``: names in lower case. ``body``: the bytes as they came, since they are what is
    signed; the portal bounds their number.
    """

    method: str
    query: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@runtime_checkable
class Webhook(Protocol):
    """What a channel implements besides, when its source posts to us.

    A post is a delivery whose receipt is the answer 200: the portal lands the items and answers
    then, so a source that repeats what was not answered is read at least once. The same item has
    the same ``source_key`` whether it was posted or read.
    """

    def verify_and_items(self, request: WebhookRequest) -> Sequence[RawItem] | bytes:
        """The items that a post brings, or the answer to a challenge of the source.

        First of all proves that the source sent it. Asks nobody and changes nothing: the source
        waits for an answer for a second, and several requests come at once, on a channel that is
        not the poller's. What is still to be fetched lands with a ``problem`` that begins with
        :data:`ANNOUNCED`.
        A signed post that cannot be read is an item with ``problem`` set: it does not come again.
        Raises: Refused when it is not proved to be from the source (answered 403); Later,
        Misconfigured (answered 503, so that the source repeats it).
        """
        ...


@runtime_checkable
class Board(Protocol):
    """What a channel implements besides, when it has credentials, quotas or costs."""

    def board(self) -> Sequence[Credential]:
        """The credential board, from what the channel knows; asks nobody, raises nothing. The
        engine takes it after each turn, good or bad, and shows it in ``basvuru status``."""
        ...


def no_receipt() -> None:
    """The receipt of a source that wants none."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is landed in one transaction: items, and the checkpoint that says they were read.

    ``checkpoint=None`` leaves the stored one as it is. ``originals``: bytes that are kept sealed
    beside the items, where one original holds several items (a scanned stack of letters).
    """

    items: Sequence[RawItem]
    checkpoint: Checkpoint | None = None
    acknowledge: Callable[[], None] = no_receipt
    refusals: Sequence[Refusal] = ()
    originals: Sequence[bytes] = field(default=(), repr=False)
    gaps: Sequence[Gap] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of ``basvuru channel check``: what was looked at, how it is, what to do."""

    subject: str
    ok: bool
    detail: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What the engine lends a channel. ``account`` is the name in ``[channels.NAME]``."""

    account: str
    log: FilteringBoundLogger
    now: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False
    state_folder: Path | None = None
    """A folder of this account's own, for caches. May be wiped at any time."""


class ChannelSettings(BaseModel):
    """Base of every channel's settings. Subclass it beside the adapter; describe every field:
    sample TOML, documentation and error texts are printed from the declaration.

    Secrets are ``SecretStr``; the loader also accepts ``NAME_file`` for each of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: str
    """Which channel this is."""
    enabled: bool = True
    """Whether the engine reads it."""
    poll_seconds: Annotated[float, Field(gt=0, le=86_400)] = 30.0
    """Longest time between two reads, even when the source does not wake us."""
    acknowledge_here: bool = False
    """Whether somebody whom no SMS and no mail can reach is told in this channel that the
    application is recorded; only where one can answer in it."""


class Channel(Protocol):
    """What an adapter implements. All methods are called from one thread."""

    def read(self, since: Checkpoint) -> Iterator[Delivery]:
        """Yield what came after ``since``, oldest and newest alike, in bounded deliveries.

        Returns when there is nothing more now. An empty source yields nothing.
        Raises: Later, Misconfigured.
        """
        ...

    def wait(self, timeout: timedelta) -> None:
        """Return when there may be something new, or after ``timeout`` at the latest.

        Raises: Later, Misconfigured.
        """
        ...

    def fetch_again(self, source_key: str) -> RawItem:
        """The item once more, whole and without the size limit, when an operator asks for it.

        Facts and time that the source does not show again are those that landed.
        Raises: Refused when the source no longer has it; Later, Misconfigured.
        """
        ...

    def check(self) -> Sequence[Finding]:
        """Look at settings, access and source without reading items. Raises nothing."""
        ...

    def close(self) -> None:
        """Let go of connections. May be called twice; raises nothing."""
        ...


class DemoSource(Protocol):
    """A source that runs on 127.0.0.1, for ``basvuru demo``: made-up people write to it, and our
    answers reach it."""

    def table(self) -> Mapping[str, Any]:
        """Settings of the account that reads it, as ``[channels.NAME]`` would have them."""
        ...

    def speak(self) -> Sequence[WebhookRequest]:
        """People write now. Returns what such a source posts to us; empty when it is only read."""
        ...

    def heard(self) -> Sequence[str]:
        """The texts of our answers that reached it, oldest first."""
        ...

    def stop(self) -> None:
        """Let go of the port. May be called twice."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What stands behind an entry point of the group ``basvuru.channels``.

    ``contract_version`` is the :data:`CONTRACT_VERSION` that the author wrote the channel for, as a
    number: a channel that is imported says nothing of what it was tested with. Without it the
    channel is refused.
    ``samples`` is a folder with input that ``make demo`` and the contract suite may use.
    ``demo`` names what makes a :class:`DemoSource`, as ``package.module:name``: it is imported only
    by the demo.
    ``turkish`` is what the channel says to operators, for pages that speak Turkish: reason, remedy,
    detail or quota as raised -> the same in Turkish; ``{}`` in both stands for what differs.
    """

    kind: str
    summary: str
    settings: type[ChannelSettings]
    open: Callable[[Any, Context], Channel]
    manual: str = ""
    samples: Path | None = None
    contract_version: int | None = None
    demo: str = ""
    turkish: Mapping[str, str] = field(default_factory=dict)
