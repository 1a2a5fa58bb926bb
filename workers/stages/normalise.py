"""First stage: the bytes of a raw item become the one schema."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from structlog import get_logger
from structlog.contextvars import bound_contextvars

from cases.duplicates import things
from cases.person import keys
from config import tracing
from ingest.contract import RawItem
from normalizers.clean import storable
from normalizers.schema import Reading
from normalizers.text.turkish import fold
from storage import messages, work
from storage.claims import Claim
from storage.messages import RawRow, Read
from storage.work import Poison
from workers.reading.pool import ReadingFailed
from workers.stages.batch import BatchStage
from workers.toolbox import Toolbox

log = get_logger()

MATCH_CHARACTERS = 4_000
"""As much of a text as is compared with others."""


class Normalise(BatchStage):
    """``mail``: many at a time. ``pages``: one at a time, each may take minutes."""

    stage = "normalise"

    def __init__(self, tools: Toolbox, queue: str) -> None:
        super().__init__(tools)
        self.queue = queue
        if queue == "pages":
            self.hold, self.limit = max(self.hold, timedelta(minutes=30)), 1

    def work(self, held: Claim, ids: Collection[int]) -> Mapping[str, Collection[int]]:
        began = tracing.moment()
        with self.tools.database.read() as connection:
            raws = messages.raw_items(connection, ids)
        outcomes = {raw.id: self._read(raw) for raw in raws}
        read = [one for one in outcomes.values() if isinstance(one, Read)]
        poison = {i: one for i, one in outcomes.items() if isinstance(one, Poison)}
        now = self.tools.now()
        with self.tools.database.write() as connection:
            ours = work.pass_on(connection, held, [one.raw.id for one in read], "record", now)
            messages.save(connection, [one for one in read if one.raw.id in ours])
            work.set_aside(connection, held, self.stage, poison, now)
        tracing.ended("normalise", [raw.trace for raw in raws], began, queue=self.queue)
        log.info("normalised", traces=[one.raw.trace for one in read], set_aside=len(poison))
        return {"record": ours}

    def _read(self, raw: RawRow) -> Read | Poison:
        with bound_contextvars(trace=raw.trace, raw_id=raw.id):
            if raw.problem:
                return Poison(raw.problem.partition(":")[0][:60], raw.problem)
            if raw.kind not in self.tools.readers:
                return Poison("no-reader", f"no reader is installed for kind {raw.kind}")
            try:
                body = self.tools.blobs.get(raw.sha256)
            except KeyError:
                return Poison("bytes-missing", "the blob store does not have its bytes")
            try:
                reading = self.tools.read(_as_item(raw, body))
            except ReadingFailed as error:
                return Poison(error.cause, error.detail)
            except Exception as error:  # a reader must not raise: a defect of ours
                log.exception("reader.failed", error=type(error).__name__, exc_info=False)
                return Poison("reader-failed", f"the reader of {raw.kind}: {type(error).__name__}")
            return self._keep(raw, reading)

    def _keep(self, raw: RawRow, reading: Reading) -> Read | Poison:
        message = storable(reading.message)
        if message.error:
            return Poison("unreadable", message.error)
        self.tools.blobs.put(part.data for part in reading.parts)
        house = self.tools.house
        text = " ".join(fold(message.written[: MATCH_CHARACTERS * 2]).split())
        people = keys(message, house.us, house.index_key)
        return Read(
            raw, message, text[:MATCH_CHARACTERS], people.kinds, people.own, things(message)
        )


def _as_item(raw: RawRow, body: bytes) -> RawItem:
    return RawItem(
        source_key=raw.source_key,
        kind=raw.kind,
        body=body,
        received_at=raw.received_at,
        facts=raw.facts,
    )
