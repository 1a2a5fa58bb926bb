"""The source, in the hands of the suite: what a channel's author writes to have it tested.

A *world* is one source (a folder, a fake server, a recorded API) with one account on it. It must
do three things: show its declaration, give the settings table, and take in new items. Everything
else is an ability that a source may not have: a folder has no password. A world lists in
:attr:`World.without` what it lacks **and why**; the reason is shown where the check is skipped.
A check whose ability is neither there nor explained fails.

One ability is no method: ``secrets``. A source has it when :meth:`World.table` fills settings that
are ``SecretStr``.

A source that posts to us instead of being asked keeps its posts in :meth:`World.posts` until they
are answered; the suite hands them to the channel before it reads, as the portal does.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from ingest.contract import Declaration, WebhookRequest


class Missing(Exception):
    """Not an error: this source lacks an ability that a check asked for."""

    def __init__(self, ability: str) -> None:
        super().__init__(ability)
        self.ability = ability


class World:
    """Base of all worlds. The suite makes a new one for each scenario, in an empty ``folder``."""

    declaration: Declaration
    """The channel under test. A class attribute does."""
    without: ClassVar[Mapping[str, str]] = {}
    """Name of an ability that this source lacks, and the reason, in words for a reader."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def table(self) -> dict[str, Any]:
        """The table ``[channels.NAME]`` of an account on this source, secrets in the clear."""
        raise Missing("table")

    def put(self, count: int) -> Sequence[bytes]:  # noqa: ARG002  for those who override it
        """``count`` new items, all different; returns the body that the channel must bring for
        each. May be called while the channel reads."""
        raise Missing("put")

    def posts(self) -> Sequence[WebhookRequest]:
        """What the source posted and nobody answered yet, oldest first. Most sources post
        nothing."""
        return ()

    def answered(self, post: WebhookRequest) -> None:
        """One of :meth:`posts` was answered with 200: the source does not repeat it. May come
        twice."""

    def close(self) -> None:
        """Stop servers, remove what lies outside ``folder``."""

    # -- abilities ---------------------------------------------------------------------------

    def bulk(self, count: int) -> Sequence[bytes]:
        """:meth:`put` for hundreds. To be left out only where items are slow to make."""
        if "bulk" in self.without:
            raise Missing("bulk")
        return self.put(count)

    def rewind(self) -> None:
        """The database was restored from a backup. Where receipts take items away, do here what
        the manual tells the operator to do at the source; elsewhere nothing is to be done."""
        if "rewind" in self.without:
            raise Missing("rewind")

    def recall(self) -> None:
        """The source shows an item again when it is asked for it by its key. Nothing is to be done
        here; to be left out where it shows each item once."""
        if "recall" in self.without:
            raise Missing("recall")

    def post(self) -> WebhookRequest:
        """A new item, as the source posts it, signed and all. Only asked of a channel that is a
        Webhook."""
        raise Missing("post")

    def twins(self) -> None:
        """Two items, sent one after the other, that are equal to the byte."""
        raise Missing("twins")

    def redeliver(self) -> None:
        """The source shows every item that it holds once more, as if it had just come."""
        raise Missing("redeliver")

    def huge(self) -> int:
        """An item above the limit in :meth:`table` (may be small); returns its size in bytes."""
        raise Missing("huge")

    def malformed(self) -> None:
        """An item that the source itself mangled: cut off, empty, or not what it says it is."""
        raise Missing("malformed")

    def hostile(self) -> Sequence[bytes]:
        """Items with the worst names, encodings and headers that this source lets through:
        Turkish letters in two normal forms, broken UTF-8, control characters, ``../``, very long
        names. Returns their bodies."""
        raise Missing("hostile")

    def cut(self) -> None:
        """From now on the source cannot be reached; open connections break."""
        raise Missing("cut")

    def mend(self) -> None:
        """Undo :meth:`cut`."""
        raise Missing("mend")

    def kill_credential(self) -> None:
        """From now on the source refuses our password, token or permission."""
        raise Missing("kill_credential")

    def throttle(self, after: timedelta | None) -> None:  # noqa: ARG002  as above
        """From now on the source asks us to come back later: ``after`` that time (whole seconds),
        or without saying when."""
        raise Missing("throttle")

    def personal(self) -> Sequence[str]:
        """Personal data in the items of :meth:`put` and :meth:`malformed` (names, phones,
        addresses): strings that must never stand in a log or in a reason."""
        raise Missing("personal")
