"""What has to happen again and again, on one process of the whole installation at a time."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from structlog import get_logger

from cases.health import Around
from cases.scanning import service as scanning
from storage import channels, daemons, quarantine, sessions, switches
from storage.engine import Unavailable
from workers import alerts, desk, watching
from workers.bell import Bell
from workers.pipeline import Stage
from workers.reports import ReportDesk
from workers.senders import callbacks
from workers.toolbox import Toolbox

log = get_logger()

SWEEP = 500
"""Rows that one sweep rings for in each queue."""

FUSE_WINDOW = timedelta(hours=1)
FUSE_LEAST = 20
"""Items within the window below which a share says nothing."""
FUSE_SHARE = 0.5
FUSE_PARKS = timedelta(hours=1)


@dataclass(slots=True)
class Job:
    name: str
    every: timedelta
    do: Callable[[], None]
    next_at: float = 0.0
    """By the monotonic clock: the wall clock may jump."""


@dataclass(slots=True)
class Scheduler:
    """Runs jobs that are due. A job is done by whoever holds its lease."""

    tools: Toolbox
    stages: Mapping[str, Stage]
    bell: Bell
    holder: str
    around: Callable[[], Around] = Around
    """How disks and broker are."""
    jobs: list[Job] = field(default_factory=list)

    def __post_init__(self) -> None:
        sweep = timedelta(seconds=self.tools.settings.workers.sweep_seconds)
        self.jobs = [
            Job("sweep", sweep, self.sweep),
            Job("receipts", timedelta(seconds=10), self.receipts),
            Job("fuse", timedelta(seconds=30), self.fuse),
            Job("remind", timedelta(minutes=5), self.remind),
            Job("reopened", timedelta(minutes=1), self.reopened),
            Job("survey", timedelta(minutes=15), self.survey),
            Job("close-quiet", timedelta(hours=1), lambda: desk.close_quiet(self.tools)),
            Job("destroy", timedelta(hours=6), self.destroy),
            Job("tidy", timedelta(minutes=5), self.tidy),
            Job("alerts", timedelta(seconds=30), self.alerts),
            Job("deadlines", timedelta(minutes=1), self.deadlines),
            Job("catch-up", timedelta(minutes=15), self.catch_up),
            Job("scan", timedelta(seconds=10), self.scan),
            Job("reports", timedelta(minutes=1), ReportDesk(self.tools).run),
        ]

    def run(self, stopping: Callable[[], bool]) -> None:
        """Until told to stop. A job that fails is logged, and is due again in its time."""
        while not stopping():
            self.tick()
            time.sleep(0.2)
        with self.tools.database.write() as connection:
            daemons.drop_jobs(connection, self.holder)

    def tick(self) -> None:
        for job in self.jobs:
            if job.next_at <= time.monotonic():
                job.next_at = time.monotonic() + job.every.total_seconds()
                self._do(job, self.tools.now())

    def _do(self, job: Job, now: datetime) -> None:
        try:
            with self.tools.database.write() as connection:
                length = max(job.every * 3, timedelta(seconds=30))
                if not daemons.take_job(connection, job.name, self.holder, now=now, length=length):
                    return
            job.do()
        except Unavailable as error:
            log.warning("job.no_database", job=job.name, error=type(error).__name__)
        except Exception:
            # The next round tries again; the others must not wait for this one to be mended.
            log.exception("job.failed", job=job.name)

    def sweep(self) -> None:
        """Ring again for every row that is due and that nobody answered for."""
        with self.tools.database.read() as connection:
            if switches.maintenance(connection) is not None:
                return
        for queue, stage in self.stages.items():
            ids = stage.overdue(SWEEP)
            if ids:
                log.info("sweep.rings", queue=queue, rows=len(ids))
                self.bell.ring({queue: ids})

    def receipts(self) -> None:
        """Ask for receipts, unless they come on the connection of the process that sends."""
        if not self.tools.gateway.session:
            callbacks.poll(self.tools)

    def fuse(self) -> None:
        """Park a channel of which too much turns out to be poison: probably it is we, or a
        changed source, and the rest of it is safer where it is."""
        now = self.tools.now()
        with self.tools.database.write() as connection:
            shares = quarantine.recent_share(connection, now - FUSE_WINDOW)
            for name, (poison, landed) in shares.items():
                if landed >= FUSE_LEAST and poison / landed > FUSE_SHARE:
                    log.error("channel.fuse_blown", channel=name, poison=poison, landed=landed)
                    channels.park(
                        connection,
                        name,
                        until=now + FUSE_PARKS,
                        reason=f"fuse: {poison} of the last {landed} items could not be read",
                        remedy="Look at `basvuru quarantine list`, mend the cause, replay, then "
                        "`basvuru channel start`.",
                        now=now,
                    )

    def alerts(self) -> None:
        """Tell operations what began to go wrong, and what is over."""
        alerts.watch(self.tools, self.around)

    def deadlines(self) -> None:
        """Warn of clocks that run out, and tell departments by mail where an address is set."""
        watching.warn(self.tools)
        watching.mail(self.tools)

    def catch_up(self) -> None:
        """Deadlines for what a version without deadlines recorded."""
        watching.catch_up(self.tools)

    def scan(self) -> None:
        """Ask the virus scanner, where there is one, about files that came."""
        tools = self.tools
        if tools.clamd is not None:
            scanning.look_ahead(tools.database, tools.clamd, tools.blobs.get, tools.now())

    def remind(self) -> None:
        for bells in desk.remind(self.tools):
            self.bell.ring(bells)

    def reopened(self) -> None:
        for bells in desk.tell_reopened(self.tools):
            self.bell.ring(bells)

    def survey(self) -> None:
        for bells in desk.survey(self.tools):
            self.bell.ring(bells)

    def destroy(self) -> None:
        """The law asks for this every six months at the least; it costs little every six hours."""
        if done := desk.destroy(self.tools):
            log.info("desk.destroyed", applications=done)

    def tidy(self) -> None:
        with self.tools.database.write() as connection:
            daemons.forget_silent(connection, self.tools.now() - timedelta(hours=1))
            sessions.tidy(connection, self.tools.now())
