"""Root causes, and what is done so that they do not come back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from config.clock import start_of
from storage import tables as t
from storage.dialect import insert, local_day

Row = dict[str, Any]


def add_finding(connection: Connection, values: Mapping[str, Any]) -> int:
    """Write what was found, and repeat it on the application for lists and figures."""
    added = connection.execute(t.finding.insert().values(**values).returning(t.finding.c.id))
    of = t.application.c.id == values["application_id"]
    shown: Row = {"cause": values["cause"], "justified": values["justified"]}
    connection.execute(update(t.application).where(of).values(**shown))
    return int(added.scalar_one())


def findings(connection: Connection, application_id: int) -> list[Row]:
    """What was found about an application, newest first."""
    chosen = select(t.finding).where(t.finding.c.application_id == application_id)
    rows = connection.execute(chosen.order_by(t.finding.c.id.desc()))
    return [dict(row) for row in rows.mappings()]


def open_improvement(connection: Connection, values: Mapping[str, Any]) -> int:
    added = t.improvement.insert().values(**values).returning(t.improvement.c.id)
    return int(connection.execute(added).scalar_one())


def take(connection: Connection, improvement_id: int) -> Row | None:
    """Lock an action and read it."""
    chosen = select(t.improvement).where(t.improvement.c.id == improvement_id).with_for_update()
    row = connection.execute(chosen).mappings().first()
    return dict(row) if row else None


def improvement(connection: Connection, improvement_id: int) -> Row | None:
    """An action as it stands, to be looked at."""
    chosen = select(t.improvement).where(t.improvement.c.id == improvement_id)
    row = connection.execute(chosen).mappings().first()
    return dict(row) if row else None


def change(connection: Connection, improvement_id: int, values: Mapping[str, Any]) -> None:
    of = t.improvement.c.id == improvement_id
    connection.execute(update(t.improvement).where(of).values(**dict(values)))


def note_step(
    connection: Connection,
    improvement_id: int,
    what: str,
    data: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
) -> None:
    """Write what happened to an action. Its row must be locked by the caller."""
    last = select(func.coalesce(func.max(t.improvement_step.c.seq), 0)).where(
        t.improvement_step.c.improvement_id == improvement_id
    )
    seq = connection.execute(last).scalar_one() + 1
    values = {"improvement_id": improvement_id, "seq": seq, "what": what, "data": dict(data)}
    connection.execute(t.improvement_step.insert().values(**values, at=now, by=by))


def steps(connection: Connection, improvement_id: int) -> list[Row]:
    c = t.improvement_step.c
    chosen = select(t.improvement_step).where(c.improvement_id == improvement_id).order_by(c.seq)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def link(
    connection: Connection,
    improvement_id: int,
    application_ids: Collection[int],
    *,
    by: str,
    now: datetime,
) -> list[int]:
    """Name applications as sources of an action; returns those that were not named before."""
    new: list[int] = []
    for application_id in sorted(application_ids):
        values = {"improvement_id": improvement_id, "application_id": application_id}
        row = insert(connection, t.improvement_source).values(**values, at=now, by=by)
        added = row.on_conflict_do_nothing().returning(t.improvement_source.c.application_id)
        new += connection.execute(added).scalars().all()
    return new


def sources(connection: Connection, improvement_id: int) -> list[Row]:
    """The applications that an action comes from: id, number, received."""
    a = t.application.c
    rows = connection.execute(
        select(a.id, a.number, a.received_at)
        .join(t.improvement_source, t.improvement_source.c.application_id == a.id)
        .where(t.improvement_source.c.improvement_id == improvement_id)
        .order_by(a.id)
    )
    return [dict(row) for row in rows.mappings()]


def improvements(
    connection: Connection,
    *,
    states: Collection[str] = (),
    department: str | None = None,
    application_id: int | None = None,
) -> list[Row]:
    """Actions, the first due first, with how many applications each comes from."""
    c = t.improvement.c
    named = t.improvement_source.c
    counted = (
        select(func.count())
        .where(named.improvement_id == c.id)
        .correlate(t.improvement)
        .scalar_subquery()
    )
    chosen = select(t.improvement, counted.label("sources")).order_by(c.due_on, c.id)
    if states:
        chosen = chosen.where(c.state.in_(states))
    if department is not None:
        chosen = chosen.where(c.department == department)
    if application_id is not None:
        mine = select(named.improvement_id).where(named.application_id == application_id)
        chosen = chosen.where(c.id.in_(mine))
    return [dict(row) for row in connection.execute(chosen).mappings()]


def received(
    connection: Connection,
    *,
    cause: str | None,
    topic: str | None,
    first: date,
    last: date,
) -> Sequence[tuple[date, int]]:
    """Applications received on each day of a span (Istanbul) that have a cause, or a topic or one
    of its sub-topics; days without any are left out."""
    a = t.application.c
    day = local_day(connection, a.received_at)
    chosen = (
        select(day.label("day"), func.count())
        .where(
            a.received_at >= start_of(first),
            a.received_at < start_of(date.fromordinal(last.toordinal() + 1)),
            a.duplicate_of.is_(None),
        )
        .group_by(day)
        .order_by(day)
    )
    if cause is not None:
        chosen = chosen.where(a.cause == cause)
    if topic is not None:
        chosen = chosen.where((a.topic == topic) | a.topic.startswith(f"{topic}/", autoescape=True))
    return [(row[0], int(row[1])) for row in connection.execute(chosen)]
