"""What the features of Meta's networks share: from where to read, when to stop, what is watched.

Graph has no cursor that lives long: each reading goes back behind the last one by an overlap, and
the source keys tell what is known.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

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
_UNREAD = "More came than is read in one go ({count} pages); what is older was not read."


@dataclass(frozen=True, slots=True)
class Span:
    """``start``: where the history begins for us. ``down_to``: how far back this run reads."""

    start: datetime
    down_to: datetime
    read_at: datetime | None
    cursor: Mapping[str, Any]


class Run(Protocol):
    """The part of a feature that differs. Yields pages; the last one is added by the caller."""

    def __call__(self, span: Span) -> Iterator[Page]: ...


class MetaFeature:
    """A feature of :mod:`ingest.social.poller`. Subclasses give ``name`` and :meth:`run`."""

    name: str
    overlap: timedelta = OVERLAP
    reach: timedelta | None = None

    def __init__(self, account: Account) -> None:
        self.account = account
        self.gaps: list[Gap] = []
        self._ran = False

    @property
    def every(self) -> timedelta:
        return self.account.every

    def pages(self, since: Since) -> Iterator[Page]:
        """One run. Raises: Trouble."""
        self.gaps = []
        try:
            span = self._span(since)
            brought = False
            for page in self.run(span):
                brought = brought or bool(page.items)
                yield page
            yield self.last(span, brought=brought)
        except GraphFailure as failure:
            raise failure.as_trouble(self.account.name) from None
        self._ran = True

    def run(self, span: Span) -> Iterator[Page]:
        raise AssertionError("a feature says how it reads")

    def last(self, span: Span, *, brought: bool) -> Page:
        """Ends a run: all is read. An empty account costs no transaction the first time; from the
        second on it is noted since when we read, so that a later outage leaves no hole."""
        keep = brought or self._ran or bool(span.cursor)
        cursor = {**span.cursor, "start": span.start.isoformat()} if keep else None
        return Page(cursor=cursor, complete=True, gaps=tuple(self.gaps))

    def newer(
        self, listed: Iterable[list[Any]], down_to: datetime, *clocks: str
    ) -> Iterator[list[Json]]:
        """The rows of an edge that are not older than ``down_to``. Ends with a page on which all
        are: Graph ranks some edges a little, so one old row means nothing."""
        oldest = self.account.now()
        for number, rows in enumerate(listed, start=1):
            times = [moment_of(row, *clocks) or oldest for row in rows]
            fresh = [row for row, at in zip(rows, times, strict=True) if at >= down_to]
            yield fresh
            oldest = min((oldest, *times))
            if rows and not fresh:
                return
            if number == MAX_PAGES:
                reason = _UNREAD.format(count=MAX_PAGES)
                self.gaps.append(Gap(self.name, down_to, oldest, reason))

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
        told = since.cursor.get("start")
        first = timedelta(days=self.account.settings.first_days)
        now = self.account.asked_now()
        start = datetime.fromisoformat(told) if isinstance(told, str) else now - first
        down_to = max(start, since.read_at - self.overlap) if since.read_at else start
        return Span(start, down_to, since.read_at, since.cursor)


def moment_of(row: Json, *clocks: str) -> datetime | None:
    """The first of these times that the row has."""
    return next((at for name in clocks if (at := moment(row.get(name)))), None)
