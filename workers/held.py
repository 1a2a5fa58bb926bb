"""Maintenance mode as workers see it."""

import time

from storage import switches
from storage.engine import Database

LOOKS_EVERY = 2.0
"""Seconds; a bell is answered some thousand times in a minute."""


class HeldSwitch:
    """Says whether work is held; asks the database now and then only."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._until, self._held = 0.0, False

    def __call__(self) -> bool:
        if time.monotonic() >= self._until:
            with self._database.read() as connection:
                self._held = switches.maintenance(connection) is not None
            self._until = time.monotonic() + LOOKS_EVERY
        return self._held
