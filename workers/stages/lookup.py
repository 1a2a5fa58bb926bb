"""Company systems are asked about applications, beside the way of a message.

A system that is away is asked again, ever more rarely; one that is set up wrongly waits for an
operator, who sees the reason (``basvuru lookups``). Either way the application goes its way.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta

from structlog import get_logger

from cases.lookups import service
from cases.lookups.contract import Misconfigured, NotAnswering
from storage import lookups
from storage.claims import Claim
from storage.lookups import Question
from workers.stages.batch import QUIET, backoff
from workers.toolbox import Toolbox

log = get_logger()

GIVE_UP = timedelta(days=7)
"""After this a question is closed as failed; a person may ask again."""
MISCONFIGURED = timedelta(minutes=15)
AT_ONCE = 10


class AskSystems:
    queue = "lookup"

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        with self.tools.database.write() as connection:
            held, rows = lookups.claim(
                connection, ids=ids, limit=AT_ONCE, now=self.tools.now(), hold=self._hold
            )
        for row in rows:
            self._ask(held, row)
        return {}

    def overdue(self, limit: int) -> Collection[int]:
        with self.tools.database.write() as connection:
            return lookups.overdue(connection, now=self.tools.now(), quiet=QUIET, limit=limit)

    @property
    def _hold(self) -> timedelta:
        """Long enough for every question of the batch, each as slow as it may be."""
        slowest = max((s.settings.seconds for s in self.tools.systems.values()), default=1.0)
        return self.tools.hold + timedelta(seconds=slowest * service.QUESTIONS * AT_ONCE)

    def _ask(self, held: Claim, row: Question) -> None:
        system = self.tools.systems.get(row.system)
        if system is None:
            self._put_off(held, row, "the system is not configured any more", MISCONFIGURED)
            return
        with self.tools.database.read() as connection:
            known = lookups.identifiers(connection, row.application_id)
        try:
            answer = service.ask(system, known)
        except NotAnswering as error:
            self._put_off(held, row, str(error), backoff(row.attempts))
        except Misconfigured as error:
            self._put_off(held, row, f"{error} {error.remedy}".strip(), MISCONFIGURED)
        except Exception as error:  # noqa: BLE001  an adapter of others may fail in any way
            self._put_off(held, row, f"failed: {type(error).__name__}", MISCONFIGURED)
        else:
            with self.tools.database.write() as connection:
                service.settle(connection, held, row, answer, self.tools.now())

    def _put_off(self, held: Claim, row: Question, detail: str, rest: timedelta) -> None:
        now = self.tools.now()
        log.warning("lookup.not_answered", system=row.system, lookup_id=row.id, detail=detail)
        with self.tools.database.write() as connection:
            if now - row.at > GIVE_UP:
                lookups.settle(
                    connection, held, row.id, "failed", detail=detail, asked=[], found=[], now=now
                )
            else:
                lookups.put_off(connection, held, row.id, detail, now + rest)
