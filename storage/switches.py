"""What operators switch for the whole installation."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage import tables as t
from storage.dialect import insert

_MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Switch:
    """It is on, since when, by whom, and why."""

    since: datetime
    by: str
    reason: str


def maintenance(connection: Connection) -> Switch | None:
    """Maintenance mode: what comes in lands, and nothing is done with it until it is over."""
    chosen = select(t.installation.c.value).where(t.installation.c.name == _MAINTENANCE)
    value = connection.execute(chosen).scalar()
    if value is None:
        return None
    kept = json.loads(value)
    return Switch(datetime.fromisoformat(kept["since"]), kept["by"], kept["reason"])


def begin_maintenance(connection: Connection, *, by: str, reason: str, now: datetime) -> None:
    """Idempotent: who was first stays."""
    value = json.dumps({"since": now.isoformat(), "by": by, "reason": reason}, ensure_ascii=False)
    row = insert(connection, t.installation).values(name=_MAINTENANCE, value=value)
    connection.execute(row.on_conflict_do_nothing())


def end_maintenance(connection: Connection) -> None:
    connection.execute(delete(t.installation).where(t.installation.c.name == _MAINTENANCE))
