"""Rows that reports are kept in: the reports themselves, to whom they go, what people saved, what
was taken out, and the policies in force that figures are divided by."""

from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from storage import tables as t
from storage.dialect import insert


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was made."""

    id: int
    kind: str
    first_day: date
    last_day: date
    revision: int
    made_at: datetime
    made_by: str
    content: Mapping[str, Any]
    hash: str


def keep(
    connection: Connection,
    *,
    kind: str,
    first: date,
    last: date,
    content: Mapping[str, Any],
    content_hash: str,
    by: str,
    now: datetime,
) -> int:
    """Store a report as the newest revision of its period. Returns its id."""
    newest = connection.execute(
        select(func.coalesce(func.max(t.report.c.revision), 0)).where(
            t.report.c.kind == kind, t.report.c.first_day == first, t.report.c.last_day == last
        )
    ).scalar_one()
    return int(
        connection.execute(
            t.report.insert()
            .values(
                kind=kind,
                first_day=first,
                last_day=last,
                revision=newest + 1,
                made_at=now,
                made_by=by,
                content=dict(content),
                hash=content_hash,
            )
            .returning(t.report.c.id)
        ).scalar_one()
    )


def load(connection: Connection, report_id: int) -> Report | None:
    row = connection.execute(select(t.report).where(t.report.c.id == report_id)).mappings().first()
    return Report(**row) if row else None


def newest(connection: Connection, kind: str, first: date, last: date) -> Report | None:
    """The newest revision of a period's report."""
    row = connection.execute(
        select(t.report)
        .where(t.report.c.kind == kind, t.report.c.first_day == first, t.report.c.last_day == last)
        .order_by(t.report.c.revision.desc())
        .limit(1)
    ).mappings()
    found = row.first()
    return Report(**found) if found else None


def revisions(connection: Connection, report: Report) -> list[dict[str, Any]]:
    """Every report that was made of the same period: id, revision, made_at, the newest first."""
    r = t.report.c
    same = (r.kind == report.kind, r.first_day == report.first_day, r.last_day == report.last_day)
    wanted = select(r.id, r.revision, r.made_at).where(*same).order_by(r.revision.desc())
    return [dict(row) for row in connection.execute(wanted).mappings()]


