"""Half of what this machine can do, for a long time: is memory flat, are ages flat?

    .venv/bin/python -m benchmarks.soak [--minutes 30] [--peak-mails 1000]

The peak is measured first, on the same installation: so many mails at once, until the last SMS is
handed over. Mails come from a Dovecot, one of ten twice; at the end the source is compared with
what was recorded.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.faults.scene import DAEMONS, Needs, Scene, scene
from benchmarks.faults.verdict import RESULT, aligned, result_line
from benchmarks.samples import Sample, Watch, memory_of, quarters

EVERY = 10.0
"""Seconds between two looks."""
MOST_MB = 200.0
GROWTH_MB, GROWTH = 4.0, 1.05
"""What a process may grow from the second quarter to the last and still be called flat."""
AGE_SECONDS = 2.0
"""What the oldest may wait longer in the last quarter than in the second."""


def main() -> None:
    options = argparse.ArgumentParser(description="Soak at half of peak")
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--peak-mails", type=int, default=1000)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    with scene(folder, 10**6, 0, 1, Needs(imap=True, workers="")) as made:
        made.start()
        peak = measure_peak(made, given.peak_mails)
        print(f"peak {peak:.0f} mails/s; soaking at {peak / 2:.0f} mails/s", flush=True)
        began, watch = time.monotonic(), Watch(made)
        soak(watch, peak / 2, given.minutes * 60)
        print("\n".join(table(watch.samples)), flush=True)
        made.settle(1800)
        verdict = made.judge()
        wrong = [*memory_grew(watch.samples), *ages_grew(watch.samples)]
        line = result_line("soak", verdict, time.monotonic() - began)
        print("\n".join(aligned([RESULT, line])))
        print("\n".join(wrong) or "memory flat, ages flat")
        sys.exit(bool(wrong) or not verdict.ok)


def measure_peak(made: Scene, count: int) -> float:
    """Mails a second, from the source to the last SMS. The first ones only warm up."""
    made.deliver_next(100)
    made.settle()
    began = time.monotonic()
    made.deliver_next(count)
    made.settle()
    return count * 1.1 / (time.monotonic() - began)  # one of ten came twice


def soak(watch: Watch, rate: float, seconds: float) -> None:
    made, began, given, looked = watch.scene, time.monotonic(), 0, 0.0
    while (passed := time.monotonic() - began) < seconds:
        due = int(rate / 1.1 * passed) - given
        if due:
            made.deliver_next(due)
            given += due
        if passed - looked >= EVERY:
            looked = passed
            watch.look()
        time.sleep(1)


def table(samples: list[Sample]) -> Iterator[str]:
    """One line for each of at most twenty times."""
    step = max(1, len(samples) // 20)
    names = list(DAEMONS)
    head = ("minute", *(f"{name} MB" for name in names), "waiting", "oldest s", "load")
    yield from aligned([head, *(row(sample, names) for sample in samples[::step])])
    yield f"{os.cpu_count()} cores; the load counts everything on this machine"


def row(sample: Sample, names: list[str]) -> tuple[str, ...]:
    return (
        f"{sample.second / 60:.1f}",
        *(f"{sample.memory[name]:.0f}" for name in names),
        str(sum(sample.waiting.values())),
        f"{sample.oldest:.1f}",
        f"{sample.load:.1f}",
    )


def memory_grew(samples: list[Sample]) -> Iterator[str]:
    _, second, _, last = quarters(samples)
    for name in DAEMONS:
        before, after = memory_of(second, name), memory_of(last, name)
        if after > before * GROWTH + GROWTH_MB:
            yield f"{name} grew from {before:.0f} to {after:.0f} MB"
        if after > MOST_MB:
            yield f"{name} has {after:.0f} MB"


def ages_grew(samples: list[Sample]) -> Iterator[str]:
    _, second, _, last = quarters(samples)
    before, after = (median(one.oldest for one in part) for part in (second, last))
    if after > before + AGE_SECONDS:
        yield f"the oldest waited {before:.1f} s, then {after:.1f} s"


if __name__ == "__main__":
    main()
