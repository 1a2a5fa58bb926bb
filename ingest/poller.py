"""The only loop over channels. Adapters have none: see :mod:`ingest.contract`.

One thread for each account, a fenced lease on each, so that any number of poller processes may
run: one reads, the others wait for its lease to run out.
"""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from structlog import get_logger

from config.errors import ConfigurationError
from ingest.contract import Board, Channel, Credential, Delivery, RawItem
from ingest.errors import Later, Misconfigured, Refused

log = get_logger()

LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(seconds=20)
"""Waits are shorter than the lease, so that it never runs out while nothing happens."""
PARK_MISCONFIGURED = timedelta(minutes=15)
LONGEST_BACKOFF = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to read: the checkpoint to go on from, and the epoch that fences what is landed."""

    checkpoint: Mapping[str, Any] = field(repr=False)
    epoch: int
    failures: int
    wanted_again: Sequence[tuple[int, str]] = ()
    """(id, source key) of items that an operator wants whole."""


class Reception(Protocol):
    """What the loop asks of the house. Every method may raise :class:`Closed`."""

    def turn(self, account: str, length: timedelta) -> Turn | None:
        """Take or keep the lease. None: somebody else has it, or the account is parked."""
        ...

    def land(self, account: str, delivery: Delivery, epoch: int) -> object:
        """Store a delivery and ring for it. Raises: Lost when the lease passed on."""
        ...

    def read_through(self, account: str, board: Sequence[Credential] | None) -> None:
        """A whole read went well. ``board``: what the channel knows of its accesses; None where it
        has no board."""
        ...

    def park(
        self,
        account: str,
        until: datetime,
        reason: str,
        remedy: str,
        board: Sequence[Credential] | None,
    ) -> None:
        """Leave the account alone until then."""
        ...

    def again(self, account: str, wanted: int, item: RawItem | None, refused: str) -> None:
        """An item that was wanted again: here it is, or why it cannot be had."""
        ...

    def leave(self, account: str) -> None:
        """Give the lease back."""
        ...


class Lost(Exception):
    """The lease passed on to another process: nothing was stored, stop reading."""


class Closed(Exception):
    """The house cannot store anything now (database or disk): wait, and read again."""


@dataclass(slots=True)
class AccountLoop:
    """Reads one account until it is told to stop."""

    account: str
    open: Callable[[], Channel]
    reception: Reception
    now: Callable[[], datetime]
    stop: threading.Event
    poll: timedelta = timedelta(seconds=30)
    _channel: Channel | None = None
    _epoch: int | None = None

    def run(self) -> None:
        while not self.stop.is_set():
            self.step()
        self._close()
        with suppress(Closed):  # the lease runs out by itself
            self.reception.leave(self.account)

    def step(self) -> None:
        """One turn: read what is there, then wait for more."""
        turn: Turn | None = None
        try:
            turn = self.reception.turn(self.account, LEASE)
            if turn is None:
                self._close()
                self.stop.wait(2.0)
                return
            if turn.epoch != self._epoch:
                self._close()  # started by an operator: with what its settings say now
            self._epoch = turn.epoch
            self._read(turn)
            self._wait()
        except (Lost, Closed) as error:
            log.warning("poller.stood_back", channel=self.account, error=type(error).__name__)
            self._close()
            self.stop.wait(2.0)
        except Misconfigured as error:
            self._park(PARK_MISCONFIGURED, error.reason, error.remedy)
        except ConfigurationError as error:
            self._park(PARK_MISCONFIGURED, error.problem, error.remedy)
        except Later as error:
            self._park(error.after or _backoff(turn), error.reason, "")
        except Exception as error:
            # An adapter may raise only the three: this is a defect of it. The account backs off,
            # says so, and holds up no other. The text may hold content, so only the class is shown.
            log.exception("poller.defect", channel=self.account, exc_info=False)
            reason = f"the channel failed with {type(error).__name__}"
            self._park(_backoff(turn), reason, "Report it to the channel's author.")

    def _read(self, turn: Turn) -> None:
        if self._channel is None:
            self._channel = self.open()
        renewed = self.now()
        for delivery in self._channel.read(turn.checkpoint):
            self.reception.land(self.account, delivery, turn.epoch)
            delivery.acknowledge()
            if self.stop.is_set():
                return
            if self.now() - renewed > LEASE / 3:
                if self.reception.turn(self.account, LEASE) is None:
                    return
                renewed = self.now()
        self._fetch_again(turn)
        self.reception.read_through(self.account, self._board())

    def _fetch_again(self, turn: Turn) -> None:
        assert self._channel is not None
        for wanted, source_key in turn.wanted_again:
            try:
                item = self._channel.fetch_again(source_key)
            except Refused as error:
                self.reception.again(self.account, wanted, None, error.reason)
            else:
                self.reception.again(self.account, wanted, item, "")

    def _wait(self) -> None:
        assert self._channel is not None
        if not self.stop.is_set():
            self._channel.wait(min(self.poll, LONGEST_WAIT))

    def _park(self, length: timedelta, reason: str, remedy: str) -> None:
        log.warning("channel.parked", channel=self.account, reason=reason, remedy=remedy)
        board = self._board()
        self._close()
        try:
            self.reception.park(self.account, self.now() + length, reason, remedy, board)
        except Closed:
            self.stop.wait(2.0)

    def _board(self) -> Sequence[Credential] | None:
        if not isinstance(self._channel, Board):
            return None
        try:
            return self._channel.board()
        except Exception:
            # A defect of the channel, which promises to raise nothing: reading is worth more.
            log.exception("poller.no_board", channel=self.account, exc_info=False)
            return None

    def _close(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None


def _backoff(turn: Turn | None) -> timedelta:
    """1 s, 2 s, 4 s ... up to 5 minutes, with jitter, by how often it failed in a row."""
    seconds = 2 ** min(turn.failures if turn else 0, 9)
    jitter = 1 + random.random() / 4  # noqa: S311  no secret
    return min(timedelta(seconds=seconds), LONGEST_BACKOFF) * jitter
