"""How applications end: closings, verdicts, surveys, proceedings."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, String, cast, func, literal, select, update

from storage import tables as t


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """A row of ``closing``; ``reopened_at`` is None for the one that holds."""

    id: int
    application_id: int
    outcome: str
    redress: int
    reason: str = field(repr=False)
    closed_at: datetime
    closed_by: str
    reopened_at: datetime | None
    reopened_by: str | None
    reopened_for: str | None
    reopen_reason: str = field(repr=False)


def closings(connection: Connection, application_id: int) -> list[ClosingRow]:
    """Every closing of an application, oldest first."""
    columns = [t.closing.c[name] for name in ClosingRow.__slots__]
    rows = connection.execute(
        select(*columns).where(t.closing.c.application_id == application_id).order_by("id")
    )
    return [ClosingRow(*row) for row in rows]


def close(connection: Connection, **values: Any) -> int:
    row = t.closing.insert().values(**values).returning(t.closing.c.id)
    return int(connection.execute(row).scalar_one())


def reopen(connection: Connection, application_id: int, **values: Any) -> bool:
    one = t.closing.c
    return bool(
        connection.execute(
            update(t.closing)
            .where(one.application_id == application_id, one.reopened_at.is_(None))
            .values(**values)
        ).rowcount
    )


def reopened_untold(connection: Connection, since: datetime, limit: int) -> list[tuple[int, int]]:
    """(closing id, application id) of those that were opened again since then, and whose
    applicants were not told yet."""
    one = t.closing.c
    purpose = literal("reopened:") + cast(one.id, String)
    told = select(t.outbox.c.id).where(
        t.outbox.c.application_id == one.application_id, t.outbox.c.purpose == purpose
    )
    rows = connection.execute(
        select(one.id, one.application_id)
        .where(one.reopened_at >= since, ~told.exists())
        .order_by(one.id)
        .limit(limit)
    )
    return [(row.id, row.application_id) for row in rows]


def add_verdict(
    connection: Connection,
    application_id: int,
    verdict: str,
    comment: str,
    *,
    by: str,
    now: datetime,
) -> None:
    connection.execute(
        t.verdict.insert().values(
            application_id=application_id, verdict=verdict, comment=comment, at=now, by=by
        )
    )


def newest_verdict(connection: Connection, application_id: int) -> tuple[str, datetime] | None:
    """(verdict, at) of what the applicant said last."""
    one = t.verdict.c
    row = connection.execute(
        select(one.verdict, one.at)
        .where(one.application_id == application_id)
        .order_by(one.id.desc())
        .limit(1)
    ).first()
    return (row.verdict, row.at) if row else None


def answered_before(connection: Connection, before: datetime, limit: int) -> list[int]:
    """Applications that are answered, and were answered last before then: their ids."""
    last = (
        select(t.answer.c.application_id, func.max(t.answer.c.sent_at).label("at"))
        .where(t.answer.c.state == "sent")
        .group_by(t.answer.c.application_id)
        .subquery()
    )
    rows = connection.execute(
        select(t.application.c.id)
        .join(last, last.c.application_id == t.application.c.id)
        .where(t.application.c.status == "answered", last.c.at < before)
        .order_by(t.application.c.id)
        .limit(limit)
    )
    return list(rows.scalars())


@dataclass(frozen=True, slots=True)
class SurveyRow:
    id: int
    application_id: int
    medium: str
    sent_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    score: int | None
    recommends: int | None


def to_survey(
    connection: Connection, closed_before: datetime, closed_after: datetime, limit: int
) -> list[tuple[int, int]]:
    """(closing id, application id) of closings that hold and whose applicants were not asked."""
    one, asked = t.closing.c, t.survey.c
    rows = connection.execute(
        select(one.id, one.application_id)
        .outerjoin(t.survey, asked.closing_id == one.id)
        .where(
            one.reopened_at.is_(None),
            one.closed_at <= closed_before,
            one.closed_at > closed_after,
            asked.id.is_(None),
        )
        .order_by(one.id)
        .limit(limit)
    )
    return [(row.id, row.application_id) for row in rows]


def asked_lately(
    connection: Connection, email: str | None, phone: str | None, since: datetime
) -> bool:
    """Whether somebody with this address or this phone was asked since then."""
    application = t.application.c
    same = [
        c == v
        for c, v in ((application.applicant_email, email), (application.applicant_phone, phone))
        if v
    ]
    if not same:
        return False
    matches = same[0] | same[-1]
    found = connection.execute(
        select(t.survey.c.id)
        .join(t.application, application.id == t.survey.c.application_id)
        .where(matches, t.survey.c.sent_at >= since)
        .limit(1)
    ).first()
    return found is not None


def survey_marks(
    connection: Connection, start: datetime, end: datetime
) -> dict[str, dict[int, int]]:
    """``score`` and ``recommends`` -> mark -> how many gave it, of surveys answered in between;
    ``sent`` -> {0: how many were sent}."""
    one = t.survey.c
    within = (one.answered_at >= start) & (one.answered_at < end)
    out: dict[str, dict[int, int]] = {}
    for name in ("score", "recommends"):
        rows = connection.execute(
            select(one[name], func.count())
            .where(within, one[name].is_not(None))
            .group_by(one[name])
        )
        out[name] = {row[0]: row[1] for row in rows}
    sent = select(func.count()).where(one.sent_at >= start, one.sent_at < end)
    return out | {"sent": {0: connection.execute(sent).scalar_one()}}


def survey_answers(
    connection: Connection, start: datetime, end: datetime, limit: int = 200
) -> list[Any]:
    """Surveys answered in between, newest first, with number, department and comment. A comment is
    what somebody wrote: for those who may read applications."""
    one, a = t.survey.c, t.application.c
    rows = connection.execute(
        select(
            *(one.answered_at, one.score, one.recommends, one.comment),
            *(a.number, a.type, a.department),
        )
        .join(t.application, a.id == one.application_id)
        .where(one.answered_at >= start, one.answered_at < end)
        .order_by(one.answered_at.desc(), one.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]


def add_survey(connection: Connection, **values: Any) -> int:
    row = t.survey.insert().values(**values).returning(t.survey.c.id)
    return int(connection.execute(row).scalar_one())


def survey_by_token(connection: Connection, token_hash: str) -> SurveyRow | None:
    return _survey(connection, t.survey.c.token_hash == token_hash)


def open_survey(connection: Connection, application_id: int, medium: str) -> SurveyRow | None:
    """The newest survey of an application by this medium."""
    one = t.survey.c
    return _survey(connection, one.application_id == application_id, one.medium == medium)


def _survey(connection: Connection, *which: Any) -> SurveyRow | None:
    columns = [t.survey.c[name] for name in SurveyRow.__slots__]
    row = connection.execute(
        select(*columns).where(*which).order_by(t.survey.c.id.desc()).limit(1)
    ).first()
    return SurveyRow(*row) if row else None


def answer_survey(connection: Connection, survey_id: int, now: datetime, **values: Any) -> bool:
    """Write the answer once. False when there was one already."""
    one = t.survey.c
    return bool(
        connection.execute(
            update(t.survey)
            .where(one.id == survey_id, one.answered_at.is_(None))
            .values(answered_at=now, **values)
        ).rowcount
    )


@dataclass(frozen=True, slots=True)
class ProceedingRow:
    id: int
    application_id: int
    kind: str
    file_number: str = field(repr=False)
    opened_on: date
    outcome: str | None
    awarded: int
    closed_on: date | None


def proceedings(connection: Connection, application_id: int) -> list[ProceedingRow]:
    columns = [t.proceeding.c[name] for name in ProceedingRow.__slots__]
    rows = connection.execute(
        select(*columns).where(t.proceeding.c.application_id == application_id).order_by("id")
    )
    return [ProceedingRow(*row) for row in rows]


def every_proceeding(connection: Connection, *, is_open: bool, limit: int = 200) -> list[Any]:
    """Proceedings of all applications, open or ended, the newest first: with number, status."""
    one, a = t.proceeding.c, t.application.c
    ended = one.closed_on.is_(None) if is_open else one.closed_on.is_not(None)
    rows = connection.execute(
        select(t.proceeding, a.number, a.status, a.department)
        .join(t.application, a.id == one.application_id)
        .where(ended)
        .order_by(one.opened_on.desc(), one.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]


def add_proceeding(connection: Connection, **values: Any) -> int:
    row = t.proceeding.insert().values(**values).returning(t.proceeding.c.id)
    return int(connection.execute(row).scalar_one())


def proceeding_of(connection: Connection, proceeding_id: int) -> int | None:
    """The application of a proceeding."""
    one = t.proceeding.c
    found = connection.execute(select(one.application_id).where(one.id == proceeding_id)).scalar()
    return None if found is None else int(found)


def close_proceeding(connection: Connection, proceeding_id: int, **values: Any) -> bool:
    one = t.proceeding.c
    return bool(
        connection.execute(
            update(t.proceeding)
            .where(one.id == proceeding_id, one.closed_on.is_(None))
            .values(**values)
        ).rowcount
    )
