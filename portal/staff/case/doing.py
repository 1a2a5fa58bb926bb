"""One act on the page of an application: who does what to which one, with what was written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.answers.office import Office
from cases.deadlines import service as clocks
from cases.recording import House
from config.clock import local_date
from portal.public.posted import PostedForm
from portal.staff.case.door import Case
from storage.engine import Connection

Bells = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Doing:
    """One act: who does what to which application, with what was written."""

    connection: Connection
    case: Case
    posted: PostedForm = field(repr=False)
    by: str
    now: datetime
    office: Office
    unit: str
    recording: Callable[[], House] | None = None
    """What numbering an application must know; None where this portal takes nothing."""

    @property
    def law(self) -> clocks.Law:
        half = self.office.half_day_counts
        today = local_date(self.now)
        return clocks.law(self.connection, half_day_counts=half, around=today)

    def text(self, name: str) -> str:
        return self.posted.text(name)


Act = Callable[[Doing], Bells | None]


def by_name(*acts: Act) -> dict[str, Act]:
    """Acts under the names that addresses and forms call them by."""
    return {act.__name__: act for act in acts}
