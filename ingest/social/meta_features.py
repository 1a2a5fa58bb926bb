"""What the features of Meta's networks share: from where to read, when to stop, what is watched.

Graph has no cursor that lives long. So each feature keeps a *mark*, the newest of the network's own
times that a whole run saw, and goes back behind it by an overlap; the source keys tell what is
known. No clock but the network's own times decides what is read, except for the very first.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.contract import Gap
from ingest.social.feature import Page, Since
from ingest.social.graph import MAX_PAGES
from ingest.social.graph_failures import GraphFailure
from ingest.social.meta_account import Account
from ingest.social.meta_said import Json, Said, moment

OVERLAP = timedelta(hours=48)
"""How far each reading goes back: a text that is edited later keeps its time, and is seen only
if it is read again."""
MAX_WATCHED = 500
_AHEAD = timedelta(hours=1)
_NEVER = datetime.min.replace(tzinfo=UTC)
_UNREAD = "More came than is read in one go ({count} pages); what is older was not read."


@dataclass(frozen=True, slots=True)
class Span:
    """``start``: where the history begins for us. ``mark``: the newest time that the last whole
    run saw, ``start`` at first. ``down_to``: how far back this run reads."""

    start: datetime
    mark: datetime
    down_to: datetime
    cursor: Mapping[str, Any]


class MetaFeature(ABC):
    """A feature of :mod:`ingest.social.poller`. Subclasses give ``name`` and :meth:`run`."""

    name: str
    overlap: timedelta = OVERLAP
    reach: timedelta | None = None

    def __init__(self, account: Account) -> None:
        self.account = account
        self.gaps: list[Gap] = []
        self.cursor: dict[str, Any] = {}
        self.complete = True
        self._newest = _NEVER
        self._ran = False

    @property
    def every(self) -> timedelta:
        return self.account.every

    def pages(self, since: Since) -> Iterator[Page]:
        """One run. Raises: Trouble."""
        self.gaps, self.cursor, self.complete = [], {}, True
        try:
            span = self._span(since)
            self._newest = span.mark
            brought = False
            for page in self.run(span):
                brought = brought or bool(page.items)
                yield page
            yield self._last(span, worth_it=brought or self._ran or bool(span.cursor))
        except GraphFailure as failure:
            raise failure.as_trouble(self.account.name) from None
        self._ran = True

    @abstractmethod
    def run(self, span: Span) -> Iterator[Page]:
        """Read down to the span's end. The last page of the run is added by the caller; what is
        to stand in it is put into ``gaps`` and ``cursor``; ``complete`` is for runs with a rest."""

    def _last(self, span: Span, *, worth_it: bool) -> Page:
        """Ends a run. An empty account costs no transaction the first time; from the second on it
        is noted since when we read, so that a later outage leaves no hole."""
        told = {**span.cursor, **self.cursor, "start": span.start.isoformat()}
        if self.complete and self._newest > span.mark:
            told["mark"] = self._newest.isoformat()
        cursor = {name: value for name, value in told.items() if value}
        keep = worth_it or not self.complete
        return Page(cursor=cursor if keep else None, complete=self.complete, gaps=(*self.gaps,))

    def newer(
        self, listed: Iterable[list[Any]], down_to: datetime, *clocks: str
    ) -> Iterator[list[Json]]:
        """The rows of an edge that are not older than ``down_to``. Ends with a page on which all
        are: Graph ranks some edges a little, so one old row means nothing."""
        oldest = self.account.now()
        for number, rows in enumerate(listed, start=1):
            times = [moment_of(row, *clocks) or oldest for row in rows]
            fresh = [row for row, at in zip(rows, times, strict=True) if at >= down_to]
            oldest = min((oldest, *times))
            self.saw(times)
            yield fresh
            if rows and not fresh:
                return
            if number == MAX_PAGES:
                reason = _UNREAD.format(count=MAX_PAGES)
                self.gaps.append(Gap(self.name, down_to, oldest, reason))

    def saw(self, times: Iterable[datetime]) -> None:
        """For the mark. A time in the future is nonsense, and would hide what comes until then."""
        newest = max(times, default=_NEVER)
        self._newest = max(self._newest, min(newest, self.account.now() + _AHEAD))

    def page(self, said: Iterable[Said]) -> Page:
        return Page([one.item(self.account.own) for one in said if one.id])

    def watch(self, said: Iterable[Said]) -> None:
        """Look after these: whether their authors remove them."""
        watched = self.account.state.section("watched")
        for one in said:
            if one.id and not one.is_own(self.account.own) and one.at:
                watched.setdefault(one.id, [one.kind, one.thread, one.at.isoformat(), 0])
        for old in sorted(watched, key=lambda i: str(watched[i][2]))[:-MAX_WATCHED]:
            del watched[old]

    def _span(self, since: Since) -> Span:
        first = timedelta(days=self.account.settings.first_days)
        start = moment(since.cursor.get("start")) or self.account.asked_now() - first
        mark = moment(since.cursor.get("mark")) or start
        return Span(start, mark, max(start, mark - self.overlap), since.cursor)


def moment_of(row: Json, *clocks: str) -> datetime | None:
    """The first of these times that the row has."""
    return next((at for name in clocks if (at := moment(row.get(name)))), None)
