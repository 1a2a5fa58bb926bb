"""Is everything still as it was written? Blobs, history, ledger, and what hangs together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from storage import verifying, views
from storage.blobs import BlobStore
from storage.engine import Database

SETTLED = timedelta(days=1)
"""A blob is put before its row is committed; one that is older than this has no row any more."""

Progress = Callable[[str, int, int], None]
"""(what is looked at, how many are done, of how many)."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Nobody looks on."""


@dataclass(frozen=True, slots=True)
class Problem:
    kind: str
    """``blob-missing``, ``blob-changed``, ``history``, ``ledger``, ``filing`` or ``number``."""
    what: str


@dataclass(slots=True)
class Report:
    """What was looked at, and what is wrong. ``orphans``: bytes that no row needs, which is
    untidy and not wrong."""

    blobs: int = 0
    events: int = 0
    days: int = 0
    orphans: int = 0
    orphan_bytes: int = 0
    problems: list[Problem] = field(default_factory=list)


def verify(
    database: Database, blobs: BlobStore, now: datetime, progress: Progress = silent
) -> Report:
    """Look at everything. Raises: storage.engine.Unavailable, OSError when it cannot."""
    report = Report()
    report.problems += _blobs(database, blobs, now, report, progress)
    with database.read() as connection:
        total = verifying.count_events(connection)
        for broken in verifying.walk_history(connection):
            report.events += 1
            progress("history", report.events, total)
            if broken:
                what = f"application {broken.application_id}, event {broken.seq}"
                report.problems.append(Problem("history", what))
    with database.read() as connection:
        days = views.ledger(connection)
        messages = verifying.filings_without_raw(connection)
        numbers = verifying.numbers_without_record(connection)
    report.days = len(days)
    unbalanced = [f"{day['channel']}, {day['day']}" for day in days if not day["balances"]]
    report.problems += [Problem("ledger", one) for one in unbalanced]
    report.problems += [Problem("filing", f"message {one}") for one in messages]
    report.problems += [Problem("number", one) for one in numbers]
    return report


def needed(database: Database) -> set[str]:
    """The blobs that rows need now."""
    with database.read() as connection:
        return set(verifying.named_blobs(connection))


def _blobs(
    database: Database, blobs: BlobStore, now: datetime, report: Report, progress: Progress
) -> Iterator[Problem]:
    names, seen = needed(database), set()
    for one in blobs.stored():
        if one.key not in names:
            old = now - one.at > SETTLED
            report.orphans += old
            report.orphan_bytes += one.size if old else 0
            continue
        seen.add(one.key)
        report.blobs += 1
        progress("blobs", report.blobs, len(names))
        if not _is_whole(blobs, one.key):
            yield Problem("blob-changed", one.key)
    if missing := names - seen:
        # meanwhile the law may have taken some
        missing &= needed(database)
        yield from (Problem("blob-missing", key) for key in sorted(missing))


def _is_whole(blobs: BlobStore, key: str) -> bool:
    try:
        return sha256(blobs.get(key)).hexdigest() == key
    except KeyError:
        return True  # it went while we walked; if it is needed, it is missing the next time
