"""What happens while an installation works: memory of its processes, ages of what waits, load."""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.faults.scene import Scene
from config.clock import now
from storage import views


@dataclass(frozen=True)
class Sample:
    """``memory``: MB resident by process, its children included. ``ages``: seconds that the oldest
    row waits, by queue; ``sms`` is what was not handed over yet."""

    second: float
    memory: Mapping[str, float]
    ages: Mapping[str, float]
    waiting: Mapping[str, int]
    load: float

    @property
    def oldest(self) -> float:
        """Of all mails and what is owed for them."""
        return max((age for queue, age in self.ages.items() if queue != "pages"), default=0.0)


@dataclass
class Watch:
    scene: Scene
    began: float = field(default_factory=time.monotonic)
    samples: list[Sample] = field(default_factory=list)

    def look(self) -> Sample:
        house = self.scene.house
        with house.app.database.read() as connection:
            queues, owed = views.queues(connection, now()), views.outbox(connection, now())
        ages = {row["queue"]: row["oldest_age"] for row in queues}
        moving = [row for row in owed if row["state"] in ("pending", "submitting")]
        if moving:
            ages["sms"] = max(row["oldest_age"] for row in moving)
        sample = Sample(
            time.monotonic() - self.began,
            {name: resident(process.pid) for name, process in house.running.items()},
            ages,
            {row["queue"]: row["waiting"] for row in queues},
            os.getloadavg()[0],
        )
        self.samples.append(sample)
        return sample


def resident(pid: int) -> float:
    """MB in memory of a process and all below it; 0 when it ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0  # between listing and reading
    own = next((int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line), 0)
    return own / 1024 + sum(resident(int(child)) for child in children)


def quarters(samples: Sequence[Sample]) -> list[Sequence[Sample]]:
    """The run in four parts: the first is warming up, the second is what the last is held to."""
    size = max(1, len(samples) // 4)
    return [samples[n * size : (n + 1) * size] for n in range(4)]


def memory_of(samples: Iterable[Sample], name: str) -> float:
    return median(sample.memory[name] for sample in samples if name in sample.memory)
