"""Files on their way to us, piece by piece: a bad connection loses a piece and not the file.

The pieces stand in rows, which every portal on every machine sees and which can be deleted. A file
that no form ever named is gone after a day.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from storage import tables as t

KEPT = timedelta(days=1)
"""How long a file waits for the form that names it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way. ``token`` is what its sender holds; it opens nothing else."""

    id: int
    token: str = field(repr=False)
    owner: str
    name: str = field(repr=False)
    size: int
    received: int
    content_type: str
    at: datetime

    @property
    def is_whole(self) -> bool:
        return self.received == self.size


def begin(
    connection: Connection, token: str, name: str, size: int, *, owner: str = "", now: datetime
) -> None:
    """Announce a file of ``size`` bytes; forgets those that nobody named in time."""
    forget(connection, now - KEPT)
    connection.execute(
        t.upload.insert().values(token=token, owner=owner, name=name, size=size, at=now)
    )


def find(connection: Connection, token: str, *, owner: str = "") -> Upload | None:
    row = connection.execute(_mine([token], owner)).mappings().first()
    return Upload(**row) if row else None


def find_all(connection: Connection, tokens: Collection[str], *, owner: str = "") -> list[Upload]:
    """Those that are there, in the order in which they were announced."""
    rows = connection.execute(_mine(tokens, owner).order_by(t.upload.c.id)).mappings()
    return [Upload(**row) for row in rows]


def add_piece(connection: Connection, upload: Upload, start: int, body: bytes) -> int | None:
    """Keep one piece. Returns how many bytes we have now; None when ``start`` is not where we are,
    which a sender that was cut off asks first."""
    moved = connection.execute(
        update(t.upload)
        .where(
            t.upload.c.id == upload.id,
            t.upload.c.received == start,
            t.upload.c.size >= start + len(body),
        )
        .values(received=start + len(body))
    )
    if moved.rowcount != 1:
        return None
    if body:
        connection.execute(
            t.upload_chunk.insert().values(upload_id=upload.id, start=start, body=body)
        )
    return start + len(body)


def name_type(connection: Connection, upload: Upload, content_type: str) -> None:
    """What the whole file turned out to be."""
    connection.execute(
        update(t.upload).where(t.upload.c.id == upload.id).values(content_type=content_type)
    )


def content(connection: Connection, upload: Upload) -> bytes:
    rows = connection.execute(
        select(t.upload_chunk.c.body)
        .where(t.upload_chunk.c.upload_id == upload.id)
        .order_by(t.upload_chunk.c.start)
    )
    return b"".join(rows.scalars())


def drop(connection: Connection, tokens: Collection[str], *, owner: str = "") -> None:
    """They are in the blob store now, or their sender took them back."""
    ids = select(t.upload.c.id).where(t.upload.c.token.in_(tokens), t.upload.c.owner == owner)
    connection.execute(delete(t.upload_chunk).where(t.upload_chunk.c.upload_id.in_(ids)))
    connection.execute(
        delete(t.upload).where(t.upload.c.token.in_(tokens), t.upload.c.owner == owner)
    )


def forget(connection: Connection, before: datetime) -> None:
    """Delete what was announced before then."""
    old = select(t.upload.c.id).where(t.upload.c.at < before)
    connection.execute(delete(t.upload_chunk).where(t.upload_chunk.c.upload_id.in_(old)))
    connection.execute(delete(t.upload).where(t.upload.c.at < before))


def waiting_bytes(connection: Connection) -> int:
    """What all files on their way may take up together once they are whole."""
    total = connection.execute(select(func.coalesce(func.sum(t.upload.c.size), 0))).scalar_one()
    return int(total)


def _mine(tokens: Collection[str], owner: str) -> Select[Any]:
    return select(t.upload).where(t.upload.c.token.in_(tokens), t.upload.c.owner == owner)
