"""Reading a list that has the newest first, by ids, without ever losing its middle.

The cursor is ``{"newest": ID}``: everything up to it is read. A run that had to stop half way
(page limit, money, trouble) leaves a hole below what it read: ``{"newest": ID, "hole": {"floor":
ID, "until": ID}}``; the next run reads what is newer, then goes on into the hole. X calls
``since_id`` the id after which, and ``until_id`` the id before which posts are shown.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ingest.channels.x.posts import Answer, earlier, moment_of, number_of
from ingest.contract import Gap, RawItem, Refusal
from ingest.social.feature import Page
from ingest.social.trouble import Trouble

MAX_PAGES = 20
"""Of one stretch in one run; what is left waits in a hole, so that other features have a turn."""

Ask = Callable[[Mapping[str, str]], Answer]
"""Asks for a page with these further parameters. Raises: Trouble."""
Take = Callable[[Answer], tuple[list[RawItem], list[Refusal]]]


@dataclass(frozen=True, slots=True)
class Hole:
    """Ids above ``floor`` and below ``until`` that are still unread."""

    floor: int
    until: int


@dataclass(frozen=True, slots=True)
class Place:
    """The cursor. ``newest`` 0: nothing was ever there."""

    newest: int = 0
    hole: Hole | None = None

    @classmethod
    def of(cls, cursor: Mapping[str, Any]) -> "Place":
        hole = cursor.get("hole")
        inside = Hole(int(hole["floor"]), int(hole["until"])) if hole else None
        return cls(int(cursor.get("newest", 0)), inside)

    def cursor(self) -> dict[str, Any]:
        """Ids as strings: they are larger than what some readers of JSON keep exact."""
        out: dict[str, Any] = {"newest": str(self.newest)} if self.newest else {}
        if self.hole is not None:
            out["hole"] = {"floor": str(self.hole.floor), "until": str(self.hole.until)}
        return out


@dataclass(slots=True)
class Stretch:
    """From ``until`` (the newest, when None) or the page of ``token`` down to ``since``: what came
    of reading it. ``token`` is then that of the page where it stopped."""

    ask: Ask
    take: Take
    since: int
    until: int | None = None
    token: str = ""
    most: int = MAX_PAGES
    count: int = 0
    highest: int = 0
    lowest: int = 0
    finished: bool = False
    trouble: Trouble | None = None

    def pages(self) -> Iterator[Page]:
        for _ in range(self.most):
            answer = self._page()
            if answer is None:
                return
            self._count(answer)
            items, refusals = self.take(answer)
            yield Page(items, refusals=refusals)
            self.token = answer.next_token
            self.finished = not self.token or 0 < self.lowest <= self.since
            if self.finished:
                return

    def _page(self) -> Answer | None:
        wanted = {"since_id": str(self.since)}
        if self.until is not None:
            wanted["until_id"] = str(self.until)
        if self.token:
            wanted["pagination_token"] = self.token
        try:
            return self.ask(wanted)
        except Trouble as trouble:  # raised by the walk, once what was read is safe
            self.trouble = trouble
            return None

    def _count(self, answer: Answer) -> None:
        numbers = [number for row in answer.rows if (number := number_of(row))]
        self.count += len(answer.rows)
        if numbers:
            self.highest = max(self.highest, *numbers)
            self.lowest = min(self.lowest or numbers[0], *numbers)


@dataclass(slots=True)
class Walk:
    """One run over a list. ``start``: the id to begin after when nothing was ever there.
    ``overlap``: what is read again below the newest. ``oldest``: the id before which X refuses to
    look. ``deepest``: how many posts X ever shows."""

    feature: str
    ask: Ask
    take: Take
    start: int
    overlap: timedelta
    oldest: int = 1
    deepest: int | None = None

    def pages(self, place: Place) -> Iterator[Page]:
        """Raises: Trouble, after the page that says how far the run came."""
        since = self._since(place)
        head = Stretch(self.ask, self.take, max(since, self.oldest))
        yield from head.pages()
        gaps = self._too_deep(head)
        place, trouble = self._after_head(place, head), head.trouble
        if head.finished and place.hole is not None:
            deep = self._deep(place.hole)
            yield from deep.pages()
            gaps += self._unreachable(place.hole, deep)
            place, trouble = self._after_hole(place, place.hole, deep), deep.trouble
        complete = head.finished and place.hole is None
        yield Page(cursor=place.cursor(), complete=complete, gaps=gaps)
        if trouble is not None:
            raise trouble

    def _since(self, place: Place) -> int:
        """With a hole below there is no overlap: in a storm the run would read nothing else."""
        if place.newest and place.hole is not None:
            return place.newest
        return earlier(place.newest, self.overlap) if place.newest else self.start

    def _after_head(self, place: Place, head: Stretch) -> Place:
        newest = max(place.newest, head.highest)
        if head.finished or not head.lowest:
            return Place(newest, place.hole)
        floor = place.hole.floor if place.hole else head.since
        return Place(newest, Hole(floor, head.lowest))

    def _deep(self, hole: Hole) -> Stretch:
        return Stretch(self.ask, self.take, max(hole.floor, self.oldest), hole.until)

    def _after_hole(self, place: Place, hole: Hole, deep: Stretch) -> Place:
        left = None if deep.finished else Hole(hole.floor, deep.lowest or hole.until)
        return Place(place.newest, left)

    def _too_deep(self, head: Stretch) -> list[Gap]:
        """X showed all that it ever shows: below it may lie more."""
        if not head.finished or self.deepest is None or head.count < self.deepest:
            return []
        return [self._gap(head.since, head.lowest, "more came than X shows of the past")]

    def _unreachable(self, hole: Hole, deep: Stretch) -> list[Gap]:
        """There was a next page when the hole was left; now X shows less than that."""
        if not deep.finished:
            return []
        if not deep.count:
            return [self._gap(hole.floor, hole.until, "X does not show any more what was left")]
        if hole.floor < self.oldest:
            return [self._gap(hole.floor, self.oldest, "X does not look back that far any more")]
        return []

    def _gap(self, since: int, until: int, reason: str) -> Gap:
        return Gap(self.feature, moment_of(since), moment_of(until), f"Read too late: {reason}.")
