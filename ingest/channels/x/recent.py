"""Posts of the last hours, looked at again: X says of neither edits nor deletions when we read.

Their ids lie in the state file: when that is wiped, posts from before are not looked at again. Up
to a hundred ids cost one request; what is read twice on one day is charged once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ingest.channels.x.account import Account
from ingest.channels.x.posts import Answer, Json, Ours, deleted, history, parameters, post
from ingest.contract import RawItem
from ingest.social.envelope import raw_item
from ingest.social.feature import Page, Since

_AT_ONCE = 100
_MOST = 3_000
"""Ids that are remembered; beyond, the oldest are let go."""
_GONE = "resource-not-found"


class Recent:
    """The ids, each with the newest version that we know: ``{first: [id, time of the post]}``."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._length = timedelta(hours=account.settings.recheck_hours)

    @property
    def _known(self) -> dict[str, Any]:
        return self._account.state.section("recent")

    def remember(self, items: Sequence[RawItem]) -> None:
        """Posts that were stored. Our own are not looked at again."""
        posts = [item for item in items if item.source_key.startswith("post/")]
        for item in posts:
            first, external = item.facts["first_id"], item.facts["external_id"]
            known = self._known.get(first)
            if item.received_at and item.facts.get("own") != "1" and self._newer(external, known):
                self._known[first] = [external, item.received_at.isoformat()]
        if posts:
            self._trim()

    def forget(self, first: str) -> None:
        self._known.pop(first, None)
        self._account.state.save()

    def young(self) -> dict[str, str]:
        """Newest known id -> first id, of what is still looked at."""
        now = self._account.clock.now()
        return {
            external: first
            for first, (external, at) in self._known.items()
            if now - datetime.fromisoformat(at) < self._length
        }

    def _newer(self, external: str, known: Any) -> bool:
        return known is None or int(external) > int(known[0])

    def _trim(self) -> None:
        young = set(self.young().values())
        keep = sorted(young, key=int, reverse=True)[:_MOST]
        for first in set(self._known) - set(keep):
            del self._known[first]
        self._account.state.save()


@dataclass(frozen=True)
class LookAgain:
    """Looks for edits (which land as versions) and deletions (which land as marks)."""

    account: Account
    recent: Recent
    name: str = "look again"
    every: timedelta = timedelta(minutes=15)
    reach: timedelta | None = None

    def pages(self, since: Since) -> Iterator[Page]:  # noqa: ARG002  it has no cursor
        young = self.recent.young()
        ids = sorted(young, key=int, reverse=True)
        ours = self.account.ours() if ids else None
        for start in range(0, len(ids), _AT_ONCE):
            assert ours is not None
            yield from self._looked_at(ids[start : start + _AT_ONCE], young, ours)

    def _looked_at(self, ids: list[str], young: dict[str, str], ours: Ours) -> Iterator[Page]:
        answer = self._ask(ids)
        edited = self._edits(answer, young)
        newer = self._ask(edited) if edited else Answer([], {}, "")
        items = [raw_item(post(row, newer.includes, ours)) for row in newer.rows if _is_post(row)]
        gone = [_gone(error, young) for error in answer.errors]
        marks = [
            raw_item(deleted(first, e))
            for first, e in zip(gone, answer.errors, strict=True)
            if first
        ]
        yield Page([*items, *marks])
        self.recent.remember(items)
        for first in filter(None, gone):
            self.recent.forget(first)

    def _ask(self, ids: list[str]) -> Answer:
        return self.account.look_again(ids, parameters(self.account.settings.dialect))

    def _edits(self, answer: Answer, young: dict[str, str]) -> list[str]:
        """Ids of versions that we do not have. A row may be the old version with a new history."""
        newest = {history(row)[-1] for row in answer.rows if _is_post(row)}
        return sorted(newest - set(young), key=int)[:_AT_ONCE]


def _is_post(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), str) and row["id"].isdigit()


def _gone(error: Json, young: dict[str, str]) -> str:
    """First id of the post that is not found; empty when the error is about something else, or
    says that it is hidden from us (protected, suspended): that is no deletion."""
    found = str(error.get("type", "")).rpartition("/")[2] == _GONE
    return young.get(str(error.get("resource_id") or error.get("value")), "") if found else ""
