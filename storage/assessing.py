"""Assessments and suggestions: what was suggested, what people chose, and the work still to do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, select, update

from storage import claims
from storage import tables as t
from storage.dialect import among, insert_all

Row = dict[str, Any]


def to_suggest(connection: Connection, ids: Collection[int], now: datetime) -> None:
    """Suggestions and first routing of these applications are to be made."""
    if ids:
        rows = [{"application_id": i, "due_at": now} for i in sorted(ids)]
        insert_all(connection, t.to_suggest, rows, or_ignore=True)


def claim(
    connection: Connection,
    *,
    ids: Collection[int] | None,
    limit: int,
    now: datetime,
    hold: timedelta,
    fresh: bool,
) -> claims.Claim:
    """``fresh``: never tried; else tried before, and to be claimed one at a time."""
    tried = t.to_suggest.c.attempts
    wanted = tried == 0 if fresh else tried > 0
    return claims.claim(connection, t.to_suggest, wanted, ids=ids, limit=limit, now=now, hold=hold)


def still_ours(connection: Connection, held: claims.Claim, ids: Collection[int]) -> set[int]:
    return claims.still_ours(connection, t.to_suggest, held, ids)


def put_off(
    connection: Connection, held: claims.Claim, ids: Collection[int], due_at: datetime
) -> None:
    claims.release(connection, t.to_suggest, held, ids, due_at=due_at, rung_at=None)


def finish(connection: Connection, held: claims.Claim, ids: Collection[int]) -> None:
    mine = among(t.to_suggest.c.application_id, ids) & (t.to_suggest.c.claim == held.token)
    connection.execute(delete(t.to_suggest).where(mine))


def overdue(connection: Connection, *, now: datetime, quiet: timedelta, limit: int) -> list[int]:
    every = t.to_suggest.c.application_id > 0
    before = now - quiet
    return list(
        claims.overdue(connection, t.to_suggest, every, now=now, rung_before=before, limit=limit)
    )


@dataclass(frozen=True, slots=True)
class Hint:
    """A suggestion for one field of one application. ``why``: as in :mod:`cases.assessment`."""

    application_id: int
    field: str
    source: str
    value: str
    certainty: float
    why: Sequence[Mapping[str, Any]]


def keep_hints(
    connection: Connection, ids: Collection[int], hints: Sequence[Hint], now: datetime
) -> None:
    """Write the suggestions for these applications in the place of those of before; what a person
    has answered already stays as it was shown."""
    c = t.hint.c
    connection.execute(delete(t.hint).where(among(c.application_id, ids), c.chosen.is_(None)))
    written = [{name: getattr(one, name) for name in Hint.__slots__} for one in hints]
    rows = [one | {"why": [dict(reason) for reason in one["why"]], "at": now} for one in written]
    insert_all(connection, t.hint, rows, or_ignore=True)


def hints(connection: Connection, application_id: int) -> list[Row]:
    """Suggestions for an application, the surest first within each field."""
    rows = connection.execute(
        select(t.hint)
        .where(t.hint.c.application_id == application_id)
        .order_by(t.hint.c.field, t.hint.c.certainty.desc(), t.hint.c.source)
    )
    return [dict(row) for row in rows.mappings()]


def answer_hints(
    connection: Connection, application_id: int, chosen: Mapping[str, str | None], now: datetime
) -> None:
    """Write beside each open suggestion what the person chose; ``-`` for nothing."""
    rows = [{"i": application_id, "f": f, "v": v or "-", "now": now} for f, v in chosen.items()]
    of = (t.hint.c.application_id == bindparam("i")) & (t.hint.c.field == bindparam("f"))
    answered = update(t.hint).where(of, t.hint.c.chosen.is_(None))
    connection.execute(answered.values(chosen=bindparam("v"), chosen_at=bindparam("now")), rows)


def hit_rates(connection: Connection, start: datetime, end: datetime) -> list[Row]:
    """By source and field: suggestions that a person answered in the time, and how many were
    chosen."""
    hit = func.sum(case((t.hint.c.chosen == t.hint.c.value, 1), else_=0))
    rows = connection.execute(
        select(t.hint.c.source, t.hint.c.field, func.count().label("answered"), hit.label("hits"))
        .where(t.hint.c.chosen_at >= start, t.hint.c.chosen_at < end)
        .group_by(t.hint.c.source, t.hint.c.field)
        .order_by(t.hint.c.source, t.hint.c.field)
    )
    return [dict(row) | {"hits": int(row["hits"])} for row in rows.mappings()]


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write one assessment, and repeat on the application what lists show."""
    added = connection.execute(t.assessment.insert().values(**values).returning(t.assessment.c.id))
    names = ("type", "branch", "topic", "priority")
    shown: Row = {name: values[name] for name in names}
    status = case((t.application.c.status == "recorded", "assessed"), else_=t.application.c.status)
    connection.execute(
        update(t.application)
        .where(t.application.c.id == values["application_id"])
        .values(**shown, status=status)
    )
    return int(added.scalar_one())


def history(connection: Connection, application_id: int) -> list[Row]:
    """Assessments of an application, newest first."""
    rows = connection.execute(
        select(t.assessment)
        .where(t.assessment.c.application_id == application_id)
        .order_by(t.assessment.c.id.desc())
    )
    return [dict(row) for row in rows.mappings()]


def assessed_closed(connection: Connection, start: datetime, end: datetime) -> list[Row]:
    """Closed applications with what people decided, and their folded texts, oldest first: what a
    classifier learns from. Personal data: stays in this process."""
    first = (
        select(func.min(t.filing.c.message_id))
        .where(t.filing.c.application_id == t.application.c.id)
        .correlate(t.application)
        .scalar_subquery()
    )
    a = t.application.c
    rows = connection.execute(
        select(a.id, a.type, a.branch, a.topic, t.message.c.match_text.label("text"))
        .select_from(t.application)
        .join(t.message, t.message.c.id == first)
        .where(
            a.status == "closed",
            a.duplicate_of.is_(None),
            a.type != "unclassified",
            a.recorded_at >= start,
            a.recorded_at < end,
        )
        .order_by(a.id)
    )
    return [dict(row) for row in rows.mappings()]
