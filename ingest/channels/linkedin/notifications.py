"""The notifications of a page: all that LinkedIn tells of, sixty days back, by time.

Nothing is said about their order, so a run never relies on it: it reads a stretch of time to its
end. A stretch that has too many pages is halved; what was read to its end is the cursor,
``{"through": MILLISECONDS}``. Two days of overlap are read again each time, since a notification
may come late and pages shift while they are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.channels.linkedin.client import (
    Gone,
    Json,
    LinkedInClient,
    encoded,
    listed,
    milliseconds,
)
from ingest.channels.linkedin.said import ACTIONS, comment_of, item, without_text
from ingest.channels.linkedin.settings import LinkedInSettings
from ingest.contract import RawItem, Refusal
from ingest.social.feature import Page, Since
from ingest.social.http import Clock
from ingest.social.trouble import Cause, Trouble

OVERLAP = timedelta(hours=48)
REACH = timedelta(days=60)
_PAGE = 50
_MOST_PAGES = 20
_SHORTEST = timedelta(minutes=1)
_REMEMBERED = 5_000
_AHEAD = timedelta(days=1)
"""Asked beyond now: our clock, or theirs, may be wrong."""
_ROLE = "Make the member who signed in an administrator of the page."


@dataclass
class Notifications:
    """The one feature of a page."""

    settings: LinkedInSettings
    client: LinkedInClient
    clock: Clock
    name: str = "notifications"
    reach: timedelta | None = REACH
    _role_is_known: bool = field(default=False, init=False)
    _comments: dict[str, Json] = field(default_factory=dict, init=False, repr=False)

    @property
    def every(self) -> timedelta:
        return timedelta(seconds=self.settings.poll_seconds)

    def pages(self, since: Since) -> Iterator[Page]:
        self.expect_role()
        start, end = self._start(since), self.clock.now() + _AHEAD
        until = end
        while True:
            stretch = _Stretch(self, start, until)
            yield from stretch.pages()
            if stretch.finished and until == end:
                yield Page(cursor={}, complete=True)
                return
            if stretch.finished:
                yield Page(cursor={"through": milliseconds(until)})
                start, until = until - timedelta(seconds=1), end
            elif until - start <= _SHORTEST:
                raise Trouble(Cause.BUSY, "LinkedIn shows more in a minute than can be read.")
            else:
                until = start + (until - start) / 2

    def find(self, source_key: str) -> RawItem | None:
        """The item of this key once more, from all that LinkedIn still shows."""
        self.expect_role()
        now = self.clock.now()
        for start in range(0, 200 * _PAGE, _PAGE):
            answer = self.asked(now - REACH + timedelta(hours=1), now + _AHEAD, start)
            for row in _rows(answer):
                found = item(row, self.settings.urn)
                if isinstance(found, RawItem) and found.source_key == source_key:
                    whole = self._item(row)
                    return whole if isinstance(whole, RawItem) else None
            if _is_last(answer):
                return None
        return None

    def asked(self, start: datetime, end: datetime, first: int) -> Json:
        query = (
            f"q=criteria&actions={listed(ACTIONS)}"
            f"&organizationalEntity={encoded(self.settings.urn)}"
            f"&timeRange=(start:{milliseconds(start)},end:{milliseconds(end)})"
            f"&start={first}&count={_PAGE}"
        )
        return self.client.get("/organizationalEntityNotifications", query)

    def taken(self, answer: Json) -> Page:
        """The items on a page; what is written is asked for where the notification lacks it."""
        found = [self._item(row) for row in _rows(answer)]
        items = [one for one in found if isinstance(one, RawItem)]
        refusals = [one for one in found if isinstance(one, Refusal)]
        return Page(items, refusals=refusals)

    def expect_role(self) -> None:
        """A member without the role is shown an empty list instead of a refusal: nothing would
        come, and nobody would know. Raises: Trouble."""
        if self._role_is_known:
            return
        answer = self.client.get("/organizationAcls", "q=roleAssignee&count=100&start=0")
        roles = [row for row in _rows(answer) if isinstance(row, dict)]
        if not any(self._administers(role) for role in roles):
            reason = "The member who signed in does not administer the page: it shows them nothing."
            raise Trouble(Cause.PERMISSION, reason, remedy=_ROLE)
        self._role_is_known = True

    def _administers(self, role: Json) -> bool:
        ours = role.get("organization") == self.settings.urn
        approved = role.get("state", "APPROVED") == "APPROVED"
        return ours and approved and role.get("role") in ("ADMINISTRATOR", "CONTENT_ADMINISTRATOR")

    def _start(self, since: Since) -> datetime:
        now, through = self.clock.now(), since.cursor.get("through")
        known = datetime.fromtimestamp(through / 1000, UTC) if through else since.read_at
        first = now - timedelta(days=self.settings.first_days)
        return max(known - OVERLAP if known else first, now - REACH + timedelta(hours=1))

    def _item(self, row: Any) -> RawItem | Refusal | None:
        if isinstance(row, dict) and without_text(row):
            return item({**row, **self._comment(row)}, self.settings.urn)
        return item(row, self.settings.urn)

    def _comment(self, row: Json) -> Json:
        """Asked once by each process: the same notification is read again for two days."""
        mark = f"{row.get('generatedActivity')} {row.get('lastModifiedAt')}"
        if mark not in self._comments:
            if len(self._comments) >= _REMEMBERED:
                self._comments.clear()
            self._comments[mark] = self._asked_for(row)
        return self._comments[mark]

    def _asked_for(self, row: Json) -> Json:
        where = comment_of(row)
        if where is None:
            return {}
        try:
            path = f"/socialActions/{encoded(where[0])}/comments/{encoded(where[1])}"
            return {"comment": self.client.get(path)}
        except Gone:  # taken back meanwhile: that it was there is still told
            return {}


@dataclass(slots=True)
class _Stretch:
    """The notifications of a stretch of time, read to its end or to the page limit."""

    feature: Notifications
    start: datetime
    until: datetime
    finished: bool = False

    def pages(self) -> Iterator[Page]:
        for first in range(0, _MOST_PAGES * _PAGE, _PAGE):
            answer = self.feature.asked(self.start, self.until, first)
            yield self.feature.taken(answer)
            if _is_last(answer):
                self.finished = True
                return


def _rows(answer: Json) -> list[Any]:
    elements = answer.get("elements")
    return elements if isinstance(elements, list) else []


def _is_last(answer: Json) -> bool:
    """Shorter than a page, and no link to a next one."""
    paging = answer.get("paging")
    links = paging.get("links") if isinstance(paging, dict) else None
    rows = links if isinstance(links, list) else []
    linked = any(isinstance(link, dict) and link.get("rel") == "next" for link in rows)
    return not linked and len(_rows(answer)) < _PAGE
