"""Pages that a person has to read: which wait, and what was read in them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, select, text, true, update

from storage import tables as t
from storage.keeping import is_restricted

Row = dict[str, Any]
MOST = 200
"""Applications that are looked through at once for the next page, and that are counted."""
_a, _c = t.application.c, t.correction.c


class Sheet(NamedTuple):
    """A document of an application. ``position``: of the file of its message; None: the message
    itself is pages. ``document``: what was read, in the stored form of a message."""

    application_id: int
    number: str
    message_id: int
    position: int | None
    enclosure_id: int | None
    document: Row | None


def waiting(
    connection: Connection, *, department: str | None, every: bool, after: int = 0
) -> list[tuple[int, str]]:
    """(id, number) of the next applications with pages to read, the oldest first: of one department
    and of none, or ``every``."""
    rows = connection.execute(
        select(_a.id, _a.number)
        .where(text("needs_review"), _readable(department, every=every), _a.id > after)
        .order_by(_a.id)
        .limit(MOST)
    )
    return [(row.id, row.number) for row in rows]


def count(connection: Connection, *, department: str | None, every: bool) -> int:
    """How many applications wait, as far as :data:`MOST`."""
    some = select(_a.id).where(text("needs_review"), _readable(department, every=every))
    counted = select(func.count()).select_from(some.limit(MOST).subquery())
    return connection.execute(counted).scalar_one()


def _readable(department: str | None, *, every: bool) -> ColumnElement[bool]:
    mine = true() if every else _a.department.is_(None) | (_a.department == department)
    return mine & ~is_restricted()


def sheets(connection: Connection, application_id: int) -> list[Sheet]:
    """The documents of an application in which something was read poorly, in the order in which
    they came."""
    m, e, f = t.message.c, t.enclosure.c, t.filing.c
    mine = f.application_id == application_id
    own = connection.execute(
        select(_a.number, m.id, m.document)
        .join(t.filing, f.message_id == m.id)
        .join(t.application, _a.id == f.application_id)
        .where(mine, f.how.not_in(("repeat", "machine")))
        .order_by(m.id)
    ).all()
    beside = connection.execute(
        select(_a.number, e.message_id, e.position, e.id, e.document)
        .join(t.filing, f.message_id == e.message_id)
        .join(t.application, _a.id == f.application_id)
        .where(mine, e.needs_review)
        .order_by(e.message_id, e.position)
    ).all()
    found = [
        *(
            Sheet(application_id, row.number, row.id, None, None, row.document)
            for row in own
            if row.document.get("needs_review")
        ),
        *(
            Sheet(application_id, row.number, row.message_id, row.position, row.id, row.document)
            for row in beside
        ),
    ]
    return sorted(found, key=lambda one: (one.message_id, one.position is not None))


def corrections(connection: Connection, message_ids: Collection[int]) -> list[Row]:
    """Pages that people read, oldest first: ``message_id, position, page, text, changed, at,
    by``; ``position`` as in :class:`Sheet`."""
    rows = connection.execute(
        select(t.correction, t.enclosure.c.position)
        .outerjoin(t.enclosure, t.enclosure.c.id == _c.enclosure_id)
        .where(_c.message_id.in_(message_ids))
        .order_by(_c.id)
    ).mappings()
    return [dict(row) for row in rows]


def keep(
    connection: Connection,
    sheet: Sheet,
    page: int,
    text_read: str,
    *,
    changed: bool,
    by: str,
    now: datetime,
) -> None:
    """What a person read in a page, beside what was read first."""
    said = {"page": page, "text": text_read, "changed": changed, "at": now, "by": by}
    of = {"message_id": sheet.message_id, "enclosure_id": sheet.enclosure_id}
    connection.execute(insert(t.correction).values(**of, **said))


def mark(connection: Connection, application_ids: Collection[int], *, waits: bool) -> None:
    """Whether pages wait in these applications. Their rows must be locked by the caller."""
    if application_ids:
        mine = _a.id.in_(application_ids)
        connection.execute(update(t.application).where(mine).values(needs_review=waits))
