"""Changes of accounts that touch more than one table, for pages and the command line alike."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from storage import sessions, staff, viewlog
from storage.staff import Account
from storage.viewlog import View


def reset(connection: Connection, account: Account) -> None:
    """Password, codes and sign-in elsewhere are void, sessions end: nobody gets in as before."""
    values: dict[str, Any] = {"password": None, "code_key": None, "recovery": [], "subject": None}
    staff.change(connection, account.id, values | {"failures": 0, "locked_until": None})
    sessions.end_all(connection, account.id)


def disable(connection: Connection, account: Account, now: datetime) -> None:
    """Out everywhere at once, and never in again. The account stays: its name is in history."""
    staff.change(connection, account.id, {"disabled_at": now})
    sessions.end_all(connection, account.id)


def enable(connection: Connection, account: Account) -> None:
    values = {"disabled_at": None, "failures": 0, "locked_until": None}
    staff.change(connection, account.id, values)


def note(
    connection: Connection,
    by: str,
    account: str,
    data: Mapping[str, Any],
    now: datetime,
    place: str = "",
) -> None:
    """Put a change of an account on record."""
    view = View(by, "staff_changed", data={"account": account} | dict(data), place=place)
    viewlog.append(connection, view, now)