def listed(
    connection: Connection, *, kind: str | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Reports without their contents, newest period first."""
    r = t.report.c
    columns = (r.id, r.kind, r.first_day, r.last_day, r.revision, r.made_at, r.made_by, r.hash)
    wanted = select(*columns).order_by(r.last_day.desc(), r.kind, r.revision.desc()).limit(limit)
    if kind is not None:
        wanted = wanted.where(r.kind == kind)
    return [dict(row) for row in connection.execute(wanted).mappings()]


def last_day(connection: Connection, kind: str) -> date | None:
    """Up to which day there are reports of that kind."""
    r = t.report.c
    return connection.execute(select(func.max(r.last_day)).where(r.kind == kind)).scalar()


def address(
    connection: Connection, report_id: int, recipients: Collection[str], now: datetime
) -> None:
    """Write down to whom a report is to be mailed; who has it already is left alone."""
    rows = [
        {"report_id": report_id, "recipient": one, "state": "pending", "due_at": now}
        for one in sorted(set(recipients))
    ]
    if rows:
        connection.execute(insert(connection, t.report_mail).on_conflict_do_nothing(), rows)


def to_mail(connection: Connection, now: datetime, limit: int = 20) -> list[tuple[int, str, int]]:
    """(report id, recipient, attempts) of mails that are due."""
    w = t.report_mail.c
    rows = connection.execute(
        select(w.report_id, w.recipient, w.attempts)
        .where(w.state == "pending", w.due_at <= now)
        .order_by(w.due_at, w.report_id, w.recipient)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def settle_mail(connection: Connection, report_id: int, recipient: str, **values: Any) -> None:
    w = t.report_mail.c
    connection.execute(
        update(t.report_mail)
        .where(w.report_id == report_id, w.recipient == recipient)
        .values(attempts=w.attempts + 1, **values)
    )


def mails(connection: Connection, report_id: int) -> list[dict[str, Any]]:
    w = t.report_mail
    rows = connection.execute(select(w).where(w.c.report_id == report_id).order_by(w.c.recipient))
    return [dict(row) for row in rows.mappings()]


def set_policies(
    connection: Connection,
    rows: Sequence[tuple[date, str, int, int | None]],
    *,
    by: str,
    now: datetime,
) -> None:
    """(first of month, branch, policies in force, claims or None); replaces what was there."""
    for month, branch, count, claims in rows:
        values = {"policies": count, "claims": claims, "at": now, "by": by}
        row = insert(connection, t.policy_count).values(month=month, branch=branch, **values)
        connection.execute(
            row.on_conflict_do_update(index_elements=["month", "branch"], set_=values)
        )


def policies(connection: Connection, first: date, last: date) -> dict[str, float]:
    """Branch -> policies in force on the average of the months that the days touch. Where none of
    them was entered yet, the newest month before counts."""
    p = t.policy_count.c
    begin = first.replace(day=1)
    latest = connection.execute(select(func.max(p.month)).where(p.month <= last)).scalar()
    if latest is None:
        return {}
    rows = connection.execute(
        select(p.branch, func.avg(p.policies))
        .where(p.month.between(min(begin, latest), last))
        .group_by(p.branch)
    )
    return {row[0]: float(row[1]) for row in rows}


def claims(connection: Connection, first: date, last: date) -> dict[str, float]:
    """Branch -> claims reported in these days: of a month that is not whole its share by days.
    Where a month was not entered yet, the newest one before it counts."""
    p = t.policy_count.c
    entered: dict[str, dict[date, int]] = {}
    chosen = select(p.branch, p.month, p.claims).where(p.month <= last, p.claims.is_not(None))
    for branch, month, count in connection.execute(chosen):
        entered.setdefault(branch, {})[month] = count
    span = range((last - first).days + 1)
    days = Counter((first + timedelta(days=n)).replace(day=1) for n in span)
    out: dict[str, float] = {}
    for branch, months in entered.items():
        for month, some in days.items():
            known = max((one for one in months if one <= month), default=None)
            if known is not None:
                whole = monthrange(month.year, month.month)[1]
                out[branch] = out.get(branch, 0) + months[known] * some / whole
    return out


def policies_of(connection: Connection, month: date) -> dict[str, tuple[int, int | None]]:
    """Branch -> (policies in force, claims) as they were entered for a month."""
    p = t.policy_count.c
    rows = connection.execute(select(p.branch, p.policies, p.claims).where(p.month == month))
    return {row.branch: (row.policies, row.claims) for row in rows}


def policy_months(connection: Connection, limit: int = 36) -> list[dict[str, Any]]:
    """Months that were entered, the newest first: month, policies, branches, at, by."""
    p = t.policy_count.c
    rows = connection.execute(
        select(
            p.month,
            func.sum(p.policies).label("policies"),
            func.count().label("branches"),
            func.max(p.at).label("at"),
            func.max(p.by).label("by"),
        )
        .group_by(p.month)
        .order_by(p.month.desc())
        .limit(limit)
    ).mappings()
    return [dict(row) | {"policies": int(row["policies"])} for row in rows]


def log_export(
    connection: Connection,
    *,
    what: str,
    criteria: Mapping[str, Any],
    rows: int,
    anonymised: bool,
    sha256: str,
    by: str,
    now: datetime,
) -> None:
    connection.execute(
        t.export_log.insert().values(
            at=now,
            by=by,
            what=what,
            criteria=dict(criteria),
            rows=rows,
            anonymised=anonymised,
            sha256=sha256,
        )
    )


def exports(connection: Connection, limit: int = 200) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(t.export_log).order_by(t.export_log.c.id.desc()).limit(limit)
    ).mappings()
    return [dict(row) for row in rows]


def save_choice(
    connection: Connection,
    name: str,
    definition: Mapping[str, Any],
    *,
    schedule: str,
    recipients: Sequence[str],
    by: str,
    now: datetime,
) -> None:
    """Keep an ad-hoc report under a name; the same name is replaced."""
    values = {
        "definition": dict(definition),
        "schedule": schedule,
        "recipients": list(recipients),
        "made_at": now,
        "made_by": by,
        "run_at": now,
    }
    row = insert(connection, t.saved_report).values(name=name, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))


def choices(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(select(t.saved_report).order_by(t.saved_report.c.name)).mappings()
    return [dict(row) for row in rows]


def choice(connection: Connection, name: str) -> dict[str, Any] | None:
    found = connection.execute(select(t.saved_report).where(t.saved_report.c.name == name))
    row = found.mappings().first()
    return dict(row) if row else None


def drop_choice(connection: Connection, name: str) -> bool:
    """Forget a saved report; what it made stays. False when there is none of this name."""
    gone = delete(t.saved_report).where(t.saved_report.c.name == name)
    return connection.execute(gone).rowcount > 0


def choice_ran(connection: Connection, name: str, now: datetime) -> None:
    connection.execute(
        update(t.saved_report).where(t.saved_report.c.name == name).values(run_at=now)
    )
