"""What can be wrong with a network, an account or one feature of it, sorted by who can help."""

from datetime import timedelta
from enum import StrEnum

from ingest.errors import ChannelError, Later, Misconfigured


class Cause(StrEnum):
    """Why something does not answer as it should."""

    BUSY = "busy"
    """Unreachable, an error of the network's own, or an answer that is no answer: time helps."""
    THROTTLED = "throttled"
    """We asked too often: time helps, and the network may say how long."""
    BUDGET = "budget"
    """Our own limit of the day: time helps."""
    PERMISSION = "permission"
    """This feature is not allowed to us: a person helps; other features go on."""
    DEAD = "dead"
    """The access is expired or revoked: a person helps; nothing of the account works."""
    NO_CREDIT = "no credit"
    """The account has no money or no quota left: a person helps; nothing of it works."""
    VERSION = "version"
    """The network no longer speaks our version: a person helps; nothing of the account works."""

    @property
    def needs_a_person(self) -> bool:
        return self not in (Cause.BUSY, Cause.THROTTLED, Cause.BUDGET)

    @property
    def stops_the_account(self) -> bool:
        return self in (Cause.DEAD, Cause.NO_CREDIT, Cause.VERSION)


class Trouble(Exception):
    """Ends the run of one feature, or of the account where the cause says so.

    ``reason`` and ``remedy`` are sentences for an operator: no token, no name, nothing of what
    people wrote. ``after``: how long the network asked us to wait, where it did. ``asked``: whether
    the request may have reached the network, which counts when something was to be sent. Raise it
    outside of ``except`` blocks of a library: what stands in its context may be printed too.
    """

    def __init__(
        self,
        cause: Cause,
        reason: str,
        *,
        remedy: str = "",
        after: timedelta | None = None,
        asked: bool = True,
    ) -> None:
        super().__init__(reason)
        self.cause = cause
        self.reason = reason
        self.remedy = remedy
        self.after = after
        self.asked = asked

    def failure(self) -> ChannelError:
        """The same in the words of the channel contract."""
        if self.cause.needs_a_person:
            return Misconfigured(self.reason, remedy=self.remedy or "See the network's console.")
        return Later(self.reason, after=self.after)
