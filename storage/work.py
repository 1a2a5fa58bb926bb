"""Raw items on their way through the stages, and those that no stage could see to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, update

from ingest.contract import ANNOUNCED
from storage import claims
from storage import tables as t
from storage.dialect import among, insert_all


@dataclass(frozen=True, slots=True)
class Poison:
    """Why an item is set aside. ``cause`` is a short code, ``detail`` a sentence without personal
    data; both are shown to operators."""

    cause: str
    detail: str = ""


def claim(
    connection: Connection,
    stage: str,
    queue: str,
    *,
    ids: Collection[int] | None,
    limit: int,
    now: datetime,
    hold: timedelta,
    fresh: bool,
) -> claims.Claim:
    """``fresh``: rows that were never tried; else rows that were, which are to be claimed one at
    a time, since such a row may be one that kills its worker."""
    tried = t.work.c.attempts == 0 if fresh else t.work.c.attempts > 0
    wanted = (t.work.c.stage == stage) & (t.work.c.queue == queue) & tried
    return claims.claim(connection, t.work, wanted, ids=ids, limit=limit, now=now, hold=hold)


def still_ours(connection: Connection, held: claims.Claim, ids: Collection[int]) -> set[int]:
    """Lock the rows that nobody took over meanwhile, until the transaction ends."""
    return claims.still_ours(connection, t.work, held, ids)


def pass_on(
    connection: Connection, held: claims.Claim, ids: Collection[int], stage: str, now: datetime
) -> set[int]:
    """Hand rows to the next stage; its queue has its name. Returns those that were still ours."""
    return claims.release(
        connection,
        t.work,
        held,
        ids,
        stage=stage,
        queue=stage,
        attempts=0,
        due_at=now,
        rung_at=now,
    )


def put_off(
    connection: Connection, held: claims.Claim, ids: Collection[int], due_at: datetime
) -> None:
    """Give rows back, to be tried again from ``due_at`` on."""
    claims.release(connection, t.work, held, ids, due_at=due_at, rung_at=None)


def give_back(
    connection: Connection, held: claims.Claim, ids: Collection[int], due_at: datetime
) -> None:
    """Like :func:`put_off`, for rows that could not be tried: the attempt does not count."""
    attempts = t.work.c.attempts - 1
    claims.release(connection, t.work, held, ids, due_at=due_at, rung_at=None, attempts=attempts)


def finish(connection: Connection, held: claims.Claim, ids: Collection[int]) -> None:
    """Nothing more is to be done with these rows: what became of them is stored elsewhere."""
    if ids:
        mine = among(t.work.c.raw_id, ids) & (t.work.c.claim == held.token)
        connection.execute(delete(t.work).where(mine))


def set_aside(
    connection: Connection,
    held: claims.Claim,
    stage: str,
    poison: Mapping[int, Poison],
    now: datetime,
) -> None:
    """Move rows to the quarantine, where they stay until a person decides."""
    ours = still_ours(connection, held, list(poison))
    rows = [
        {
            "raw_id": i,
            "stage": stage,
            "cause": p.cause,
            "detail": p.detail,
            "at": now,
            "refetch": p.cause == ANNOUNCED,
        }
        for i, p in poison.items()
        if i in ours
    ]
    if rows:
        insert_all(connection, t.quarantine, rows, or_ignore=True)
    finish(connection, held, ours)


def note(
    connection: Connection, held: claims.Claim, what: Mapping[int, str], now: datetime
) -> None:
    """Rows that are no matter of an applicant: ``ours``, or a ``mark`` on what we never had."""
    ours = still_ours(connection, held, list(what))
    rows = [{"raw_id": i, "what": what[i], "at": now} for i in sorted(ours)]
    insert_all(connection, t.noted, rows, or_ignore=True)
    finish(connection, held, ours)


def overdue(
    connection: Connection, queue: str, *, now: datetime, quiet: timedelta, limit: int
) -> list[int]:
    """Rows of a queue that nobody answered for, to be rung for again."""
    wanted = t.work.c.queue == queue
    return list(
        claims.overdue(connection, t.work, wanted, now=now, rung_before=now - quiet, limit=limit)
    )


def hasten(connection: Connection, now: datetime) -> int:
    """Make everything that was put off due now (an operator mended the cause)."""
    later = t.work.c.due_at > now
    return connection.execute(update(t.work).where(later).values(due_at=now, rung_at=None)).rowcount
