"""Rules that suggest and that route, each version of them: rows are ended, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage import tables as t


@dataclass(frozen=True, slots=True)
class RuleRow:
    use: str
    name: str
    position: int
    condition: str
    gives: Mapping[str, str]
    is_on: bool
    since: datetime
    until: datetime | None
    by: str
    note: str


_COLUMNS = [t.rule.c[name] for name in RuleRow.__slots__]


def rules(connection: Connection, use: str, *, only_on: bool = False) -> list[RuleRow]:
    """The rules of today in their order."""
    chosen = select(*_COLUMNS).where(t.rule.c.use == use, t.rule.c.until.is_(None))
    if only_on:
        chosen = chosen.where(t.rule.c.is_on)
    ordered = chosen.order_by(t.rule.c.position, t.rule.c.name)
    return [RuleRow(*row) for row in connection.execute(ordered)]


def rule(connection: Connection, use: str, name: str) -> RuleRow | None:
    named = (t.rule.c.use == use) & (t.rule.c.name == name) & t.rule.c.until.is_(None)
    row = connection.execute(select(*_COLUMNS).where(named)).first()
    return RuleRow(*row) if row else None


def history(connection: Connection, use: str, name: str) -> list[RuleRow]:
    """Every version of a rule, newest first."""
    named = (t.rule.c.use == use) & (t.rule.c.name == name)
    return [
        RuleRow(*row)
        for row in connection.execute(select(*_COLUMNS).where(named).order_by(t.rule.c.id.desc()))
    ]


def end(connection: Connection, use: str, name: str, now: datetime) -> bool:
    named = (t.rule.c.use == use) & (t.rule.c.name == name) & t.rule.c.until.is_(None)
    return connection.execute(update(t.rule).where(named).values(until=now)).rowcount > 0


def put(connection: Connection, new: RuleRow) -> None:
    """Put a rule in force in the place of the one with its name."""
    end(connection, new.use, new.name, new.since)
    values = {name: getattr(new, name) for name in RuleRow.__slots__}
    connection.execute(t.rule.insert().values(**values | {"gives": dict(new.gives)}))
