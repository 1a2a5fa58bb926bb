"""``basvuru up``: the daemons as children of one process, on embedded defaults.

A child that dies is started again, after a pause that grows when it keeps dying. For production,
systemd or an orchestrator does this better (deploy/).
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from structlog import get_logger

from basvuru.daemons import Stopping
from basvuru.redis_child import end_with_parent
from config.settings import Settings

log = get_logger()

DRAIN_SECONDS = 30.0
LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class Child:
    name: str
    spawn: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0
    is_daemon: bool = True
    """Not a server that the daemons need while they drain."""

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = self.spawn()

    def watch(self) -> None:
        """Start it when it does not run, unless it died just now."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.not_before:
                self.start()
        elif self.process.poll() is not None:
            self.deaths = self.deaths + 1 if now - self.started < 60 else 1
            pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
            log.warning("daemon.died", daemon=self.name, code=self.process.returncode, pause=pause)
            self.process, self.not_before = None, now + pause


@dataclass(slots=True)
class Supervisor:
    children: list[Child] = field(default_factory=list)

    def run(self, stopping: Stopping) -> None:
        while not stopping():
            for child in self.children:
                child.watch()
            stopping.event.wait(0.3)
        self._stop()

    def _stop(self) -> None:
        """Drain, last started first, so that the broker goes when nobody needs it any more."""
        daemons = [child.process for child in self.children if child.process and child.is_daemon]
        others = [c.process for c in self.children if c.process and not c.is_daemon]
        for group in (daemons, others):
            _end(group)


def _end(processes: "Sequence[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        process.terminate()
    until = time.monotonic() + DRAIN_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def children(settings: Settings) -> list[Child]:
    """The daemons of one machine; what people look at comes up first."""
    fast = [daemon(f"work-{i + 1}", "work") for i in range(settings.workers.processes)]
    return [
        daemon("serve", "serve"),
        daemon("poll", "poll"),
        *fast,
        daemon("pages", "work", "--pages"),
        daemon("schedule", "schedule"),
    ]


def daemon(name: str, *arguments: str) -> Child:
    """One of our own, as a child."""

    def spawn() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603  ourselves
            [sys.executable, "-m", "basvuru", *arguments],
            preexec_fn=end_with_parent,  # noqa: PLW1509  the supervisor has no threads
        )

    return Child(name, spawn)
