"""What its author took back: Graph says nothing of that to those who poll.

The newest things that we brought are asked for again, for two days. Gone is what two runs could
not find while our own page could be read: Graph also hides things for a moment, and from a token
that lost a permission.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ingest.social.feature import Page
from ingest.social.graph_failures import GraphFailure, Why
from ingest.social.meta_account import Account
from ingest.social.meta_features import OVERLAP
from ingest.social.meta_said import Network, Said, moment

_EVERY = timedelta(hours=1)
_MISSES = 2
_BATCH = 50


class Removals:
    """Looks after what features put into the section ``watched`` of the state file."""

    def __init__(self, account: Account, network: Network) -> None:
        self.account = account
        self._network = network
        self._looked_at: datetime | None = None

    def run(self) -> Iterator[Page]:
        """Once an hour. Raises: GraphFailure, Trouble."""
        now = self.account.now()
        if self._looked_at is not None and timedelta() <= now - self._looked_at < _EVERY:
            return
        watched = self.account.state.section("watched")
        _forget_old(watched, now - OVERLAP)
        ids = list(watched)
        gone = [i for at in range(0, len(ids), _BATCH) for i in self._gone(ids[at : at + _BATCH])]
        if gone:
            self.account.graph.object(self.account.us, "id")  # the control: we see ourselves
        for thing, row in watched.items():
            row[3] = row[3] + 1 if thing in gone else 0
        taken_back = [thing for thing in gone if watched[thing][3] >= _MISSES]
        said = [self._said(thing, watched[thing]) for thing in taken_back]
        yield Page([one.item(self.account.own) for one in said])
        for thing in taken_back:  # only now, when it is stored
            del watched[thing]
        self._looked_at = now
        self.account.state.save()

    def _gone(self, things: Sequence[str]) -> list[str]:
        """Those that do not exist. One of them fails the whole call, so it is halved."""
        try:
            self.account.graph.objects(things, "id")
        except GraphFailure as failure:
            if failure.why not in (Why.GONE, Why.REQUEST):
                raise
            is_gone = failure.why is Why.GONE
        else:
            return []
        if len(things) == 1:
            return list(things) if is_gone else []
        half = len(things) // 2
        return [*self._gone(things[:half]), *self._gone(things[half:])]

    def _said(self, thing: str, row: list[Any]) -> Said:
        kind, thread, at, _ = row
        return Said(
            network=self._network,
            account=self.account.us,
            kind=kind,
            id=thing,
            at=moment(at),
            thread=thread,
            removed=True,
        )


def _forget_old(watched: dict[str, Any], horizon: datetime) -> None:
    for thing, row in list(watched.items()):
        if (moment(row[2]) or horizon) <= horizon:
            del watched[thing]
