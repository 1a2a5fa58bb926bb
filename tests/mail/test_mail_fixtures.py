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
    script = ROOT / "benchmarks" / "reading_mail.py"
    done = subprocess.run(
        [sys.executable, str(script), str(FIXTURES), "--check"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
