"""The house behind the poller's door: leases, landing, parking, on the storage room's rows."""

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from structlog import get_logger

from config import tracing
from ingest.contract import Credential, Delivery, RawItem
from ingest.poller import Closed, Lost, Turn
from storage import board, channels, messages, quarantine
from storage.engine import Database, Failed, Unavailable
from storage.landing import Fenced, Landed, Lander
from workers.bell import Bell

log = get_logger()

Away: tuple[type[Exception], ...] = (*Unavailable, Failed, OSError)
"""The database or the disk does not take this now, whatever the reason."""


class StoredReception:
    """Implements :class:`ingest.poller.Reception`."""

    def __init__(
        self,
        database: Database,
        lander: Lander,
        bell: Bell,
        holder: str,
        now: Callable[[], datetime],
    ) -> None:
        self._database, self._lander, self._bell = database, lander, bell
        self._holder, self._now = holder, now

    def turn(self, account: str, length: timedelta) -> Turn | None:
        now = self._now()
        with self._open(), self._database.write() as connection:
            state = channels.state(connection, account)
            if state.stopped or (state.parked_until and state.parked_until > now):
                return None
            if state.lease_holder and is_dead_neighbour(state.lease_holder):
                channels.drop_lease(connection, account, state.lease_holder)
            epoch = channels.take_lease(connection, account, self._holder, now=now, length=length)
            if epoch is None:
                return None
            wanted = quarantine.wanted_again(connection, account)
            again = [(one.id, one.source_key) for one in wanted]
            return Turn(state.checkpoint, epoch, state.failures, again)

    def land(self, account: str, delivery: Delivery, epoch: int | None) -> Landed:
        began = tracing.moment()
        with self._open():
            landed = self._lander.land(account, delivery, epoch=epoch, now=self._now())
        tracing.ended(tracing.ROOT, landed.traces, began, channel=account)
        self._bell.ring(landed.new)
        if landed.count or landed.refused:
            log.info(
                "landed",
                channel=account,
                new=landed.count,
                already_had=landed.already_had,
                refused=landed.refused,
                traces=landed.traces,
            )
        return landed

    def land_once(self, account: str, delivery: Delivery) -> Landed:
        """Store what was brought to us (import, pipe, web): no lease guards it."""
        return self.land(account, delivery, None)

    def read_through(self, account: str, lines: Sequence[Credential] | None) -> None:
        now = self._now()
        with self._open(), self._database.write() as connection:
            channels.note_read(connection, account, now)
            if lines is not None:
                board.save(connection, account, lines, now)

    def park(
        self,
        account: str,
        until: datetime,
        reason: str,
        remedy: str,
        lines: Sequence[Credential] | None,
    ) -> None:
        now = self._now()
        with self._open(), self._database.write() as connection:
            channels.park(connection, account, until=until, reason=reason, remedy=remedy, now=now)
            if lines is not None:
                board.save(connection, account, lines, now)

    def again(self, account: str, wanted: int, item: RawItem | None, refused: str) -> None:
        if item is not None:
            self.land(account, Delivery([self._whole(wanted, item)]), None)
        now = self._now()
        with self._open(), self._database.write() as connection:
            found = quarantine.item(connection, wanted)
            if item is None or found is None:
                quarantine.answer_again(connection, wanted, refused)
            else:
                quarantine.discard(connection, [found], by="fetched again", now=now)

    def _whole(self, wanted: int, item: RawItem) -> RawItem:
        """The item under a key of its own, with what was known when it was first seen."""
        with self._open(), self._database.read() as connection:
            found = quarantine.item(connection, wanted)
            raws = messages.raw_items(connection, [found.raw_id] if found else [])
        whole = replace(item, source_key=f"{item.source_key}#whole", problem=None)
        for first in raws:
            facts = {**first.facts, **item.facts}
            whole = replace(whole, facts=facts, received_at=item.received_at or first.received_at)
        return whole

    def leave(self, account: str) -> None:
        with self._open(), self._database.write() as connection:
            channels.drop_lease(connection, account, self._holder)

    @contextmanager
    def _open(self) -> Iterator[None]:
        """The storage room's failures, as the poller knows them."""
        try:
            yield
        except Fenced:
            raise Lost from None
        except Away as error:
            raise Closed(type(error).__name__) from None


def is_dead_neighbour(holder: str) -> bool:
    """Whether ``HOST/PID/MARK`` was a process of this machine that is gone: its lease is free at
    once, while that of another machine has to run out."""
    host, _, pid = holder.rpartition("/")[0].rpartition("/")
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # it runs, as another user
    return False
