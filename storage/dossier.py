"""Everything that is known of one application, for the page on which people work on it.

Reads only; each function is a query or two by application, whatever the number of applications.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage import enclosures, reading_desk
from storage import tables as t

Row = dict[str, Any]


def find(connection: Connection, number: str) -> Row | None:
    """The application with this number (ten digits), and whether its use is restricted."""
    row = (
        connection.execute(
            select(t.application, t.keeping.c.restricted_at, t.keeping.c.erased_at)
            .outerjoin(t.keeping, t.keeping.c.application_id == t.application.c.id)
            .where(t.application.c.number == number)
        )
        .mappings()
        .first()
    )
    return dict(row) if row else None


def number_of(connection: Connection, application_id: int) -> str | None:
    wanted = select(t.application.c.number).where(t.application.c.id == application_id)
    return connection.execute(wanted).scalar()


def messages(connection: Connection, application_id: int) -> list[Row]:
    """What came, in order, with ``files``, ``documents`` (attached letters that were read) and
    ``read``: position of the file, or None -> page -> the page as a person read it."""
    columns = ("id", "channel", "kind", "received_at", "document")
    rows = connection.execute(
        select(
            *(t.message.c[name] for name in columns),
            t.filing.c.how,
            t.filing.c.score,
            t.filing.c.reasons,
            t.filing.c.by,
            t.raw_item.c.sha256,
        )
        .join(t.filing, t.filing.c.message_id == t.message.c.id)
        .join(t.raw_item, t.raw_item.c.id == t.message.c.raw_id)
        .where(t.filing.c.application_id == application_id)
        .order_by(t.message.c.received_at, t.message.c.id)
    ).mappings()
    found = [dict(row) for row in rows]
    ids = [one["id"] for one in found]
    files, documents = _files(connection, ids), enclosures.of_messages(connection, ids)
    read = _read_by_people(connection, ids)
    return [
        one
        | {"files": files.get(one["id"], []), "documents": documents.get(one["id"], [])}
        | {"read": read.get(one["id"], {})}
        for one in found
    ]


def _read_by_people(
    connection: Connection, message_ids: Sequence[int]
) -> dict[int, dict[int | None, dict[int, Row]]]:
    out: dict[int, dict[int | None, dict[int, Row]]] = {}
    for one in reading_desk.corrections(connection, message_ids):
        pages = out.setdefault(one["message_id"], {}).setdefault(one["position"], {})
        pages[one["page"]] = one
    return out


def _files(connection: Connection, message_ids: Sequence[int]) -> dict[int, list[Row]]:
    out: dict[int, list[Row]] = {}
    rows = connection.execute(
        select(t.attachment)
        .where(t.attachment.c.message_id.in_(message_ids))
        .order_by(t.attachment.c.message_id, t.attachment.c.position)
    )
    for row in rows.mappings():
        out.setdefault(row["message_id"], []).append(dict(row))
    return out


def files(connection: Connection, application_id: int) -> list[Row]:
    """Every file that came with its messages: ``name, sha256``, each content once."""
    rows = connection.execute(
        select(t.attachment.c.name, t.attachment.c.sha256)
        .join(t.filing, t.filing.c.message_id == t.attachment.c.message_id)
        .where(t.filing.c.application_id == application_id)
        .order_by(t.attachment.c.message_id, t.attachment.c.position)
    )
    return list({row.sha256: dict(row._mapping) for row in rows}.values())


def sent(connection: Connection, application_id: int) -> list[Row]:
    """What we wrote or owe, in order."""
    names = ("id", "purpose", "medium", "recipient", "text", "state", "detail", "envelope")
    moments = ("created_at", "submitted_at", "settled_at")
    rows = connection.execute(
        select(*(t.outbox.c[name] for name in (*names, *moments)))
        .where(t.outbox.c.application_id == application_id)
        .order_by(t.outbox.c.id)
    )
    return [dict(row) for row in rows.mappings()]


def calls(connection: Connection, application_id: int) -> list[Row]:
    """Attempts to phone the applicant, in order."""
    c = t.call_attempt.c
    rows = connection.execute(
        select(t.call_attempt).where(c.application_id == application_id).order_by(c.id)
    )
    return [dict(row) for row in rows.mappings()]


def history(connection: Connection, application_id: int) -> list[Row]:
    c = t.event.c
    rows = connection.execute(
        select(c.seq, c.at, c.kind, c.actor, c.data)
        .where(c.application_id == application_id)
        .order_by(c.seq)
    )
    return [dict(row) for row in rows.mappings()]


def suggested(connection: Connection, application_id: int) -> list[Row]:
    """Messages of other applications that may be this matter, and the other way round."""
    s, mine = t.suggestion.c, t.filing.c
    of_mine = select(mine.message_id).where(mine.application_id == application_id)
    rows = connection.execute(
        select(s.id, s.message_id, s.application_id, s.score, s.reasons)
        .where(s.state == "open")
        .where((s.application_id == application_id) | s.message_id.in_(of_mine))
        .order_by(s.score.desc(), s.id)
    ).mappings()
    return [dict(row) | _other(connection, dict(row), application_id) for row in rows]


def _other(connection: Connection, row: Row, application_id: int) -> Row:
    """The application on the other side of a suggestion."""
    other = row["application_id"]
    if other == application_id:
        filed = select(t.filing.c.application_id).where(t.filing.c.message_id == row["message_id"])
        other = connection.execute(filed).scalar()
    return {"number": number_of(connection, other) if other else None}


def joined_from(connection: Connection, application_id: int) -> list[str]:
    """Numbers of the applications that were joined into this one."""
    c = t.application.c
    rows = connection.execute(
        select(c.number).where(c.duplicate_of == application_id).order_by(c.id)
    )
    return [row.number for row in rows]


def revealed_since(
    connection: Connection, login: str, application_id: int, since: datetime
) -> datetime | None:
    """When this colleague last had the data of this application shown whole, if since then."""
    c = t.view_log.c
    newest = (
        select(c.at)
        .where(c.login == login, c.application_id == application_id, c.what == "revealed")
        .where(c.at >= since)
        .order_by(c.at.desc())
        .limit(1)
    )
    found: datetime | None = connection.execute(newest).scalar()
    return found


def original(connection: Connection, application_id: int, message_id: int) -> Row | None:
    """Hash and kind of what a message of this application was made from."""
    row = connection.execute(
        select(t.raw_item.c.sha256, t.raw_item.c.size, t.message.c.kind)
        .join(t.message, t.message.c.raw_id == t.raw_item.c.id)
        .join(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(t.filing.c.application_id == application_id, t.message.c.id == message_id)
    ).first()
    return dict(row._mapping) if row else None


def attachment(
    connection: Connection, application_id: int, message_id: int, position: int
) -> Row | None:
    """One file of a message of this application."""
    row = connection.execute(
        select(t.attachment)
        .join(t.filing, t.filing.c.message_id == t.attachment.c.message_id)
        .where(t.filing.c.application_id == application_id)
        .where(t.attachment.c.message_id == message_id, t.attachment.c.position == position)
    ).first()
    return dict(row._mapping) if row else None
