"""What a drill is. The modules of this package that hold drills register them here."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGCONT, SIGSTOP

from benchmarks.faults.scene import Needs, Scene, scene


class Skipped(Exception):
    """This machine cannot do it; says why."""


Place = Callable[[Path, int, int, int, Needs], AbstractContextManager[Scene]]


@dataclass(frozen=True)
class Drill:
    what: str
    run: Callable[[Scene], str | None]
    """The story: delivers, breaks one thing in the middle, mends it. Returns a line to print."""
    needs: Needs
    place: Place = scene


DRILLS: dict[str, Drill] = {}
NOTHING_MORE = Needs()
Story = Callable[[Scene], str | None]


def drill(
    name: str, what: str, needs: Needs = NOTHING_MORE, place: Place = scene
) -> Callable[[Story], Story]:
    def keep(run: Story) -> Story:
        DRILLS[name] = Drill(what, run, needs, place)
        return run

    return keep


@contextmanager
def frozen(*processes: "subprocess.Popen[bytes] | None") -> Iterator[None]:
    """Stopped (SIGSTOP) within the block, and then as if nothing had been."""
    for process in processes:
        assert process
        process.send_signal(SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            assert process
            process.send_signal(SIGCONT)


def stay(seconds: float) -> None:
    """Trouble has to last longer than anybody's time limit."""
    time.sleep(seconds)
