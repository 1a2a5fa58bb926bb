"""The way of a message through the background, on one screen.

    landing ──► mail ──┐                                    ┌──► sms ────┐
            ├─► social ┤                                    │            │
            └─► pages ─┴─► record ──(number, what we owe)───┼──► email ──┴──► callbacks
                              │                             ├──► letter (print list)
                              │                             └──► enclosures (documents in mails)
                              ├───► suggest (suggestions, first department)
                              └───► lookup (company systems)

Every arrow is a committed row; the broker only rings. A stage claims rows, decides with pure
functions, and commits the result together with the next step. ``run`` may be called twice for the
same rows, at any time, by any process.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from workers.senders.callbacks import ReadCallbacks
from workers.senders.email import SendMail
from workers.senders.letters import MakeLetters
from workers.senders.replies import AskAboutReplies, SendReplies
from workers.senders.sms import SendSms
from workers.senders.unknown import AskAboutUnknown
from workers.stages.enclosures import ReadEnclosures
from workers.stages.lookup import AskSystems
from workers.stages.normalise import Normalise
from workers.stages.record import Record
from workers.stages.suggest import Suggest
from workers.toolbox import Toolbox

Bells = Mapping[str, Collection[int]]
"""Queue -> row ids to ring for next."""


class Stage(Protocol):
    queue: str

    def run(self, ids: Collection[int] | None) -> Bells:
        """See to these rows (None: to whatever is due). Returns what to ring for."""
        ...

    def overdue(self, limit: int) -> Collection[int]:
        """Rows that nobody answered for; the sweep rings for them."""
        ...


def stages(tools: Toolbox) -> dict[str, Stage]:
    """Queue -> stage, in the order of the picture."""
    all_stages: tuple[Stage, ...] = (
        Normalise(tools, "mail"),
        Normalise(tools, "social"),
        Normalise(tools, "pages"),
        Record(tools),
        Suggest(tools),
        AskSystems(tools),
        SendSms(tools),
        AskAboutUnknown(tools),
        SendMail(tools),
        MakeLetters(tools),
        SendReplies(tools, "reply"),
        SendReplies(tools, "private"),
        AskAboutReplies(tools, "reply"),
        AskAboutReplies(tools, "private"),
        MakeLetters(tools),
        ReadCallbacks(tools),
        ReadEnclosures(tools),
    )
    return {stage.queue: stage for stage in all_stages}
