"""How the portal hands over what people bring, and which accounts take it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cases.recording import House
from ingest.channels.phone import Settings as PhoneSettings
from ingest.channels.web import Settings as WebSettings
from ingest.contract import RawItem
from storage import receipts
from storage.engine import Database
from storage.receipts import Receipt

Take = Callable[[str, str, RawItem, Sequence[bytes]], None]
"""(account, its kind, item, files beside it): on our disk when it returns, numbered as a rule.

Raises: storage.engine.Unavailable, OSError: nothing was stored.
"""

PATIENCE = 3.0
"""Seconds that a visitor waits for a number when it was not there at once."""


@dataclass(frozen=True, slots=True)
class Intake:
    """``web`` and ``phone``: name and settings of the account, None where there is none."""

    take: Take
    house: Callable[[], House]
    secret: bytes = field(repr=False)
    """Signs forms and digests codes."""
    web: tuple[str, WebSettings] | None = None
    phone: tuple[str, PhoneSettings] | None = None


def receipt(database: Database, account: str, key: str) -> Receipt | None:
    """What became of an item; None when it never landed."""
    with database.read() as connection:
        return receipts.find(connection, account, key)


def awaited(
    database: Database, account: str, key: str, patience: float = PATIENCE
) -> Receipt | None:
    """Like :func:`receipt`, but waits for the number: it is there at once unless workers have to
    do it."""
    until, pause = time.monotonic() + patience, 0.02
    while True:
        found = receipt(database, account, key)
        if found is None or found.number or time.monotonic() > until:
            return found
        time.sleep(pause)
        pause = min(pause * 2, 0.25)
