"""A short run of some fault drills; all of them, and longer, in ``make drills``."""

import subprocess
import sys
from pathlib import Path

import pytest
from peers.postgres import BIN

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(BIN is None, reason="PostgreSQL is not installed"),
]


@pytest.mark.parametrize(
    "name", ["kill", "redis-full", "postgres-failover", "blobs-away", "gateway-cuts"]
)
def test_a_drill_ends_with_nothing_lost_and_nothing_twice(name: str):
    command = [sys.executable, "-m", "benchmarks.faults", name, "--count", "30", "--kills", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=1100)
    said = done.stdout.decode() + done.stderr.decode()[-4000:]
    assert done.returncode == 0, said
    assert "well" in said.splitlines()[-1]
