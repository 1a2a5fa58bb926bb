"""One-time links with which somebody chooses a password: for a new account, or a forgotten one."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from storage import sessions
from storage import tables as t
from storage.staff import Account

LASTS = timedelta(days=3)


def invite(connection: Connection, account: Account, now: datetime) -> str:
    """The path of a link for this account; earlier ones are void."""
    secret = sessions.give_one_time(
        connection,
        "invitation",
        staff_id=account.id,
        data={"login": account.login},
        until=now + LASTS,
    )
    return f"/staff/invitation/{secret}"


def invite_first(connection: Connection, now: datetime) -> str:
    """The path of the link that makes the first administrator; earlier ones are void."""
    connection.execute(delete(t.one_time).where(t.one_time.c.purpose == "first"))
    secret = sessions.give_one_time(connection, "first", until=now + LASTS)
    return f"/staff/invitation/{secret}"
