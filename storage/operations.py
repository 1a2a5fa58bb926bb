"""How the installation does at this moment: what operators, metrics and alerts are made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from config.clock import local_date
from storage import board, channels, switches, views
from storage import tables as t
from storage.board import BoardLine, OpenGap
from storage.channels import ChannelState
from storage.switches import Switch
from storage.views import Row

USUAL_WEEKS = 4
HOUR = timedelta(hours=1)
MOST_TIMED = 5_000
"""Applications of the last hour whose times are looked at."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Things a minute within the last five minutes."""

    landed: float
    recorded: float
    sent: float


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from landing, of what was recorded or sent within the last hour."""

    to_number: Sequence[float]
    to_sms: Sequence[float]


@dataclass(frozen=True, slots=True)
class Process:
    id: str
    role: str
    started_at: datetime
    beat_at: datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """One look at everything, taken in one transaction."""

    at: datetime
    channels: Sequence[ChannelState]
    last_hour: Mapping[str, int]
    """Account -> items that landed within the last hour."""
    usual: Mapping[str, Sequence[int]]
    """Account -> items within the same hour of the last weeks, newest week first."""
    board: Sequence[BoardLine]
    gaps: Sequence[OpenGap]
    stages: Sequence[Row]
    outbox: Sequence[Row]
    duties: int
    oldest_duty: datetime | None
    quarantine: Mapping[str, int]
    oldest_quarantined: datetime | None
    unbalanced: Sequence[Row]
    processes: Sequence[Process]
    flow: Flow
    times: Times
    maintenance: Switch | None


def look(connection: Connection, now: datetime) -> Picture:
    duties = views.duties(connection)
    ledger = views.ledger(connection, since=local_date(now) - timedelta(days=7))
    return Picture(
        at=now,
        channels=channels.states(connection),
        last_hour=views.landed_since(connection, now - HOUR),
        usual=_usual(connection, now),
        board=board.lines(connection),
        gaps=board.gaps(connection),
        stages=views.queues(connection, now),
        outbox=views.outbox(connection, now),
        duties=len(duties),
        oldest_duty=min((one["recorded_at"] for one in duties), default=None),
        quarantine=views.quarantine_causes(connection),
        oldest_quarantined=_oldest_quarantined(connection),
        unbalanced=[row for row in ledger if not row["balances"]],
        processes=_processes(connection),
        flow=_flow(connection, now),
        times=_times(connection, now),
        maintenance=switches.maintenance(connection),
    )


def _usual(connection: Connection, now: datetime) -> dict[str, list[int]]:
    """The same hour of the week before, the week before that, and so on."""
    weeks = [_landed(connection, now - timedelta(weeks=w)) for w in range(1, USUAL_WEEKS + 1)]
    names = {name for week in weeks for name in week}
    return {name: [week.get(name, 0) for week in weeks] for name in names}


def _landed(connection: Connection, until: datetime) -> dict[str, int]:
    c = t.raw_item.c
    rows = connection.execute(
        select(c.channel, func.count())
        .where(c.landed_at > until - HOUR, c.landed_at <= until)
        .group_by(c.channel)
    )
    return {row[0]: row[1] for row in rows}


def _oldest_quarantined(connection: Connection) -> datetime | None:
    c = t.quarantine.c
    oldest = select(c.at).where(c.closed_at.is_(None)).order_by(c.at).limit(1)
    return connection.execute(oldest).scalar()


def _processes(connection: Connection) -> list[Process]:
    rows = connection.execute(select(t.process).order_by(t.process.c.role, t.process.c.id))
    return [Process(**row) for row in rows.mappings()]


def _flow(connection: Connection, now: datetime) -> Flow:
    minutes, since = 5, now - timedelta(minutes=5)
    columns = (t.raw_item.c.landed_at, t.application.c.recorded_at, t.outbox.c.accepted_at)
    counts = [
        connection.execute(select(func.count()).where(column > since)).scalar_one()
        for column in columns
    ]
    return Flow(*(count / minutes for count in counts))


def _times(connection: Connection, now: datetime) -> Times:
    """Only what came in lately: an hour that was spent in the quarantine is no slowness."""
    since = now - HOUR
    landed = (
        select(t.filing.c.application_id, t.raw_item.c.landed_at)
        .join(t.message, t.message.c.id == t.filing.c.message_id)
        .join(t.raw_item, t.raw_item.c.id == t.message.c.raw_id)
        .where(t.filing.c.how == "opened", t.raw_item.c.landed_at > since)
        .order_by(t.raw_item.c.landed_at.desc())
        .limit(MOST_TIMED)
        .subquery()
    )
    rows = connection.execute(
        select(landed.c.landed_at, t.application.c.recorded_at, t.outbox.c.accepted_at)
        .join(t.application, t.application.c.id == landed.c.application_id)
        .outerjoin(
            t.outbox,
            (t.outbox.c.application_id == t.application.c.id)
            & (t.outbox.c.purpose == "received")
            & (t.outbox.c.medium == "sms"),
        )
    ).all()
    return Times(
        [(row.recorded_at - row.landed_at).total_seconds() for row in rows],
        [(r.accepted_at - r.landed_at).total_seconds() for r in rows if r.accepted_at],
    )
