"""Direct messages: a list without ``since_id``, of thirty days, and only fifteen requests in a
quarter of an hour.

The cursor is ``{"newest": ID}`` and, when a run stopped half way, ``"left": {"token": ..., "floor":
ID}``: the page from which the next one goes on, down to ``floor``. X forgets such tokens; then all
down to the floor is read once more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ingest.channels.x.account import Account
from ingest.channels.x.client import Invalid
from ingest.channels.x.posts import (
    MESSAGE_PARAMETERS,
    Answer,
    Ours,
    earlier,
    overlap,
    read_messages,
)
from ingest.channels.x.walk import Stretch
from ingest.social.feature import Page, Since
from ingest.social.trouble import Trouble

OVERLAP = timedelta(hours=1)
_MOST_PAGES = 12


@dataclass(frozen=True)
class Messages:
    """The direct messages of one account."""

    account: Account
    name: str = "direct messages"
    every: timedelta = timedelta(minutes=2)
    reach: timedelta | None = timedelta(days=30)

    def pages(self, since: Since) -> Iterator[Page]:
        ours = self.account.ours()
        newest, left = int(since.cursor.get("newest", 0)), since.cursor.get("left")
        floor = self.account.start(since.read_at)
        if newest:  # as in a walk over posts, without overlap while something is left
            again = timedelta() if left else overlap(OVERLAP, newest, since.read_at)
            floor = earlier(newest, again)
        head = self._stretch(ours, floor)
        yield from head.pages()
        newest, trouble = max(newest, head.highest), head.trouble
        if not head.finished and head.lowest:
            left = {"token": head.token, "floor": left["floor"] if left else str(floor)}
        elif head.finished and left:
            deep = self._stretch(ours, int(left["floor"]), left["token"])
            yield from deep.pages()
            newest, left, trouble = _after(deep, newest, left)
        yield Page(cursor=_cursor(newest, left), complete=head.finished and left is None)
        if trouble is not None:
            raise trouble

    def _stretch(self, ours: Ours, since: int, token: str = "") -> Stretch:
        return Stretch(
            self._ask,
            lambda answer: read_messages(answer, ours),
            since,
            token=token,
            most=_MOST_PAGES,
        )

    def _ask(self, wanted: Mapping[str, str]) -> Answer:
        token = wanted.get("pagination_token")
        params = {**MESSAGE_PARAMETERS, **({"pagination_token": token} if token else {})}
        price = self.account.settings.message_price
        return self.account.page("/2/dm_events", params, what=self.name, price=price, least=1)


def _after(
    deep: Stretch, newest: int, left: Mapping[str, str]
) -> tuple[int, Mapping[str, str] | None, Trouble | None]:
    """Where the run stands after going on from a token: (newest, what is left, trouble)."""
    if isinstance(deep.trouble, Invalid) and not deep.lowest:
        return int(left["floor"]), None, None  # the token is forgotten: down to the floor again
    if deep.finished:
        return newest, None, None
    return newest, {"token": deep.token, "floor": left["floor"]}, deep.trouble


def _cursor(newest: int, left: Mapping[str, str] | None) -> dict[str, Any]:
    out: dict[str, Any] = {"newest": str(newest)} if newest else {}
    return out | ({"left": dict(left)} if left else {})
