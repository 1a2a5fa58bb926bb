"""What a virus scanner said of files, by their SHA-256."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from storage import tables as t
from storage.dialect import among, insert

State = Literal["clean", "found", "too_big"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``name``: what was found."""

    state: State
    name: str
    at: datetime


def of(connection: Connection, hashes: Collection[str]) -> dict[str, Verdict]:
    """SHA-256 -> what was said; those that nobody was asked about are not in it."""
    if not hashes:
        return {}
    rows = connection.execute(select(t.scan).where(among(t.scan.c.sha256, hashes)))
    return {row.sha256: Verdict(row.state, row.name, row.at) for row in rows}


def keep(connection: Connection, sha256: str, state: State, name: str, now: datetime) -> Verdict:
    """The newest answer counts."""
    values = {"state": state, "name": name, "at": now}
    row = insert(connection, t.scan).values(sha256=sha256, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["sha256"], set_=values))
    return Verdict(state, name, now)


def unknown(connection: Connection, limit: int) -> list[str]:
    """Attached files that nobody was asked about, the newest first, each content once."""
    a = t.attachment.c
    rows = connection.execute(
        select(a.sha256)
        .outerjoin(t.scan, t.scan.c.sha256 == a.sha256)
        .where(t.scan.c.sha256.is_(None))
        .order_by(a.message_id.desc(), a.position)
        .limit(limit)
    )
    return list(dict.fromkeys(rows.scalars()))
