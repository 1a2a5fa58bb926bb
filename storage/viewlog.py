"""Who saw or changed what: append-only, each row chained to the one before by hash.

Rows hold ids, names of fields, logins and reasons; never what was seen.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from storage import tables as t
from storage.dialect import lock_keys
from storage.events import FIRST

_LOCK = 0x766965776C6F67  # "viewlog": one appends at a time


@dataclass(frozen=True, slots=True)
class View:
    """One thing that somebody saw or did. ``what``: ``viewed``, ``revealed``, ``searched``,
    ``exported``, ``raw``, ``signed_in``, ``staff_changed`` …"""

    login: str
    what: str
    application_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    place: str = ""


def append(connection: Connection, view: View, now: datetime) -> None:
    """Add one row, at the end of the transaction: others who append wait for its commit."""
    lock_keys(connection, [_LOCK])
    newest = select(t.view_log.c.seq, t.view_log.c.hash).order_by(t.view_log.c.seq.desc())
    last = connection.execute(newest.limit(1)).first()
    row: dict[str, Any] = {
        "seq": last.seq + 1 if last else 1,
        "at": now,
        "login": view.login,
        "what": view.what,
        "application_id": view.application_id,
        "data": dict(view.data),
        "reason": view.reason,
        "place": view.place[:64],
    }
    previous = last.hash if last else FIRST
    connection.execute(
        t.view_log.insert().values(**row, previous=previous, hash=chain_hash(previous, row))
    )


def chain_hash(previous: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the hash before and the row, as canonical JSON."""
    content = [
        row["seq"],
        row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        row["login"],
        row["what"],
        row["application_id"],
        row["data"],
        row["reason"],
        row["place"],
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256((previous + text).encode()).hexdigest()


def first_break(connection: Connection) -> int | None:
    """The ``seq`` of the first row that is not what was written, or is missing; None: whole."""
    expected, previous = 1, FIRST
    rows = connection.execution_options(yield_per=1000).execute(
        select(t.view_log).order_by(t.view_log.c.seq)
    )
    for row in map(dict, rows.mappings()):
        is_next = row["seq"] == expected and row["previous"] == previous
        if not is_next or row["hash"] != chain_hash(previous, row):
            return expected
        expected, previous = expected + 1, row["hash"]
    return None


def rows(
    connection: Connection,
    *,
    login: str = "",
    what: str = "",
    application_id: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> Iterator[Mapping[str, Any]]:
    """Newest first; ``before`` is the ``seq`` at which the page before this one ended."""
    c = t.view_log.c
    chosen = (
        select(t.view_log, t.application.c.number)
        .outerjoin(t.application, t.application.c.id == c.application_id)
        .order_by(c.seq.desc())
        .limit(limit)
    )
    for column, wanted in ((c.login, login), (c.what, what), (c.application_id, application_id)):
        chosen = chosen.where(column == wanted) if wanted else chosen
    if before is not None:
        chosen = chosen.where(c.seq < before)
    yield from (dict(row) for row in connection.execute(chosen).mappings())
