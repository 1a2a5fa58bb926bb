"""Trouble that goes on: told once when it begins, and once when it is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from storage import tables as t
from storage.dialect import insert


@dataclass(frozen=True, slots=True)
class Alert:
    """A row of ``alert``."""

    key: str
    level: str
    what: str
    since: datetime
    told_at: datetime | None


def known(connection: Connection) -> list[Alert]:
    rows = connection.execute(select(t.alert).order_by(t.alert.c.since)).mappings()
    return [Alert(**row) for row in rows]


def begin(connection: Connection, alerts: Sequence[Alert]) -> None:
    for one in alerts:
        row = insert(connection, t.alert).values(
            key=one.key, level=one.level, what=one.what, since=one.since
        )
        connection.execute(row.on_conflict_do_nothing())


def told(connection: Connection, keys: Collection[str], now: datetime) -> None:
    connection.execute(update(t.alert).where(t.alert.c.key.in_(keys)).values(told_at=now))


def end(connection: Connection, keys: Collection[str]) -> None:
    connection.execute(delete(t.alert).where(t.alert.c.key.in_(keys)))
