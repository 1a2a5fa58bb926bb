"""After recording: the documents that came attached to a message are read, one at a time.

Never before a fax or a letter that waits: those have no number yet.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta

from structlog import get_logger
from structlog.contextvars import bound_contextvars

from cases import enclosures as cases
from ingest.contract import RawItem
from normalizers.clean import storable
from storage import enclosures
from storage.claims import Claim
from storage.enclosures import FAILED, Enclosure, Outcome
from storage.engine import Unavailable
from workers.reading.pool import ReadingFailed
from workers.stages.batch import AWAY, QUIET
from workers.toolbox import Toolbox

log = get_logger()

HOLD = timedelta(minutes=30)
"""As long as the longest document may take, and more."""


class ReadEnclosures:
    queue = "enclosures"

    def __init__(self, tools: Toolbox) -> None:
        self.tools = tools
        self._who = (tools.house.us, tools.house.index_key)

    def run(self, ids: Collection[int] | None) -> Mapping[str, Collection[int]]:
        held = self._claim(ids)
        try:
            for one in self._load(held):
                became = self._read(one, held.attempts[one.id])
                with self.tools.database.write() as connection:
                    cases.settle(connection, held, one, became, self._who, self.tools.now())
                log.info("enclosure", trace=one.trace, enclosure=one.id, state=became.state)
        except (*Unavailable, OSError):
            # Database or disk are away: not the document's fault. Where even this cannot be
            # written, the claim runs out, and the sweep rings again.
            with self.tools.database.write() as connection:
                enclosures.give_back(connection, held, self.tools.now() + AWAY)
            raise
        return {}

    def overdue(self, limit: int) -> Collection[int]:
        with self.tools.database.write() as connection:
            return enclosures.overdue(connection, now=self.tools.now(), quiet=QUIET, limit=limit)

    def _claim(self, ids: Collection[int] | None) -> Claim:
        """One row, unless letters wait: then none, and the sweep rings again."""
        now = self.tools.now()
        with self.tools.database.write() as connection:
            if enclosures.letters_wait(connection, now):
                return Claim("", (), {})
            return enclosures.claim(connection, ids=ids, limit=1, now=now, hold=HOLD)

    def _load(self, held: Claim) -> list[Enclosure]:
        if not held.ids:
            return []
        with self.tools.database.read() as connection:
            return enclosures.load(connection, held.ids)

    def _read(self, one: Enclosure, attempts: int) -> Outcome:
        if attempts > self.tools.settings.workers.attempts:
            return Outcome(FAILED, detail=f"tried {attempts - 1} times", needs_review=True)
        with bound_contextvars(trace=one.trace, enclosure=one.id):
            try:
                body = self.tools.blobs.get(one.file.sha256)
                read = self.tools.read(_as_item(one, body)).message
            except KeyError:
                return Outcome(FAILED, detail="the blob store does not have its bytes")
            except ReadingFailed as error:
                return Outcome(FAILED, detail=error.detail, needs_review=True)
            except (*Unavailable, OSError):
                raise
            except Exception as error:  # a reader must not raise: a defect of ours
                log.exception("reader.failed", error=type(error).__name__, exc_info=False)
                return Outcome(FAILED, detail=f"the reader: {type(error).__name__}")
        return cases.outcome(one.file, storable(read))


def _as_item(one: Enclosure, body: bytes) -> RawItem:
    """Like a letter that was scanned; nothing of the mail around it says who wrote it."""
    facts = {"most_pages": str(cases.MOST_PAGES)}
    return RawItem(one.source_key, "post", body, one.received_at, facts)
