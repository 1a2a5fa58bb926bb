"""What the decision about a message is made of: what came, what is known, and the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

How = Literal["opened", "repeat", "reply", "near", "machine", "version", "deleted", "ours"]
"""``version``, ``deleted``: a later version of something on a network, or the mark that it was
taken back; ``ours``: we wrote it."""
Reason = Mapping[str, Any]
"""``{"code": ..., ...}``; :mod:`cases.reasons` says it in words."""


@dataclass(frozen=True, slots=True)
class Item:
    """What a message is on its network.

    ``key``: ``x:1900...``, of the first version; seen on any way, it is the same thing.
    ``external``: the same of this version. ``thread``: what it stands in.
    """

    key: str
    external: str
    version: str = ""
    thread: str = ""
    edited_at: datetime | None = None
    deleted: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an item that we have. ``id``: its message."""

    id: int
    external: str
    version: str
    edited_at: datetime | None = None


class Opening:
    """An application that this batch opens; its row does not exist yet."""


ApplicationRef = int | Opening


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that has to be filed. Never printed: it carries what people wrote."""

    id: int
    sha256: str
    channel: str
    kind: str
    received_at: datetime
    keys: Mapping[int, str]
    own: frozenset[int]
    """Those of the keys that say who sent it (cases.person)."""
    text: str
    """Folded text that the sender newly wrote."""
    files: frozenset[str] = frozenset()
    """Hashes of its attachments."""
    things: frozenset[str] = frozenset()
    """What it is about: ``plate:...``, ``claim:...``, ``policy:...``."""
    message_id: str | None = None
    refers_to: tuple[str, ...] = ()
    """Message-IDs that it answers, nearest first."""
    numbers: tuple[str, ...] = ()
    """Application numbers that stand in it."""
    is_machine: bool = False
    proved: str = ""
    """Number of the application that its sender proved to be a party of (a code by SMS, a
    colleague on the phone)."""
    sms_from: str = ""
    """Number that it was sent from (E.164), where it is an SMS."""
    item: Item | None = None
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """A message that was filed before, as far as it can matter to a new one."""

    message: Incoming
    application: ApplicationRef


@dataclass(frozen=True, slots=True)
class Suggestion:
    application: ApplicationRef
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a message goes. ``application`` is None for machine mail that answers nothing."""

    how: How
    application: ApplicationRef | None
    score: float | None = None
    reasons: tuple[Reason, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    changed: Literal["", "edited", "deleted"] = ""
    """What happened to the item on its network with this message."""
    counts: int | None = None
    """The message whose text counts for the item from now on."""


@dataclass(slots=True)
class KnownItem:
    """``application`` is None for what is ours and answers nothing, and while only the mark that
    it was taken back is known: then there are no versions either."""

    application: ApplicationRef | None = None
    versions: list[Version] = field(default_factory=list)
    counts: int | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds from 0 to 100; see ``[duplicates]``."""

    window: timedelta
    attach: float
    suggest: float


@dataclass(slots=True)
class Known:
    """What was filed before, found by what can tie a new message to it. Grows with the batch."""

    by_sha256: dict[str, list[Filed]] = field(default_factory=dict)
    by_message_id: dict[str, list[Filed]] = field(default_factory=dict)
    by_key: dict[int, list[Filed]] = field(default_factory=dict)
    people: dict[ApplicationRef, set[int]] = field(default_factory=dict)
    by_number: dict[str, ApplicationRef] = field(default_factory=dict)
    asked: dict[str, set[ApplicationRef]] = field(default_factory=dict)
    """Number -> applications about which we asked there by SMS."""
    sent: dict[str, ApplicationRef] = field(default_factory=dict)
    """Message-IDs of mails that we sent, and ids of our answers on networks."""
    items: dict[str, KnownItem] = field(default_factory=dict)
    by_thread: dict[str, list[Filed]] = field(default_factory=dict)
    """What stands in direct conversations in which we wrote something."""
    closed: frozenset[int] = frozenset()
    """Applications that are closed: a thread goes on in a new one."""

    def add(self, filed: Filed) -> None:
        message = filed.message
        self.by_sha256.setdefault(message.sha256, []).append(filed)
        if message.message_id:
            self.by_message_id.setdefault(message.message_id, []).append(filed)
        for key in message.keys:
            self.by_key.setdefault(key, []).append(filed)
        self.people.setdefault(filed.application, set()).update(message.own)
