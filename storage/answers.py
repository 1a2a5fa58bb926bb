"""Answers: drafts, who decided about them, and which of them wait."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage import tables as t
from storage.outbox import OPEN_DUTY


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A row of ``answer``. ``content``: see :class:`cases.answers.content.Content`."""

    id: int
    application_id: int
    state: str
    medium: str
    language: str
    position: str
    template: str
    template_version: int
    reasons: str = field(repr=False)
    redress: int
    remedies: Sequence[str]
    content: Mapping[str, Any] = field(repr=False)
    text: str = field(repr=False)
    drafted_at: datetime
    drafted_by: str
    changed_at: datetime
    changed_by: str
    decided_at: datetime | None
    decided_by: str | None
    decision_note: str = field(repr=False)
    sent_at: datetime | None
    tries: int
    recipient: str = field(repr=False)


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    row = connection.execute(t.answer.insert().values(**values).returning(t.answer.c.id))
    return int(row.scalar_one())


def change(connection: Connection, answer_id: int, **values: Any) -> None:
    connection.execute(update(t.answer).where(t.answer.c.id == answer_id).values(**values))


def by_id(connection: Connection, answer_id: int) -> AnswerRow | None:
    found = _rows(connection, t.answer.c.id == answer_id)
    return found[0] if found else None


def of_application(connection: Connection, application_id: int) -> list[AnswerRow]:
    """Every answer of an application, oldest first."""
    return _rows(connection, t.answer.c.application_id == application_id)


def waiting_approval(connection: Connection) -> list[AnswerRow]:
    """What a second person has to read, oldest first."""
    return _rows(connection, t.answer.c.state == "waiting")


def _rows(connection: Connection, which: Any) -> list[AnswerRow]:
    rows = connection.execute(select(t.answer).where(which).order_by(t.answer.c.id)).mappings()
    return [AnswerRow(**{name: row[name] for name in AnswerRow.__slots__}) for row in rows]


def count_of_purpose(connection: Connection, application_id: int, beginning: str) -> int:
    """How many things of a kind the applicant was told so far."""
    one = t.outbox.c
    found = select(func.count()).where(
        one.application_id == application_id, one.purpose.startswith(beginning)
    )
    return int(connection.execute(found).scalar_one())


def undelivered(
    connection: Connection, application_ids: Collection[int] | None = None
) -> list[Any]:
    """What was to be said after the acknowledgement and did not arrive: (application_id, number,
    purpose, medium, state, detail), oldest first."""
    chosen = (
        select(
            t.outbox.c.application_id,
            t.application.c.number,
            t.outbox.c.purpose,
            t.outbox.c.medium,
            t.outbox.c.state,
            t.outbox.c.detail,
        )
        .join(t.application, t.application.c.id == t.outbox.c.application_id)
        .where(t.outbox.c.state.in_(OPEN_DUTY), ~t.outbox.c.purpose.startswith("received"))
        .order_by(t.outbox.c.id)
    )
    if application_ids is not None:
        chosen = chosen.where(t.outbox.c.application_id.in_(application_ids))
    return list(connection.execute(chosen).mappings())


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Which answers a second person reads first; a field that is None holds for all."""

    type: str | None = None
    department: str | None = None
    position: str | None = None
    redress_from: int | None = None
    """Kuruş."""


def approval_rules(connection: Connection) -> dict[int, ApprovalRule]:
    """The rules that hold now, by id."""
    rows = connection.execute(
        select(t.approval_rule).where(t.approval_rule.c.ended_at.is_(None)).order_by("id")
    ).mappings()
    names = ApprovalRule.__slots__
    return {row["id"]: ApprovalRule(**{name: row[name] for name in names}) for row in rows}


def add_approval_rule(connection: Connection, rule: ApprovalRule, *, by: str, now: datetime) -> int:
    values = {name: getattr(rule, name) for name in ApprovalRule.__slots__}
    row = t.approval_rule.insert().values(**values, at=now, by=by)
    return int(connection.execute(row.returning(t.approval_rule.c.id)).scalar_one())


def end_approval_rule(connection: Connection, rule_id: int, *, by: str, now: datetime) -> bool:
    """False when there is no such rule any more."""
    rule = t.approval_rule
    return bool(
        connection.execute(
            update(rule)
            .where(rule.c.id == rule_id, rule.c.ended_at.is_(None))
            .values(ended_at=now, ended_by=by)
        ).rowcount
    )
