"""Every target of speed beside what was measured, ratios first.

    python benchmarks/speed.py [--mails 2000] [--corpus FOLDER] [--helpdesk PYTHON]
                               [--sizes 10000 1000000]

One run on one machine: mails from IMAP to recorded and acknowledged with one worker process and
with two, landing alone beside mbsync where that is installed, how long an applicant waits, what a
decision about duplicates costs as applications grow and, with ``--helpdesk`` (see
benchmarks/helpdesk_peer.py), django-helpdesk over the same mails. A target that was missed is
marked. CPU time moves by a third on a machine with other work, wall time by more: the ratios are
what to compare.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import landing
import latency
import way
from duplicates import costs
from helpdesk_peer import Helpdesk
from latency import Latency
from way import Figures


@dataclass(frozen=True, slots=True)
class Target:
    """``measured`` must be at least ``bound``, or at most where ``most`` is set."""

    what: str
    measured: float
    bound: float
    most: bool = False
    unit: str = "x"

    @property
    def is_met(self) -> bool:
        return self.measured <= self.bound if self.most else self.measured >= self.bound

    def __str__(self) -> str:
        sign, mark = "≤" if self.most else "≥", "met" if self.is_met else "MISSED"
        return f"{self.what:58} {self.measured:9.2f} {sign} {self.bound:6g} {self.unit:3} {mark}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=2000)
    options.add_argument("--corpus", type=Path)
    options.add_argument("--helpdesk", type=Path)
    options.add_argument("--helpdesk-mails", type=int, default=300)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    given = options.parse_args()
    bodies = way.mails(given.corpus, given.mails)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        runs = {n: _way(folder / f"way-{n}", bodies, n) for n in (1, 2)}
        peer = _peer(given.helpdesk, folder / "peer", bodies[: given.helpdesk_mails])
        landed = _landing(folder / "landing", bodies)
        waits = _waits(folder / "latency")
    decisions = costs(given.sizes, mails=500)
    found = (ratios(runs, peer, decisions), landings(*landed), amounts(runs[1], decisions))
    _print([target for some in (*found, times(waits)) for target in some])


def _way(folder: Path, bodies: list[bytes], processes: int) -> Figures:
    folder.mkdir()
    print(f"-- our way, {processes} worker process(es)")
    found = way.run(folder, bodies, processes)
    found.print()
    return found


def _landing(folder: Path, bodies: list[bytes]) -> tuple[Figures, Figures | None]:
    """Ours, and mbsync's where it is installed."""
    for name in ("ours", "mbsync"):
        (folder / name).mkdir(parents=True)
    print("-- landing alone, ours and mbsync")
    found, peer = landing.ours(folder / "ours", bodies), landing.mbsync(folder / "mbsync", bodies)
    found.print()
    if peer is not None:
        peer.print()
    return found, peer


def _waits(folder: Path) -> Latency:
    folder.mkdir()
    print("-- from source to SMS")
    found = latency.run(folder, rate=50, messages=1000, singly=30, idle=20)
    found.print()
    return found


def _peer(python: Path | None, folder: Path, bodies: Sequence[bytes]) -> Figures | None:
    if python is None:
        return None
    print("-- django-helpdesk")
    found = Helpdesk(python, folder).run(bodies)
    found.print()
    return found


def ratios(
    runs: dict[int, Figures], peer: Figures | None, decisions: Sequence[float]
) -> Iterator[Target]:
    one = runs[1]
    if peer is not None:
        yield Target("mails/s, as many times django-helpdesk's", one.rate / peer.rate, 20)
        yield Target("CPU a mail, as many times less than it", peer.cost / one.cost, 9)
    yield Target("two worker processes against one, mails/s", runs[2].rate / one.rate, 1.8)
    growth = decisions[-1] / decisions[0]
    yield Target("duplicates: most applications against fewest, CPU", growth, 1.3, most=True)


def landings(ours: Figures, peer: Figures | None) -> Iterator[Target]:
    if peer is not None:
        yield Target("landing alone, as many times mbsync's mails/s", ours.rate / peer.rate, 1)
    yield Target("landing alone, CPU a mail", ours.cost, 0.4, most=True, unit="ms")


def amounts(one: Figures, decisions: Sequence[float]) -> Iterator[Target]:
    yield Target("CPU a mail, all processes", one.cost, 2.2, most=True, unit="ms")
    yield Target("duplicates: CPU a decision", max(decisions), 0.3, most=True, unit="ms")
    yield Target("memory of a worker", one.memory / 1e6, 200, most=True, unit="MB")


def times(waits: Latency) -> Iterator[Target]:
    rest, load = waits.rest.middle * 1000, (waits.load.middle * 1000, waits.load.worst * 1000)
    yield Target("source to SMS at rest, p50", rest, 100, most=True, unit="ms")
    yield Target("source to SMS at 50 a second, p50", load[0], 300, most=True, unit="ms")
    yield Target("the same, p99", load[1], 1000, most=True, unit="ms")
    yield Target("idle, of a core", waits.idle * 100, 3, most=True, unit="%")


def _print(targets: Sequence[Target]) -> None:
    busy = os.getloadavg()[0]
    print(f"\n{os.cpu_count()} cores, {busy:.1f} processes waiting for them")
    for target in targets:
        print(target)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    main()
