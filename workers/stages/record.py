"""Second stage: a message becomes an application with a number, or joins one.

Deduplicating and recording are one transaction, because a decision that was committed apart from
its record could be out of date when the record is written (docs/decisions).
"""

from collections.abc import Collection, Mapping

from structlog import get_logger

from cases.recording import record
from config import tracing
from storage import work
from storage.claims import Claim
from storage.work import Poison
from workers.stages.batch import BatchStage

log = get_logger()

_MACHINE = Poison("machine-mail", "a machine wrote it, and it answers nothing of ours")


class Record(BatchStage):
    stage = "record"
    queue = "record"

    def work(self, held: Claim, ids: Collection[int]) -> Mapping[str, Collection[int]]:
        now, began = self.tools.now(), tracing.moment()
        with self.tools.database.write() as connection:
            ours = work.still_ours(connection, held, ids)
            done = record(connection, ours, self.tools.house, now)
            work.finish(connection, held, done.filed)
            machine = dict.fromkeys(done.machine, _MACHINE)
            work.set_aside(connection, held, self.stage, machine, now)
            work.note(connection, held, done.noted, now)
        tracing.ended("record", done.traces, began)
        log.info("recorded", traces=done.traces, machine=len(done.machine), noted=len(done.noted))
        return done.to_send
