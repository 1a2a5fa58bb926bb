"""State of each channel account: who reads it, how far, and whether it is parked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, or_, select, update

from storage import tables as t
from storage.dialect import insert


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A row of ``channel``."""

    name: str
    kind: str
    checkpoint: Mapping[str, Any] = field(repr=False)
    lease_holder: str | None
    lease_epoch: int
    lease_until: datetime | None
    stopped: bool
    parked_until: datetime | None
    parked_reason: str | None
    parked_remedy: str | None
    failures: int
    last_read_at: datetime | None
    last_ok_at: datetime | None
    last_item_at: datetime | None


def register(connection: Connection, name: str, kind: str) -> None:
    """Make sure that the account has a row."""
    row = insert(connection, t.channel).values(name=name, kind=kind, checkpoint={})
    connection.execute(row.on_conflict_do_nothing())


def state(connection: Connection, name: str) -> ChannelState:
    row = connection.execute(select(t.channel).where(t.channel.c.name == name)).mappings().one()
    return ChannelState(**row)


def states(connection: Connection) -> list[ChannelState]:
    rows = connection.execute(select(t.channel).order_by(t.channel.c.name)).mappings()
    return [ChannelState(**row) for row in rows]


def take_lease(
    connection: Connection, name: str, holder: str, *, now: datetime, length: timedelta
) -> int | None:
    """Become or stay the one reader of an account.

    Returns the epoch, which fences every landing, or None while another process holds it. The
    epoch grows whenever the holder changes: a reader that slept past its lease lands nothing.
    """
    c = t.channel.c
    kept = connection.execute(
        update(t.channel)
        .where(c.name == name, c.lease_holder == holder)
        .values(lease_until=now + length)
        .returning(c.lease_epoch)
    ).scalar()
    if kept is not None:
        return int(kept)
    free = or_(c.lease_holder.is_(None), c.lease_until < now)
    won = connection.execute(
        update(t.channel)
        .where(c.name == name, free)
        .values(lease_holder=holder, lease_until=now + length, lease_epoch=c.lease_epoch + 1)
        .returning(c.lease_epoch)
    ).scalar()
    return None if won is None else int(won)


def drop_lease(connection: Connection, name: str, holder: str) -> None:
    connection.execute(
        update(t.channel)
        .where(t.channel.c.name == name, t.channel.c.lease_holder == holder)
        .values(lease_holder=None, lease_until=None)
    )


def note_read(connection: Connection, name: str, now: datetime) -> None:
    """A whole read went well: whatever was wrong is over."""
    connection.execute(
        update(t.channel)
        .where(t.channel.c.name == name)
        .values(
            last_read_at=now,
            last_ok_at=now,
            failures=0,
            parked_until=None,
            parked_reason=None,
            parked_remedy=None,
        )
    )


def park(
    connection: Connection, name: str, *, until: datetime, reason: str, remedy: str, now: datetime
) -> None:
    """Do not read the account before ``until``; say why and what to do."""
    connection.execute(
        update(t.channel)
        .where(t.channel.c.name == name)
        .values(
            parked_until=until,
            parked_reason=reason,
            parked_remedy=remedy,
            failures=t.channel.c.failures + 1,
            last_read_at=now,
        )
    )


def unpark(connection: Connection, name: str) -> bool:
    """Read the account again now. Returns whether there is such an account.

    The epoch moves on, so that whoever reads it opens it anew, with the settings as they are now;
    0 stays: what is brought to us has no reader.
    """
    epoch = t.channel.c.lease_epoch
    return bool(
        connection.execute(
            update(t.channel)
            .where(t.channel.c.name == name)
            .values(
                parked_until=None,
                parked_reason=None,
                parked_remedy=None,
                failures=0,
                stopped=False,
                lease_epoch=case((epoch > 0, epoch + 1), else_=0),
            )
        ).rowcount
    )


def stop(connection: Connection, name: str) -> bool:
    """Do not read the account until somebody unparks it."""
    return bool(
        connection.execute(
            update(t.channel).where(t.channel.c.name == name).values(stopped=True)
        ).rowcount
    )


def park_by_hand(
    connection: Connection, name: str, *, until: datetime, reason: str, remedy: str
) -> bool:
    """Leave the account alone until then; no failure is counted. Returns whether there is one."""
    values = {"parked_until": until, "parked_reason": reason, "parked_remedy": remedy}
    return bool(
        connection.execute(
            update(t.channel).where(t.channel.c.name == name).values(**values)
        ).rowcount
    )
