"""Fault drills: real processes and servers, one thing goes wrong, and the source is compared with
what was recorded. ``python -m benchmarks.faults --help``."""

import sys
from pathlib import Path

HOUSE = Path(__file__).parents[2]
sys.path[:0] = [str(HOUSE), str(HOUSE / "tests")]  # the servers are those of the tests
