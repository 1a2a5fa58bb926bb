"""Keys of programs that may apply for people: only digests are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from storage import tables as t

_USE_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Key:
    """A row of ``api_key``."""

    id: int
    name: str
    digest: str
    created_at: datetime
    created_by: str
    used_at: datetime | None
    revoked_at: datetime | None


def add(connection: Connection, name: str, digest: str, *, by: str, now: datetime) -> bool:
    """Keep a new key. False when there is one of this name, even a revoked one: its applications
    stay its own."""
    if connection.execute(select(t.api_key.c.id).where(t.api_key.c.name == name)).first():
        return False
    connection.execute(
        t.api_key.insert().values(name=name, digest=digest, created_at=now, created_by=by)
    )
    return True


def use(connection: Connection, digest: str, now: datetime) -> Key | None:
    """The key with this digest, unless it was revoked; notes now and then that it is used."""
    row = (
        connection.execute(
            select(t.api_key).where(t.api_key.c.digest == digest, t.api_key.c.revoked_at.is_(None))
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    connection.execute(
        update(t.api_key)
        .where(
            t.api_key.c.id == row["id"],
            or_(t.api_key.c.used_at.is_(None), t.api_key.c.used_at < now - _USE_NOTED_EVERY),
        )
        .values(used_at=now)
    )
    return Key(**row)


def all_of(connection: Connection) -> list[Key]:
    rows = connection.execute(select(t.api_key).order_by(t.api_key.c.name)).mappings()
    return [Key(**row) for row in rows]


def revoke(connection: Connection, name: str, now: datetime) -> bool:
    """The key opens nothing any more. False: there is none, or it was revoked before."""
    moved = connection.execute(
        update(t.api_key)
        .where(t.api_key.c.name == name, t.api_key.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return moved.rowcount == 1
