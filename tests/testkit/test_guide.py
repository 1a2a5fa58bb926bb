"""The example in docs/channels.md is complete, and passes the suite as it stands there."""

import re
from pathlib import Path

import pytest

from ingest.testkit.checks import CHECKS

pytest_plugins = ["pytester"]

GUIDE = Path(__file__).parents[2] / "docs" / "channels.md"


@pytest.mark.slow
def test_the_channel_of_the_guide_passes_the_suite(pytester: pytest.Pytester) -> None:
    channel, test = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    pytester.makepyfile(journal=channel, test_journal=test)
    pytester.syspathinsert()
    outcomes = pytester.runpytest_inprocess("-p", "no:cacheprovider").parseoutcomes()
    assert "failed" not in outcomes
    assert outcomes["passed"] + outcomes["skipped"] == len(CHECKS)
    assert outcomes["passed"] >= 35
