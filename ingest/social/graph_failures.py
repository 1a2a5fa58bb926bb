"""What Graph says when it refuses, sorted by who can help.

Codes: Meta, "Graph API error handling" and the references of the Pages, Instagram and Messenger
APIs. Meta's own texts are never passed on: they may quote a token or a person. Code and subcode
are, since they are what a search finds.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from ingest.outcomes import Accepted, Never, NotNow, Outcome, Stop, Unknown
from ingest.social.trouble import Cause, Trouble


class Why(Enum):
    """What is wrong, in words for an operator."""

    TIME = "Meta's servers are in trouble"
    LIMIT = "the limit of calls is reached"
    TOKEN = "the access token is dead"  # noqa: S105  a sentence, no secret
    PERMISSION = "a permission is missing"
    GONE = "it does not exist, or is no longer visible to us"
    REQUEST = "Graph does not accept the request"
    VERSION = "this version of the Graph API is no longer served"
    BLOCKED = "Meta has blocked the account for a breach of its rules"
    WINDOW = "the time within which an answer is allowed is over"
    DUPLICATE = "the same text stands there already"


_CODES = {
    **dict.fromkeys((1, 2), Why.TIME),
    **dict.fromkeys((4, 17, 32, 341, 613, 80001, 80002, 80006), Why.LIMIT),
    **dict.fromkeys((102, 190), Why.TOKEN),
    **dict.fromkeys((3, 10, *range(200, 300)), Why.PERMISSION),
    **dict.fromkeys((12, 2635), Why.VERSION),
    100: Why.REQUEST,
    368: Why.BLOCKED,
    506: Why.DUPLICATE,
    551: Why.WINDOW,
    10900: Why.WINDOW,
}
_SUBCODES = {(100, 33): Why.GONE, (10, 2018278): Why.WINDOW, (100, 2018278): Why.WINDOW}

_DEATHS = {
    458: "the app was removed from the account",
    459: "the account must pass a security check at Facebook",
    460: "the password of the account was changed",
    463: "it has expired",
    464: "the account is not confirmed",
    467: "it was withdrawn or is not valid",
    492: "the person who gave it no longer has a role on the Page",
}
"""Why a token died, by subcode of 190."""

UNTOLD_WAIT = timedelta(hours=1)
"""How long a limit lasts when Graph does not say: its windows are an hour, and every call that
comes while one is over the limit extends it."""


@dataclass(eq=False)
class GraphFailure(Exception):
    """One refused call: Graph answered, and this is what it said."""

    why: Why
    code: int = 0
    subcode: int = 0
    status: int = 0
    after: timedelta | None = None
    detail: str = ""

    def __str__(self) -> str:
        """``the access token is dead: the password … was changed (190/460)``."""
        cause = self.detail or _DEATHS.get(self.subcode, "")
        number = f"{self.code}/{self.subcode}" if self.subcode else str(self.code or self.status)
        said = f"{self.why.value}: {cause}" if cause else self.why.value
        return f"{said} ({number})" if number != "0" else said

    def as_trouble(self, account: str) -> Trouble:
        """What the poller hears. ``account`` names network and account for the operator."""
        cause = _CAUSES.get(self.why, Cause.BUSY)
        remedy = _REMEDIES.get(self.why, "")
        return Trouble(cause, f"{account}: {self}.", remedy=remedy, after=self.after)

    def as_outcome(self, account: str) -> Outcome:
        """What comes of a reply that failed in this way."""
        reason = f"{account}: {self}."
        if self.why is Why.DUPLICATE:
            return Accepted()
        remedy = _REMEDIES.get(self.why)
        if remedy:
            return Stop(reason, remedy=remedy)
        if self.why is Why.LIMIT:
            return NotNow(reason, after=self.after)
        return Unknown(reason) if self.why is Why.TIME else Never(reason)


_CAUSES = {
    Why.LIMIT: Cause.THROTTLED,
    Why.TOKEN: Cause.DEAD,
    Why.PERMISSION: Cause.PERMISSION,
    Why.BLOCKED: Cause.PERMISSION,
    Why.VERSION: Cause.VERSION,
}
_REMEDIES = {
    Why.TOKEN: (
        "Log in at Facebook as an administrator of the Page, make a new Page token, put it into "
        "`page_token`, and reading goes on where it stopped."
    ),
    Why.PERMISSION: (
        "Give the app this permission and the person who made the token the task on the Page, "
        "then make a new Page token and put it into `page_token`."
    ),
    Why.VERSION: "Set `graph_version` to a version that Meta serves, or update Başvuru.",
    Why.BLOCKED: "Look into the Page's support inbox at Facebook; answer by hand until then.",
}


def sorted_failure(
    code: int, subcode: int, *, status: int, transient: bool, after: timedelta | None
) -> GraphFailure:
    """The failure behind an error body of Graph. What nobody knows is the server's trouble when
    it says so or answers 5xx, else our request's."""
    why = _SUBCODES.get((code, subcode)) or _CODES.get(code)
    if why is None:
        why = Why.TIME if transient or status >= 500 else Why.REQUEST
    if why is Why.LIMIT and after is None:
        after = UNTOLD_WAIT
    return GraphFailure(why, code, subcode, status, after)
