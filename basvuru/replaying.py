"""Rebuilding applications from raw items in a scratch database, and comparing.

The same stages run over copies of the raw rows; the sending stages do not, so nobody is told
anything. An unchanged version over unchanged settings gives no difference.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from basvuru.bootstrap import Application
from config import clock
from storage import replaying
from storage.engine import Database
from storage.messages import RawRow
from storage.replaying import Fate
from storage.schema import upgrade
from workers.pipeline import stages

BATCH = 50
STAGES = ("mail", "social", "pages", "record", "enclosures")


def replay(
    app: Application, scratch: Database, since: datetime | None, progress: Callable[[int], None]
) -> int:
    """Rebuild into ``scratch``, which must be empty. Returns how many raw items went through.

    Items from one duplicate window before ``since`` are rebuilt too, so that what was attached to
    them finds them again.
    """
    upgrade(scratch)
    moment = [clock.now()]
    tools = replace(app.tools, database=scratch, now=lambda: moment[0])
    way = stages(tools)
    window = timedelta(days=app.settings.duplicates.window_days)
    done = 0
    with app.database.read_long() as connection:
        raws = replaying.raw_since(connection, since and since - window)
        for batch in _batches(raws):
            moment[0] = batch[-1].landed_at
            with scratch.write() as target:
                queues = [app.queue_of(raw.kind) for raw in batch]
                replaying.copy_in(target, batch, queues, moment[0])
            for queue in STAGES:
                for _ in batch:
                    way[queue].run(None)
            done += len(batch)
            progress(done)
    return done


def differences(
    app: Application, scratch: Database, since: datetime | None
) -> Iterator[tuple[Fate, Fate | None, str]]:
    """(before, after, what differs) for every raw item that came out differently.

    What a person decided, and what still waits, is no difference; nor is which of two messages
    opened the application that both are in, since that depends on which was read first.
    """
    with app.database.read() as connection, scratch.read() as other:
        before, after = replaying.fates(connection, since), replaying.fates(other, since)
    for raw_id, fate in before.items():
        new = after.get(raw_id)
        if fate.by_person:
            continue
        what = _differs(fate, new)
        if what:
            yield fate, new, what


def _differs(old: Fate, new: Fate | None) -> str:
    if new is None:
        return "not rebuilt"
    if (old.matter is None) != (new.matter is None):
        return f"{old.how} before, {new.how} now"
    if old.matter != new.matter:
        return "belongs to another application"
    return "read differently" if _content(old.document) != _content(new.document) else ""


def _content(document: Any) -> Any:
    """What was read, without how long that took."""
    if not document or "pages" not in document:
        return document
    pages = [{k: v for k, v in page.items() if k != "seconds"} for page in document["pages"]]
    return document | {"pages": pages}


def _batches(raws: Iterator[RawRow]) -> Iterator[list[RawRow]]:
    while batch := list(islice(raws, BATCH)):
        yield batch
