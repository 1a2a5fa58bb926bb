"""Who is signed in, and links and steps that work once. Only digests of secrets are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage import tables as t
from storage.secrets import digest, new_secret


@dataclass(frozen=True, slots=True)
class Session:
    """A row of ``session``."""

    id: str = field(repr=False)
    staff_id: int
    token: str = field(repr=False)
    how: str
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    place: str
    browser: str


@dataclass(frozen=True, slots=True)
class OneTime:
    """A row of ``one_time``."""

    id: str = field(repr=False)
    purpose: str
    staff_id: int | None
    data: Mapping[str, Any] = field(repr=False)
    expires_at: datetime


def open_session(
    connection: Connection,
    staff_id: int,
    *,
    how: str,
    place: str,
    browser: str,
    now: datetime,
    until: datetime,
) -> str:
    """Sign somebody in. Returns what the cookie holds."""
    secret = new_secret()
    connection.execute(
        t.session.insert().values(
            id=digest(secret),
            staff_id=staff_id,
            token=new_secret(),
            how=how,
            opened_at=now,
            seen_at=now,
            expires_at=until,
            place=place[:64],
            browser=browser[:200],
        )
    )
    return secret


def find(connection: Connection, secret: str) -> Session | None:
    """The session of a cookie, whether or not its time is over."""
    chosen = select(t.session).where(t.session.c.id == digest(secret))
    row = connection.execute(chosen).mappings().first()
    return Session(**row) if row else None


def of_staff(connection: Connection, staff_id: int) -> list[Session]:
    chosen = select(t.session).where(t.session.c.staff_id == staff_id)
    rows = connection.execute(chosen.order_by(t.session.c.seen_at.desc())).mappings()
    return [Session(**row) for row in rows]


def touch(connection: Connection, session_id: str, now: datetime) -> None:
    connection.execute(update(t.session).where(t.session.c.id == session_id).values(seen_at=now))


def end(connection: Connection, session_id: str) -> None:
    connection.execute(delete(t.session).where(t.session.c.id == session_id))


def end_all(connection: Connection, staff_id: int, *, but: str = "") -> int:
    """Sign somebody out everywhere, except from the session ``but``. Returns how many ended."""
    theirs = (t.session.c.staff_id == staff_id) & (t.session.c.id != but)
    return connection.execute(delete(t.session).where(theirs)).rowcount


def give_one_time(
    connection: Connection,
    purpose: str,
    *,
    until: datetime,
    staff_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> str:
    """Make a secret that works once. An earlier one for the same purpose and account is void."""
    if staff_id is not None:
        connection.execute(
            delete(t.one_time).where(
                t.one_time.c.purpose == purpose, t.one_time.c.staff_id == staff_id
            )
        )
    secret = new_secret()
    connection.execute(
        t.one_time.insert().values(
            id=digest(secret),
            purpose=purpose,
            staff_id=staff_id,
            data=dict(data or {}),
            expires_at=until,
        )
    )
    return secret


def look_at_one_time(
    connection: Connection, purpose: str, secret: str, now: datetime
) -> OneTime | None:
    """What a secret stands for, without using it up."""
    c = t.one_time.c
    chosen = select(t.one_time).where(
        c.id == digest(secret), c.purpose == purpose, c.expires_at > now
    )
    row = connection.execute(chosen).mappings().first()
    return OneTime(**row) if row else None


def use_one_time(
    connection: Connection, purpose: str, secret: str, now: datetime
) -> OneTime | None:
    """Use a secret up. Of two who try at once, one gets it."""
    found = look_at_one_time(connection, purpose, secret, now)
    if found is None:
        return None
    gone = connection.execute(delete(t.one_time).where(t.one_time.c.id == found.id)).rowcount
    return found if gone else None


def tidy(connection: Connection, now: datetime) -> None:
    """Forget sessions and secrets whose time is over."""
    for table in (t.session, t.one_time):
        connection.execute(delete(table).where(table.c.expires_at < now))
