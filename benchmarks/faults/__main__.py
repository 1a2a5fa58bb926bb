"""Run drills one after another, and print the ledger and the comparison after each.

.venv/bin/python -m benchmarks.faults [NAME...] [--count 300] [--kills 25] [--seed 1] [--list]
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.faults import broker, database, machines, outside, processes
from benchmarks.faults.drill import DRILLS, Drill, Skipped
from benchmarks.faults.verdict import RESULT, Verdict, aligned, ledger_lines, result_line

ROOMS = (processes, broker, database, outside, machines)
"""Modules that registered their drills, in this order."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Fault drills")
    parser.add_argument("names", nargs="*", metavar="NAME", help="drills; all when none is named")
    parser.add_argument("--count", type=int, default=300, help="mails in each drill")
    parser.add_argument("--kills", type=int, default=25, help="how often a drill that kills does")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    if unknown := set(given.names) - set(DRILLS):
        parser.error(f"there is no drill {', '.join(sorted(unknown))}; see --list")
    if given.list:
        print("\n".join(f"{name:24} {one.what}" for name, one in DRILLS.items()))
        return
    names = given.names or list(DRILLS)
    results = [perform(name, given.count, given.kills, given.seed) for name in names]
    print()
    print("\n".join(aligned([RESULT, *results])))
    sys.exit(any(result[-1] == "FAILED" for result in results))


def perform(name: str, count: int, kills: int, seed: int) -> tuple[str, ...]:
    """Run one, print how it ended. Returns its line of the table."""
    began = time.monotonic()
    print(f"\n== {name}: {DRILLS[name].what}", flush=True)
    try:
        verdict = run(DRILLS[name], count, kills, seed)
    except Skipped as why:
        print(f"   skipped: {why}", flush=True)
        return (name, *[""] * (len(RESULT) - 2), "skipped")
    except Exception as error:  # noqa: BLE001  a drill that breaks is a result; the others go on
        print(f"   FAILED: {type(error).__name__}: {error}", flush=True)
        return (name, *[""] * (len(RESULT) - 2), "FAILED")
    for line in (*ledger_lines(verdict.ledger), *verdict.problems()):
        print(f"   {line}")
    result = result_line(name, verdict, time.monotonic() - began)
    print(f"   {result[-1]}", flush=True)
    return result


def run(drill: Drill, count: int, kills: int, seed: int) -> Verdict:
    """One drill in a place of its own. Raises: Skipped; TimeoutError when it never came to rest."""
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    with drill.place(folder, count, kills, seed, drill.needs) as made:
        made.start()
        said = drill.run(made)
        made.settle()
        for line in (said or "").splitlines():
            print(f"   {line}")
        return made.judge()


if __name__ == "__main__":
    main()
