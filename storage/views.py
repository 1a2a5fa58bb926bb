"""What people and programs look at: read-only views of the same rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, case, func, select
from sqlalchemy.sql.elements import ColumnElement

from config.clock import start_of
from storage import enclosures
from storage import tables as t
from storage.dialect import local_day
from storage.outbox import OPEN_DUTY

Row = dict[str, Any]


def applications(
    connection: Connection, *, since: datetime | None = None, limit: int | None = None
) -> list[Row]:
    """Applications, oldest first, as ``basvuru applications --json`` publishes them."""
    chosen = select(t.application).order_by(t.application.c.id)
    if since is not None:
        chosen = chosen.where(t.application.c.recorded_at >= since)
    if limit is not None:
        newest = chosen.order_by(None).order_by(t.application.c.id.desc()).limit(limit).subquery()
        chosen = select(newest).order_by(newest.c.id)
    rows = connection.execute(chosen).mappings().all()
    ids = [row["id"] for row in rows]
    sources, counts = _sources(connection, ids), _counts(connection, ids)
    documents = enclosures.counts(connection, ids)
    owed, numbers = _acknowledgements(connection, ids), _numbers(connection, rows)
    return [
        {
            "number": row["number"],
            "id": row["id"],
            "type": row["type"],
            "status": row["status"],
            "channel": row["kind"],
            "account": row["channel"],
            "received_at": row["received_at"],
            "recorded_at": row["recorded_at"],
            "source_ids": sources.get(row["id"], []),
            "message_count": counts.get(row["id"], (0, 0))[0],
            "attachment_count": counts.get(row["id"], (0, 0))[1],
            "documents": documents.get(row["id"], dict.fromkeys(enclosures.STATES, 0)),
            "applicant": {
                "name": row["applicant_name"],
                "email": row["applicant_email"],
                "phone": row["applicant_phone"],
            },
            "subject": row["subject"],
            "duplicate_of": numbers.get(row["duplicate_of"]),
            "acknowledgement": owed.get(row["id"], {"state": "none", "channel": None, "at": None}),
            "needs_review": row["needs_review"],
            "department": row["department"],
            "legal_due_at": row["legal_due_at"],
            "sla_due_at": row["sla_due_at"],
        }
        for row in rows
    ]


def _sources(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """Every id by which a source knows a message: its source key, and a mail's Message-ID."""
    out: dict[int, list[str]] = {}
    for row in connection.execute(
        select(t.filing.c.application_id, t.raw_item.c.source_key, t.message.c.message_id)
        .join(t.message, t.message.c.id == t.filing.c.message_id)
        .join(t.raw_item, t.raw_item.c.id == t.message.c.raw_id)
        .where(_among(t.filing.c.application_id, ids))
        .order_by(t.message.c.id)
    ):
        known = out.setdefault(row.application_id, [])
        known += [i for i in (row.source_key, row.message_id) if i and i not in known]
    return out


NO_NEW_MESSAGE = ("repeat", "version", "deleted", "ours")
"""Filings that bring no further message of the applicant."""


