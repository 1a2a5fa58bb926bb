"""After recording: suggestions for whoever assesses, and the first department.

Suggestions are a help. What cannot be made after ``workers.attempts`` tries is given up and logged;
the application is there, and goes to the complaint unit.
"""

from collections.abc import Collection, Mapping

from structlog import get_logger

from cases.assessment.suggest import suggest
from storage import assessing
from storage.claims import Claim
from storage.engine import Unavailable
from workers.stages.batch import AWAY, QUIET, backoff
from workers.toolbox import Toolbox

log = get_logger()


class Suggest:
    queue = "suggest"

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        limit = self.tools.settings.workers.batch
        held = self._claim(ids, limit, fresh=True)
        if held.ids:
            self._try(held, held.ids)
        for _ in range(limit):
            held = self._claim(ids, 1, fresh=False)
            if not held.ids:
                break
            self._try(held, held.ids)
        return {}

    def overdue(self, limit: int) -> Collection[int]:
        with self.tools.database.write() as connection:
            return assessing.overdue(connection, now=self.tools.now(), quiet=QUIET, limit=limit)

    def _claim(self, ids: Collection[int] | None, limit: int, *, fresh: bool) -> Claim:
        with self.tools.database.write() as connection:
            return assessing.claim(
                connection,
                ids=ids,
                limit=limit,
                now=self.tools.now(),
                hold=self.tools.hold,
                fresh=fresh,
            )

    def _try(self, held: Claim, ids: Collection[int]) -> None:
        try:
            self._work(held, ids)
        except (*Unavailable, OSError):
            # The database is away: not the rows' fault. The claims run out, the sweep rings again.
            raise
        except Exception as error:  # noqa: BLE001  one application must not stop the others
            if len(ids) == 1:
                self._put_off(held, next(iter(ids)), error)
                return
            for one in ids:
                self._try(held, [one])

    def _work(self, held: Claim, ids: Collection[int]) -> None:
        tools = self.tools
        unit = tools.settings.deadlines.complaint_unit
        with tools.database.write() as connection:
            ours = assessing.still_ours(connection, held, ids)
            suggest(connection, ours, tools.guesser, unit=unit, now=tools.now())
            assessing.finish(connection, held, ours)

    def _put_off(self, held: Claim, row: int, error: Exception) -> None:
        worn = held.attempts[row] >= self.tools.settings.workers.attempts
        log.warning("suggest.failed", application_id=row, error=type(error).__name__, worn=worn)
        with self.tools.database.write() as connection:
            if worn:
                assessing.finish(connection, held, [row])
            else:
                due_at = self.tools.now() + backoff(held.attempts[row]) + AWAY
                assessing.put_off(connection, held, [row], due_at)
