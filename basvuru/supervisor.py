"""``basvuru up``: the daemons as children of one process, on embedded defaults.

A child that dies is started again, after a pause that grows when it keeps dying. For production,
systemd or an orchestrator does this better (deploy/).
"""

import subprocess
import sys
import time
from collections.abc import Sequence
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
    arguments: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  ourselves
            [sys.executable, "-m", "basvuru", *self.arguments],
            preexec_fn=end_with_parent,  # noqa: PLW1509  the supervisor has no threads
        )

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
        """Drain: workers finish what they began; nobody waits for ever."""
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        until = time.monotonic() + DRAIN_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def children(settings: Settings) -> list[Child]:
    """The daemons of one machine."""
    fast = [Child(f"work-{i + 1}", ("work",)) for i in range(settings.workers.processes)]
    return [
        Child("poll", ("poll",)),
        *fast,
        Child("pages", ("work", "--pages")),
        Child("schedule", ("schedule",)),
        Child("serve", ("serve",)),
    ]
