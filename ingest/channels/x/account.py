"""What the features of one account share: client, clock, budget, and who we are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.channels.x.client import XClient
from ingest.channels.x.posts import Answer, Json, Ours, number_at, number_of
from ingest.channels.x.settings import XSettings
from ingest.contract import Context
from ingest.social.budget import Budget
from ingest.social.http import Clock
from ingest.social.state import StateFile
from ingest.social.trouble import Cause, Trouble

USER_PRICE = 0.01
"""Dollars for a user that is read; those that come with posts are charged like this as well,
once a day each."""
LARGEST_PAGE = 100


@dataclass(slots=True)
class Account:
    """One account on X. Methods raise Trouble."""

    settings: XSettings
    context: Context
    clock: Clock
    state: StateFile
    client: XClient
    budget: Budget
    _ours: Ours | None = None

    @classmethod
    def opened(cls, settings: XSettings, context: Context) -> "Account":
        clock, state = Clock(context.now), StateFile(context.state_folder)
        client = XClient(settings, context, clock)
        budget = Budget(settings.budget_usd, state, clock.now)
        return cls(settings, context, clock, state, client, budget)

    def ours(self) -> Ours:
        """Who we are: asked once by each process. The answer also tells the time at X."""
        if self._ours is None:
            self._ours = self._asked_who_we_are()
        return self._ours

    def page(
        self, route: str, params: Mapping[str, str], *, what: str, price: float, least: int
    ) -> Answer:
        """A page as large as the budget allows; what it costs is written down."""
        size = self.budget.affordable(LARGEST_PAGE, price, least=least)
        asked = {**params, "max_results": str(size)}
        return self.counted(self.client.get(route, asked, what=what), price)

    def counted(self, body: Json, price: float) -> Answer:
        answer = Answer.of(body)
        self.budget.spend((str(number_of(row)) for row in answer.rows), price)
        return answer

    def look_again(self, ids: list[str], params: Mapping[str, str]) -> Answer:
        """Up to a hundred posts by their ids."""
        price = self.settings.post_price
        self.budget.affordable(len(ids), price, least=len(ids))
        body = self.client.get("/2/tweets", {**params, "ids": ",".join(ids)}, what="look again")
        return self.counted(body, price)

    def start(self, read_at: datetime | None) -> int:
        """The id to begin after when nothing was ever there: a day before we last looked, or, the
        first time, some days back."""
        if read_at is not None:
            return number_at(read_at - timedelta(days=1))
        return number_at(self.clock.now() - timedelta(days=self.settings.first_days))

    @property
    def every(self) -> timedelta:
        return timedelta(seconds=self.settings.poll_seconds)

    def _asked_who_we_are(self) -> Ours:
        self.budget.affordable(1, USER_PRICE, least=1)
        body = self.client.get("/2/users/me", {"user.fields": "username"}, what="account")
        self.budget.spend(["account"], USER_PRICE)
        data = body.get("data")
        found = data if isinstance(data, dict) else {}
        own, username = found.get("id"), found.get("username")
        if not isinstance(own, str) or not own.isdigit():
            raise Trouble(Cause.BUSY, "X does not say who the account is.")
        ids = frozenset({own, *self.settings.own_ids})
        return Ours(own, username if isinstance(username, str) else "", ids)
