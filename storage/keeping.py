"""Holds, restrictions, and the end of an application's personal data."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, delete, or_, select, update

from storage import tables as t
from storage.dialect import chunks, insert

Rows = dict[str, int]


def put_hold(
    connection: Connection, application_id: int, reason: str, *, by: str, now: datetime
) -> bool:
    """False when it is held already."""
    _row(connection, application_id)
    one = t.keeping.c
    return bool(
        connection.execute(
            update(t.keeping)
            .where(one.application_id == application_id, one.hold_since.is_(None))
            .values(hold_since=now, hold_by=by, hold_reason=reason)
        ).rowcount
    )


def lift_hold(connection: Connection, application_id: int) -> bool:
    one = t.keeping.c
    return bool(
        connection.execute(
            update(t.keeping)
            .where(one.application_id == application_id, one.hold_since.is_not(None))
            .values(hold_since=None, hold_by=None, hold_reason="")
        ).rowcount
    )


def restrict(
    connection: Connection, application_id: int, reason: str, *, by: str, now: datetime
) -> None:
    _row(connection, application_id)
    connection.execute(
        update(t.keeping)
        .where(t.keeping.c.application_id == application_id)
        .values(restricted_at=now, restricted_by=by, restrict_reason=reason)
    )


def unrestrict(connection: Connection, application_id: int) -> bool:
    one = t.keeping.c
    return bool(
        connection.execute(
            update(t.keeping)
            .where(one.application_id == application_id, one.restricted_at.is_not(None))
            .values(restricted_at=None, restricted_by=None, restrict_reason="")
        ).rowcount
    )


def is_restricted() -> ColumnElement[bool]:
    """A condition on ``application``, for lists: hidden from ordinary users."""
    one = t.keeping.c
    mine = (one.application_id == t.application.c.id) & one.restricted_at.is_not(None)
    return select(one.application_id).where(mine).exists()


def has_open_proceeding(connection: Connection, application_id: int) -> bool:
    one = t.proceeding.c
    found = select(one.id).where(one.application_id == application_id, one.closed_on.is_(None))
    return connection.execute(found.limit(1)).first() is not None


def _row(connection: Connection, application_id: int) -> None:
    row = insert(connection, t.keeping).values(application_id=application_id)
    connection.execute(row.on_conflict_do_nothing())


def due(
    connection: Connection, limits: Mapping[str, datetime], limit: int
) -> list[tuple[int, str]]:
    """(application id, rule): closed before the limit of their type, not held, not yet erased."""
    type_, closed_at = t.application.c.type, t.closing.c.closed_at
    known = [name for name in limits if name != "other"]
    over = or_(
        type_.not_in(known) & (closed_at < limits["other"]),
        *((type_ == name) & (closed_at < limits[name]) for name in known),
    )
    rule = case((type_.in_(known), type_), else_="other")
    rows = connection.execute(
        select(t.application.c.id, rule)
        .join(t.closing, t.closing.c.application_id == t.application.c.id)
        .where(t.closing.c.reopened_at.is_(None), over, _free())
        .order_by(closed_at)
        .limit(limit)
    )
    return [(row[0], f"retention:{row[1]}") for row in rows]


def _free() -> ColumnElement[bool]:
    """Neither held nor erased, and before no court."""
    one, other = t.keeping.c, t.proceeding.c
    kept = select(one.application_id).where(
        one.application_id == t.application.c.id,
        one.hold_since.is_not(None) | one.erased_at.is_not(None),
    )
    open_ = select(other.id).where(
        other.application_id == t.application.c.id, other.closed_on.is_(None)
    )
    return ~kept.exists() & ~open_.exists()


def may_erase(connection: Connection, application_id: int) -> bool:
    """Locks the application; whether it is closed, and nothing holds it."""
    found = connection.execute(
        select(t.application.c.status)
        .where(t.application.c.id == application_id, _free())
        .with_for_update(of=t.application)
    ).first()
    return found is not None and found.status == "closed"


def erase(connection: Connection, application_id: int, now: datetime) -> tuple[Rows, int]:
    """Everything that names a person, in this application and in those joined into it.

    Returns changed rows by table, and how many blobs are to be deleted. Blobs that another
    application needs stay.
    """
    ids = _with_joined(connection, application_id)
    messages = _messages(connection, ids)
    doomed = _blobs(connection, ids, messages)
    rows = _forget_messages(connection, messages)
    for table, values in _EMPTY.items():
        which = table.c.id if table is t.application else table.c.application_id
        done = connection.execute(update(table).where(which.in_(ids)).values(**values))
        rows[table.name] = done.rowcount
    rows["callback"] = _forget_receipts(connection, ids)
    for one in ids:
        _row(connection, one)
    connection.execute(
        update(t.keeping).where(t.keeping.c.application_id.in_(ids)).values(erased_at=now)
    )
    return rows, _doom(connection, doomed, now)


_EMPTY: Mapping[Table, Mapping[str, Any]] = {
    t.application: {
        "subject": "",
        "applicant_name": None,
        "applicant_email": None,
        "applicant_phone": None,
    },
    t.outbox: {"recipient": "", "text": "", "in_reply_to": None, "envelope": {}},
    t.answer: {"reasons": "", "text": "", "recipient": "", "decision_note": "", "content": {}},
    t.question: {"text": ""},
    t.call_attempt: {"note": ""},
    t.note: {"text": ""},
    t.representative: {"name": "", "document": None},
    t.closing: {"reason": "", "reopen_reason": ""},
    t.verdict: {"comment": ""},
    t.survey: {"comment": "", "token_hash": None},
    t.proceeding: {"file_number": ""},
    t.lookup: {"asked": {}, "found": {}, "detail": ""},
    t.assessment: {"reason": ""},
    t.consultation: {"question": "", "answer": ""},
    t.conflict: {"reason": ""},
    t.finding: {"whys": []},
    t.call: {"caller": "", "recording": ""},
}
"""What is left of each row when the person is gone."""


def _with_joined(connection: Connection, application_id: int) -> list[int]:
    joined = select(t.application.c.id).where(t.application.c.duplicate_of == application_id)
    return [application_id, *connection.execute(joined).scalars()]


def _messages(connection: Connection, ids: list[int]) -> list[tuple[int, int]]:
    """(message id, raw id) of these applications."""
    rows = connection.execute(
        select(t.message.c.id, t.message.c.raw_id)
        .join(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(t.filing.c.application_id.in_(ids))
    )
    return [(row.id, row.raw_id) for row in rows]


def _blobs(connection: Connection, ids: list[int], messages: list[tuple[int, int]]) -> set[str]:
    """Hashes of everything that these applications are the reason to keep."""
    found = set()
    for some in chunks(messages):
        message_ids, raw_ids = [m for m, _ in some], [r for _, r in some]
        raw = select(t.raw_item.c.sha256).where(t.raw_item.c.id.in_(raw_ids))
        files = select(t.attachment.c.sha256).where(t.attachment.c.message_id.in_(message_ids))
        found |= {*connection.execute(raw).scalars(), *connection.execute(files).scalars()}
    letters = select(t.letter.c.sha256).where(t.letter.c.application_id.in_(ids))
    contents = select(t.answer.c.content).where(t.answer.c.application_id.in_(ids))
    for content in connection.execute(contents).scalars():
        found |= {file["sha256"] for file in content.get("files", ())}
    return found | set(connection.execute(letters).scalars())


_OF_MESSAGES = (
    "message",
    "search_text",
    "correction",
    "enclosure",
    "attachment",
    "person_key",
    "raw_item",
)


def _forget_messages(connection: Connection, messages: list[tuple[int, int]]) -> Rows:
    """Texts, files and keys of messages. Of the raw item the row stays, for the ledger; its facts
    and its bytes go: the one change that a raw item ever sees."""
    rows = dict.fromkeys(_OF_MESSAGES, 0)
    for some in chunks(messages):
        message_ids, raw_ids = [m for m, _ in some], [r for _, r in some]
        left: dict[str, Any] = {"match_text": "", "things": [], "message_id": None}
        left["document"] = {"source": "", "kind": "erased"}
        for table, statement in (
            ("message", update(t.message).where(t.message.c.id.in_(message_ids)).values(left)),
            ("raw_item", update(t.raw_item).where(t.raw_item.c.id.in_(raw_ids)).values(facts={})),
            (
                "search_text",
                delete(t.search_text).where(t.search_text.c.message_id.in_(message_ids)),
            ),
            ("correction", delete(t.correction).where(t.correction.c.message_id.in_(message_ids))),
            ("enclosure", delete(t.enclosure).where(t.enclosure.c.message_id.in_(message_ids))),
            ("attachment", delete(t.attachment).where(t.attachment.c.message_id.in_(message_ids))),
            ("person_key", delete(t.person_key).where(t.person_key.c.message_id.in_(message_ids))),
        ):
            rows[table] += connection.execute(statement).rowcount
    return rows


def _forget_receipts(connection: Connection, ids: list[int]) -> int:
    """What providers posted about our SMS names the phone."""
    references = select(t.outbox.c.reference).where(t.outbox.c.application_id.in_(ids))
    gone = delete(t.callback).where(t.callback.c.reference.in_(references))
    return connection.execute(gone).rowcount


def _doom(connection: Connection, hashes: set[str], now: datetime) -> int:
    """Mark the bytes that nothing else needs; the store deletes them after the commit."""
    doomed = sorted(one for one in hashes if not _needed(connection, one))
    for some in chunks(doomed):
        rows = [{"sha256": one, "at": now} for one in some]
        connection.execute(insert(connection, t.doomed_blob).on_conflict_do_nothing(), rows)
    return len(doomed)


def _needed(connection: Connection, sha256: str) -> bool:
    """Whether something that was not erased still needs these bytes."""
    kept = t.keeping.c
    erased = select(kept.application_id).where(kept.erased_at.is_not(None))
    raw = (
        select(t.raw_item.c.id)
        .outerjoin(t.message, t.message.c.raw_id == t.raw_item.c.id)
        .outerjoin(t.filing, t.filing.c.message_id == t.message.c.id)
        .where(
            t.raw_item.c.sha256 == sha256,
            t.filing.c.application_id.is_(None) | t.filing.c.application_id.not_in(erased),
        )
    )
    files = select(t.attachment.c.message_id).where(t.attachment.c.sha256 == sha256)
    letters = select(t.letter.c.outbox_id).where(
        t.letter.c.sha256 == sha256, t.letter.c.application_id.not_in(erased)
    )
    return any(connection.execute(one.limit(1)).first() for one in (raw, files, letters))


def doomed(connection: Connection, limit: int) -> list[str]:
    """Bytes that are to be deleted from the store."""
    one = t.doomed_blob.c
    return list(connection.execute(select(one.sha256).order_by(one.at).limit(limit)).scalars())


def still_doomed(connection: Connection, sha256: str) -> bool:
    """Asked again before the bytes go: the same bytes may have come in anew."""
    return not _needed(connection, sha256)


def deleted(connection: Connection, sha256: str) -> None:
    connection.execute(delete(t.doomed_blob).where(t.doomed_blob.c.sha256 == sha256))


def log(
    connection: Connection,
    application_id: int,
    rule: str,
    rows: Rows,
    blobs: int,
    *,
    by: str,
    now: datetime,
) -> None:
    connection.execute(
        t.disposal.insert().values(
            application_id=application_id, at=now, by=by, rule=rule, rows=rows, blobs=blobs
        )
    )


def disposals(connection: Connection, limit: int = 100) -> list[Mapping[str, Any]]:
    """The log of destruction, newest first."""
    rows = connection.execute(
        select(t.disposal, t.application.c.number)
        .join(t.application, t.application.c.id == t.disposal.c.application_id)
        .order_by(t.disposal.c.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]


def held(connection: Connection, limit: int = 200) -> list[Mapping[str, Any]]:
    """Applications that nothing is erased of, the newest hold first."""
    return _kept(connection, t.keeping.c.hold_since, limit)


def restricted(connection: Connection, limit: int = 200) -> list[Mapping[str, Any]]:
    """Applications that ordinary users do not see, the newest first."""
    return _kept(connection, t.keeping.c.restricted_at, limit)


def _kept(connection: Connection, since: Any, limit: int) -> list[Mapping[str, Any]]:
    a = t.application.c
    rows = connection.execute(
        select(t.keeping, a.number, a.type, a.status, a.department)
        .join(t.application, a.id == t.keeping.c.application_id)
        .where(since.is_not(None))
        .order_by(since.desc())
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]


def requests(connection: Connection, statuses: Collection[str]) -> list[Mapping[str, Any]]:
    """Data-protection requests in these states, the first due first."""
    a = t.application.c
    rows = connection.execute(
        select(a.id, a.number, a.status, a.department, a.received_at, a.legal_due_at)
        .where(a.type == "data_protection", a.status.in_(statuses), a.duplicate_of.is_(None))
        .order_by(a.legal_due_at, a.id)
    )
    return [dict(row) for row in rows.mappings()]
