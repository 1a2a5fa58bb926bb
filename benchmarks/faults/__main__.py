"""Run drills one after another, and print the ledger and the comparison after each.

.venv/bin/python -m benchmarks.faults [NAME...] [--count 100] [--seed 1] [--list]
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.faults.drills import DRILLS, Drill, Skipped
from benchmarks.faults.scene import Verdict, scene

COLUMNS = ("channel", "day", "seen", "landed", "already_had", "refused", "recorded", "attached")
COLUMNS += ("quarantined", "waiting", "balances")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fault drills")
    parser.add_argument("names", nargs="*", metavar="NAME", help="drills; all when none is named")
    parser.add_argument("--count", type=int, default=100, help="mails in each drill")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    if unknown := set(given.names) - set(DRILLS):
        parser.error(f"there is no drill {', '.join(sorted(unknown))}; see --list")
    if given.list:
        print("\n".join(f"{name:24} {one.what}" for name, one in DRILLS.items()))
        return
    failed = [n for n in given.names or DRILLS if not perform(n, given.count, given.seed)]
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'every drill ended well'}")
    sys.exit(bool(failed))


def perform(name: str, count: int, seed: int) -> bool:
    """Run one, print how it ended. Returns whether nothing was lost, doubled or hidden."""
    drill, began = DRILLS[name], time.monotonic()
    print(f"\n== {name}: {drill.what}", flush=True)
    try:
        verdict = run(drill, count, seed)
    except Skipped as why:
        print(f"   skipped: {why}")
        return True
    except TimeoutError as error:
        print(f"   FAILED: {error}")
        return False
    show(verdict)
    print(f"   {'well' if verdict.ok else 'FAILED'}, {time.monotonic() - began:.0f} s", flush=True)
    return verdict.ok


def run(drill: Drill, count: int, seed: int) -> Verdict:
    """One drill in a place of its own. Raises: Skipped; TimeoutError when it never came to rest."""
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    with scene(folder, count, seed, **drill.needs) as made:
        made.start()
        drill.run(made)
        made.settle()
        return made.judge()


def show(verdict: Verdict) -> None:
    rows = [COLUMNS, *(tuple(str(day[name]) for name in COLUMNS) for day in verdict.ledger)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    for row in rows:
        print("   " + "  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)))
    print(
        f"   source gave {verdict.given}, recorded {verdict.recorded}; lost {len(verdict.lost)}, "
        f"doubled {len(verdict.doubled)}, announced without record {len(verdict.unbacked)}, "
        f"told twice {len(verdict.told_twice)}, untold and not listed {len(verdict.untold)}; "
        f"possible double SMS, all listed: {verdict.listed}"
    )
    for problem in (*verdict.broken, *verdict.lost[:5], *verdict.doubled[:5], *verdict.untold[:5]):
        print(f"   ! {problem}")


if __name__ == "__main__":
    main()