def _counts(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """(messages, attachments) of the applicant, each once."""
    files = (
        select(t.attachment.c.message_id, func.count().label("files"))
        .group_by(t.attachment.c.message_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            t.filing.c.application_id,
            func.count(),
            func.coalesce(func.sum(files.c.files), 0),
        )
        .outerjoin(files, files.c.message_id == t.filing.c.message_id)
        .where(_among(t.filing.c.application_id, ids), t.filing.c.how.notin_(NO_NEW_MESSAGE))
        .group_by(t.filing.c.application_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def _acknowledgements(connection: Connection, ids: Sequence[int]) -> dict[int, Row]:
    moment = func.coalesce(
        t.outbox.c.settled_at,
        t.outbox.c.accepted_at,
        t.outbox.c.submitted_at,
        t.outbox.c.created_at,
    )
    rows = connection.execute(
        select(
            t.outbox.c.application_id,
            t.outbox.c.state,
            t.outbox.c.medium,
            moment.label("at"),
            t.outbox.c.detail,
        ).where(_among(t.outbox.c.application_id, ids), t.outbox.c.purpose == "received")
    )
    return {
        row.application_id: {
            "state": row.state,
            "channel": None if row.medium == "none" else row.medium,
            "at": row.at,
            "detail": row.detail,
        }
        for row in rows
    }


def _numbers(connection: Connection, rows: Iterable[Mapping[Any, Any]]) -> dict[int, str]:
    ids = [row["duplicate_of"] for row in rows if row["duplicate_of"]]
    if not ids:
        return {}
    found = connection.execute(
        select(t.application.c.id, t.application.c.number).where(t.application.c.id.in_(ids))
    )
    return {row.id: row.number for row in found}


def _among(column: ColumnElement[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """All of them lie between the first and the last; no list of thousands is sent."""
    if not ids:
        return column.is_(None)
    return column.between(min(ids), max(ids))


def ledger(connection: Connection, *, since: date | None = None) -> list[Row]:
    """Per channel and day: what was seen at the source, and what became of what landed.

    ``balances``: seen = landed + already had + refused, and landed = recorded + attached + ours +
    marks + quarantined + waiting. ``ours``: we wrote it; ``marks``: something that we never had
    was taken back. The left sides were counted when items landed, the right sides from the
    rows of the later stages.
    """
    rows = select(t.ledger).order_by(t.ledger.c.day, t.ledger.c.channel)
    if since is not None:
        rows = rows.where(t.ledger.c.day >= since)
    became = _became(connection, since)
    out = []
    for row in connection.execute(rows).mappings():
        parts = became.get((row["channel"], row["day"]), {})
        fate = {name: parts.get(name, 0) for name in _FATES}
        balances = row["seen"] == row["landed"] + row["already_had"] + row["refused"] and row[
            "landed"
        ] == sum(fate.values())
        out.append({**row, **fate, "balances": balances})
    return out


_FATES = ("recorded", "attached", "ours", "marks", "quarantined", "waiting")


def _became(connection: Connection, since: date | None) -> dict[tuple[str, date], dict[str, int]]:
    fate = case(
        (t.filing.c.how == "opened", "recorded"),
        ((t.filing.c.how == "ours") | (t.noted.c.what == "ours"), "ours"),
        (t.noted.c.what == "mark", "marks"),
        (t.filing.c.how.is_not(None), "attached"),
        (t.work.c.raw_id.is_not(None), "waiting"),
        (_ever_set_aside(), "quarantined"),
        else_="lost",
    ).label("fate")
    day = local_day(connection, t.raw_item.c.landed_at).label("day")
    rows = (
        select(t.raw_item.c.channel, day, fate, func.count().label("count"))
        .outerjoin(t.message, t.message.c.raw_id == t.raw_item.c.id)
        .outerjoin(t.filing, t.filing.c.message_id == t.message.c.id)
        .outerjoin(t.work, t.work.c.raw_id == t.raw_item.c.id)
        .outerjoin(t.noted, t.noted.c.raw_id == t.raw_item.c.id)
        .group_by(t.raw_item.c.channel, day, fate)
    )
    if since is not None:
        rows = rows.where(t.raw_item.c.landed_at >= start_of(since))
    out: dict[tuple[str, date], dict[str, int]] = {}
    for row in connection.execute(rows):
        out.setdefault((row.channel, row.day), {})[row.fate] = row[3]
    return out


def _ever_set_aside() -> ColumnElement[bool]:
    # as a set: asked of each row, it costs a look at the quarantine for each
    return t.raw_item.c.id.in_(select(t.quarantine.c.raw_id))


def queues(connection: Connection, now: datetime) -> list[Row]:
    """Per stage and queue: waiting, age of the oldest in seconds, held by a worker, put off."""
    held = t.work.c.claimed_until >= now
    rows = connection.execute(
        select(
            t.work.c.stage,
            t.work.c.queue,
            func.count().label("waiting"),
            func.min(t.raw_item.c.landed_at).label("oldest"),
            func.sum(case((held, 1), else_=0)).label("held"),
            func.sum(case((t.work.c.due_at > now, 1), else_=0)).label("put_off"),
        )
        .join(t.raw_item, t.raw_item.c.id == t.work.c.raw_id)
        .group_by(t.work.c.stage, t.work.c.queue)
        .order_by(t.work.c.stage, t.work.c.queue)
    )
    found = [dict(row) for row in rows.mappings()]
    if enclosed := enclosures.waiting(connection, now):
        found.append({"stage": "enclosures", "queue": "enclosures", **enclosed})
    return [_queue(row, now) for row in found]


def _queue(row: Row, now: datetime) -> Row:
    age = (now - row.pop("oldest")).total_seconds()
    return row | {"oldest_age": age, "held": int(row["held"]), "put_off": int(row["put_off"])}


def outbox(connection: Connection, now: datetime) -> list[Row]:
    """Per medium and state of what we owe: how many, and the age of the oldest in seconds."""
    rows = connection.execute(
        select(
            t.outbox.c.medium,
            t.outbox.c.state,
            func.count().label("count"),
            func.min(t.outbox.c.created_at).label("oldest"),
        )
        .group_by(t.outbox.c.medium, t.outbox.c.state)
        .order_by(t.outbox.c.medium, t.outbox.c.state)
    )
    return [
        {
            "medium": row.medium,
            "state": row.state,
            "count": row.count,
            "oldest_age": (now - row.oldest).total_seconds(),
        }
        for row in rows
    ]


def duties(connection: Connection) -> list[Row]:
    """Applicants who may not know their number, oldest first."""
    rows = connection.execute(
        select(
            t.application.c.number,
            t.application.c.channel,
            t.application.c.recorded_at,
            t.outbox.c.medium,
            t.outbox.c.state,
            t.outbox.c.detail,
            t.outbox.c.reference,
        )
        .join(t.application, t.application.c.id == t.outbox.c.application_id)
        .where(t.outbox.c.state.in_(OPEN_DUTY), t.outbox.c.purpose.startswith("received"))
        .order_by(t.outbox.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def quarantine_causes(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        select(t.quarantine.c.cause, func.count())
        .where(t.quarantine.c.closed_at.is_(None))
        .group_by(t.quarantine.c.cause)
        .order_by(t.quarantine.c.cause)
    )
    return {row[0]: row[1] for row in rows}


def landed_since(connection: Connection, since: datetime) -> dict[str, int]:
    """Channel account -> items that landed since then."""
    rows = connection.execute(
        select(t.raw_item.c.channel, func.count())
        .where(t.raw_item.c.landed_at >= since)
        .group_by(t.raw_item.c.channel)
    )
    return {row[0]: row[1] for row in rows}
