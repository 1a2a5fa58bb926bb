"""The daemons: poller, worker, scheduler. Each runs until it is told to stop."""

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from types import FrameType

from structlog import get_logger

from basvuru.bootstrap import Application
from config import clock
from config.errors import ConfigurationError
from ingest.poller import AccountLoop
from ingest.registry import declaration, validated
from storage import channels, daemons
from storage.engine import Unavailable
from workers import process
from workers.bell import STEPS
from workers.scheduler import Scheduler
from workers.senders import callbacks

log = get_logger()

BEAT_SECONDS = 5.0


class Stopping:
    """SIGTERM or SIGINT asks to drain; a second one ends the process at once."""

    def __init__(self) -> None:
        self.event = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def __call__(self) -> bool:
        return self.event.is_set()

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        if self.event.is_set():
            os._exit(128 + number)
        self.event.set()


def poll(app: Application, names: Sequence[str]) -> None:
    """Read channel accounts: those named, or all that are enabled."""
    stopping = Stopping()
    loops = account_loops(app, names, stopping.event)
    if not loops:
        raise ConfigurationError(
            "There is no channel to read.", remedy="Enable one in [channels], or name one."
        )
    threads = [threading.Thread(target=loop.run, name=loop.account) for loop in loops]
    for thread in threads:
        thread.start()
    log.info("poller.started", channels=[loop.account for loop in loops])
    _stay(app, "poll", stopping, lambda: all(thread.is_alive() for thread in threads))
    for thread in threads:
        thread.join()


def account_loops(
    app: Application, names: Sequence[str], stop: threading.Event
) -> list[AccountLoop]:
    """One loop for each account. Raises ConfigurationError before anything is read."""
    tables = app.places.channels
    unknown = [name for name in names if name not in tables]
    if unknown:
        raise ConfigurationError(
            f"There is no channel {', '.join(unknown)}.",
            remedy=f"There are: {', '.join(tables)}.",
        )
    loops = []
    for name in names or tables:
        found = declaration(str(tables[name].get("kind")))
        settings = validated(name, tables[name], found)
        if not (settings.enabled or name in names):
            continue
        with app.database.write() as connection:
            channels.register(connection, name, found.kind)
        app.places.state_folder(name).mkdir(parents=True, exist_ok=True, mode=0o700)
        loops.append(
            AccountLoop(
                account=name,
                open=partial(app.open_account, name, stop.is_set),
                reception=app.reception,
                now=clock.now,
                stop=stop,
                poll=timedelta(seconds=settings.poll_seconds),
            )
        )
    return loops


def work(app: Application, queues: Collection[str]) -> None:
    """Answer the doorbell for these queues."""
    stopping = Stopping()
    threads = app.settings.workers.threads
    if set(queues) <= set(process.PAGES):
        threads = app.settings.workers.page_threads
    at_once = process.AT_ONCE if STEPS in queues else ()
    process.declare(app.broker, process.Hand(app.stages, app.bell, at_once, app.is_held))
    worker = process.start(app.broker, queues, threads)
    log.info("worker.started", queues=sorted(queues), threads=threads)
    if STEPS in queues and app.gateway.session:
        threading.Thread(target=_receive, args=(app, stopping), daemon=True).start()
    _stay(app, _role(queues), stopping)
    worker.stop()


def _role(queues: Collection[str]) -> str:
    """How operators see this worker: ``work``, ``pages``, or ``all`` for both."""
    pages = set(process.PAGES)
    return "pages" if set(queues) <= pages else "all" if pages <= set(queues) else "work"


def _receive(app: Application, stopping: Stopping) -> None:
    """Take receipts off the gateway's session, which only this process has."""
    while not stopping.event.wait(1.0):
        try:
            callbacks.poll(app.tools)
        except Unavailable as error:
            # The gateway keeps what was not taken; the next round tries again.
            log.warning("receipts.no_database", error=type(error).__name__)


def schedule(app: Application) -> None:
    """Sweep, poll receipts, watch fuses."""
    stopping = Stopping()
    scheduler = Scheduler(app.tools, app.stages, app.bell, app.holder, app.around)
    thread = threading.Thread(target=scheduler.run, args=(stopping,), name="scheduler")
    thread.start()
    log.info("scheduler.started")
    _stay(app, "schedule", stopping, thread.is_alive)
    thread.join()


def _stay(
    app: Application, role: str, stopping: Stopping, alive: Callable[[], bool] = lambda: True
) -> None:
    """Say that we are alive until told to stop, or until our work has died."""
    _collect_rarely()
    started_at, next_beat = clock.now(), 0.0
    while not stopping() and alive():
        if time.monotonic() >= next_beat:
            next_beat = time.monotonic() + BEAT_SECONDS
            try:
                with app.database.write() as connection:
                    daemons.beat(
                        connection, app.holder, role, started_at=started_at, now=clock.now()
                    )
            except Unavailable as error:
                # A missed beat is shown to operators as silence; work goes on when it can.
                log.warning("beat.missed", error=type(error).__name__)
        stopping.event.wait(0.25)
    log.info("daemon.stopping", role=role)
    # a row that stays silent is forgotten by itself
    with suppress(*Unavailable), app.database.write() as connection:
        daemons.gone(connection, app.holder)


def _collect_rarely() -> None:
    """What was loaded stays for as long as the process: the collector need not walk it again and
    again. A batch makes many objects that live briefly, which are freed without it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
