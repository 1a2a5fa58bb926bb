"""The figures on mails of others, where those stand beside the checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT.parent / "shared" / "fixtures" / "mail"


@pytest.mark.slow
@pytest.mark.skipif(
    not (FIXTURES / "score.py").is_file(), reason="the mails of others are not here"
)
def test_the_targets_are_met() -> None:
    command = [
        sys.executable,
        str(ROOT / "benchmarks" / "reading_mail.py"),
        str(FIXTURES),
        "--check",
    ]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"CORE\s+99", done.stdout)
