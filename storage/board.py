"""What operators see of accounts: times that a source cannot show any more, and their accesses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from ingest.contract import Credential, Gap
from normalizers.clean import storable_text
from storage import tables as t
from storage.dialect import insert_all


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A gap that nobody has looked after yet."""

    id: int
    channel: str
    feature: str
    since: datetime
    until: datetime
    reason: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A line of the credential board, as the account showed it ``at``."""

    channel: str
    feature: str
    state: str
    detail: str
    remedy: str
    last_good_at: datetime | None
    expires_at: datetime | None
    parked_until: datetime | None
    quota: str
    cost_today: float | None
    at: datetime


def add_gaps(connection: Connection, channel: str, gaps: Sequence[Gap], now: datetime) -> None:
    """In the transaction of what landed with them; a gap that is told twice is one."""
    rows = [
        {
            "channel": channel,
            "feature": storable_text(gap.what)[:100],
            "since": gap.since,
            "until": gap.until,
            "reason": storable_text(gap.reason),
            "found_at": now,
        }
        for gap in gaps
    ]
    insert_all(connection, t.gap, rows, or_ignore=True)


def gaps(connection: Connection, channel: str | None = None) -> list[OpenGap]:
    """Those that are open, oldest first."""
    columns = (t.gap.c[name] for name in OpenGap.__slots__)
    rows = select(*columns).where(t.gap.c.closed_at.is_(None)).order_by(t.gap.c.id)
    if channel is not None:
        rows = rows.where(t.gap.c.channel == channel)
    return [OpenGap(**row) for row in connection.execute(rows).mappings()]


def close_gap(connection: Connection, gap_id: int, by: str, now: datetime) -> bool:
    """Somebody looked on the network. False: there is no such open gap."""
    mine = (t.gap.c.id == gap_id) & t.gap.c.closed_at.is_(None)
    closed = update(t.gap).where(mine).values(closed_at=now, closed_by=by)
    return bool(connection.execute(closed).rowcount)


def save(connection: Connection, channel: str, lines: Sequence[Credential], now: datetime) -> None:
    """Replace what the account showed before."""
    connection.execute(delete(t.credential).where(t.credential.c.channel == channel))
    rows = [_row(channel, place, line, now) for place, line in enumerate(_distinct(lines))]
    insert_all(connection, t.credential, rows)


def _distinct(lines: Sequence[Credential]) -> list[Credential]:
    return list({storable_text(line.feature)[:100]: line for line in lines}.values())


def _row(channel: str, place: int, line: Credential, now: datetime) -> dict[str, Any]:
    return {
        "channel": channel,
        "feature": storable_text(line.feature)[:100],
        "place": place,
        "state": line.state[:10],
        "detail": storable_text(line.detail),
        "remedy": storable_text(line.remedy),
        "last_good_at": line.last_good_at,
        "expires_at": line.expires_at,
        "parked_until": line.parked_until,
        "quota": storable_text(line.quota),
        "cost_today": line.cost_today,
        "at": now,
    }


def lines(connection: Connection, channel: str | None = None) -> list[BoardLine]:
    """The boards of all accounts, or of one."""
    columns = (t.credential.c[name] for name in BoardLine.__slots__)
    rows = select(*columns).order_by(t.credential.c.channel, t.credential.c.place)
    if channel is not None:
        rows = rows.where(t.credential.c.channel == channel)
    return [BoardLine(**row) for row in connection.execute(rows).mappings()]
