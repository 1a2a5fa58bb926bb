"""A daemon of ours that dies at a commit, or whose clock is wrong. It is told by the environment.

DRILL_DEATHS=FILE   kill -9 itself just before or just after some commit, and write down where
DRILL_CLOCK=FILE    add the seconds that stand in the file to what the clock of the house says

DRILL_DEATHS=deaths.jsonl python -m benchmarks.faults.wrapped poll
"""

import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from config import clock

ROOMS = ("basvuru", "cases", "ingest", "portal", "storage", "workers")
PLUMBING = ("storage.engine", "storage.dialect")
STARTING = ("basvuru.bootstrap.", "basvuru.daemons.")
"""Here everybody passes at each start: one death each, or nobody would come any further."""


def main() -> None:
    if file := os.environ.get("DRILL_CLOCK"):
        shift_clock(Path(file))
    if file := os.environ.get("DRILL_DEATHS"):
        die_at_commits(Path(file))
    sys.argv[0] = "basvuru"
    import_module("basvuru.cli").main()  # only now: what it imports binds the clock


def shift_clock(file: Path) -> None:
    """The clock that the house passes to its decisions; libraries keep that of the machine."""
    right = clock.now

    def now() -> datetime:
        return right() + timedelta(seconds=float(file.read_text() or 0))

    clock.now = now


def die_at_commits(file: Path) -> None:
    """The oftener somebody died at a point, the less likely it is the next time, so that the rare
    ones have their turn too."""
    deaths = Counter((d["where"], d["side"]) for d in read_deaths(file))
    well: Callable[[DefaultDialect, Any], None] = DefaultDialect.do_commit

    def commit(self: DefaultDialect, connection: Any) -> None:
        where = commit_point(sys._getframe())
        perhaps(where, "before")
        well(self, connection)
        perhaps(where, "after")

    def perhaps(where: str, side: str) -> None:
        enough = deaths[where, side] and where.startswith(STARTING)
        if not enough and random.random() < 1 / (1 + deaths[where, side]) ** 3:
            with file.open("a") as out:
                out.write(json.dumps({"who": sys.argv[1], "where": where, "side": side}) + "\n")
            os.kill(os.getpid(), signal.SIGKILL)

    DefaultDialect.do_commit = commit  # type: ignore[method-assign]


def commit_point(frame: FrameType | None) -> str:
    """The innermost function of the house that opened the transaction."""
    while frame:
        module = frame.f_globals.get("__name__", "")
        if module.startswith(ROOMS) and module not in PLUMBING:
            return f"{module}.{frame.f_code.co_qualname}"
        frame = frame.f_back
    return "elsewhere"


def read_deaths(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


if __name__ == "__main__":
    main()
