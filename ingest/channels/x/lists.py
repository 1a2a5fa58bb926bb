"""The lists of posts that are read: mentions, and what the search finds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from ingest.channels.x.account import Account
from ingest.channels.x.posts import Answer, Ours, number_at, overlap, parameters, read_posts
from ingest.channels.x.recent import Recent
from ingest.channels.x.walk import Place, Walk
from ingest.social.feature import Page, Since

OVERLAP = timedelta(minutes=30)
"""A post may show up late: this much below the newest is read again each time."""
SEARCH_REACH = timedelta(days=6, hours=23)
"""X searches seven days back and refuses anything older."""
MENTIONS_SHOWN = 800
"""X shows the newest 800 mentions, however old they are."""


@dataclass(frozen=True)
class PostList:
    """A list of posts, newest first. ``where`` gives its route and own parameters, ``least`` is
    the smallest page that X gives of it, ``deepest`` how many posts it ever shows."""

    account: Account
    recent: Recent
    name: str
    where: Callable[[Ours], tuple[str, dict[str, str]]]
    least: int
    reach: timedelta | None = None
    deepest: int | None = None

    @property
    def every(self) -> timedelta:
        return self.account.every

    def pages(self, since: Since) -> Iterator[Page]:
        ours, place = self.account.ours(), Place.of(since.cursor)
        walk = Walk(
            self.name,
            lambda wanted: self._ask(ours, wanted),
            lambda answer: read_posts(answer, ours),
            self.account.start(since.read_at),
            overlap(OVERLAP, place.newest, since.read_at),
            self._oldest(),
            self.deepest,
        )
        for page in walk.pages(place):
            yield page
            self.recent.remember(page.items)

    def _ask(self, ours: Ours, wanted: Mapping[str, str]) -> Answer:
        settings = self.account.settings
        route, own = self.where(ours)
        asked = {**parameters(settings.dialect), **own, **wanted}
        price = settings.post_price
        return self.account.page(route, asked, what=self.name, price=price, least=self.least)

    def _oldest(self) -> int:
        return number_at(self.account.clock.now() - self.reach) if self.reach else 1


def mentions(account: Account, recent: Recent) -> PostList:
    """Posts with our name in them."""
    return PostList(
        account,
        recent,
        "mentions",
        lambda ours: (f"/2/users/{ours.id}/mentions", {}),
        least=5,
        deepest=MENTIONS_SHOWN,
    )


def search(account: Account, recent: Recent) -> PostList:
    """Posts that speak of the brand. Reposts do not come any more since May 2026."""

    def where(ours: Ours) -> tuple[str, dict[str, str]]:
        others = f" -from:{ours.username}" if ours.username else ""
        return "/2/tweets/search/recent", {"query": f"({account.settings.brand}){others}"}

    return PostList(account, recent, "search", where, least=10, reach=SEARCH_REACH)
