"""What the stages over raw items have in common: claim a batch, work on it, isolate what fails.

One bad row never takes its batch down: when a batch fails, its rows are tried one by one, and a
row that fails alone is put off, then set aside after ``workers.attempts`` tries.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from datetime import timedelta

from structlog import get_logger

from storage import work
from storage.claims import Claim
from storage.engine import Failed, Unavailable, contended
from storage.work import Poison
from workers.toolbox import Toolbox

log = get_logger()

AWAY = timedelta(seconds=5)
"""How long rows rest when database or disk could not be reached."""

QUIET = timedelta(seconds=10)
"""A row that was rung for is left alone for this long before the sweep rings again."""


class BatchStage(ABC):
    """A stage over rows of ``work``. Subclasses say what to do with a batch."""

    stage: str
    queue: str

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools
        self.hold = tools.hold
        self.limit = tools.settings.workers.batch

    @abstractmethod
    def work(self, held: Claim, ids: Collection[int]) -> Mapping[str, Collection[int]]:
        """See to the rows in one transaction; returns what to ring for. May be run again."""

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        held = self._claim(ids, self.limit, fresh=True)
        bells = self._try(held, held.ids) if held.ids else {}
        return self._add(bells, self._run_tried(ids))

    def _run_tried(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        """Rows that failed before, or whose worker died, one claim each."""
        bells: Mapping[str, Collection[int]] = {}
        for _ in range(self.limit):
            held = self._claim(ids, 1, fresh=False)
            if not held.ids:
                break
            [row] = held.ids
            if held.attempts[row] > self.tools.settings.workers.attempts:
                self._set_aside(held, {row: Poison("keeps-failing", self._worn_detail())})
            else:
                bells = self._add(bells, self._try(held, [row]))
        return bells

    def _claim(self, ids: Collection[int] | None, limit: int, *, fresh: bool) -> Claim:
        with self.tools.database.write() as connection:
            return work.claim(
                connection,
                self.stage,
                self.queue,
                ids=ids,
                limit=limit,
                now=self.tools.now(),
                hold=self.hold,
                fresh=fresh,
            )

    @staticmethod
    def _add(
        one: Mapping[str, Collection[int]], other: Mapping[str, Collection[int]]
    ) -> Mapping[str, Collection[int]]:
        return {queue: [*one.get(queue, ()), *other.get(queue, ())] for queue in {*one, *other}}

    def overdue(self, limit: int) -> Collection[int]:
        with self.tools.database.write() as connection:
            return work.overdue(
                connection, self.queue, now=self.tools.now(), quiet=QUIET, limit=limit
            )

    def _work(self, held: Claim, ids: Collection[int]) -> Mapping[str, Collection[int]]:
        try:
            return self.work(held, ids)
        except Failed as error:
            if not contended(error):
                raise
            return self.work(held, ids)  # the one that won is through by now

    def _try(self, held: Claim, ids: Collection[int]) -> Mapping[str, Collection[int]]:
        try:
            return self._work(held, ids)
        except (*Unavailable, OSError):
            # Database or disk are away: that is not the rows' fault. Where even this cannot be
            # written, the claims run out, and the sweep rings again.
            due_at = self.tools.now() + AWAY
            with self.tools.database.write() as connection:
                work.give_back(connection, held, ids, due_at)
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it must not stop the others
            if len(ids) == 1:
                self._put_off(held, next(iter(ids)), error)
                return {}
        return self._one_by_one(held, ids)

    def _one_by_one(self, held: Claim, ids: Collection[int]) -> Mapping[str, Collection[int]]:
        bells: Mapping[str, Collection[int]] = {}
        for one in ids:
            bells = self._add(bells, self._try(held, [one]))
        return bells

    def _put_off(self, held: Claim, row: int, error: Exception) -> None:
        """Try again later; the claim has counted the attempt. The text of the error may hold
        what people wrote, so only its class is logged."""
        log.warning("stage.failed", stage=self.stage, raw_id=row, error=type(error).__name__)
        due_at = self.tools.now() + backoff(held.attempts[row])
        with self.tools.database.write() as connection:
            work.put_off(connection, held, [row], due_at)

    def _set_aside(self, held: Claim, poison: Mapping[int, Poison]) -> None:
        with self.tools.database.write() as connection:
            work.set_aside(connection, held, self.stage, poison, self.tools.now())

    def _worn_detail(self) -> str:
        return f"tried {self.tools.settings.workers.attempts} times in stage {self.stage}"


def backoff(attempts: int) -> timedelta:
    """1 s, 2 s, 4 s ... up to 5 minutes, with up to a quarter of jitter."""
    seconds = min(2 ** min(attempts - 1, 9), 300)
    return timedelta(seconds=seconds * (1 + random.random() / 4))  # noqa: S311  no secret
