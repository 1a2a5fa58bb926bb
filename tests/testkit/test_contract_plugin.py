"""What an author outside sees: three lines, readable names, and a list of what does not apply."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

AUTHOR = """
from testkit_memory import MemoryWorld
from ingest.testkit.suite import ChannelContract
from ingest.testkit.world import Missing

class QuietWorld(MemoryWorld):
    without = {"throttle": "a list in memory is never busy"}
    def throttle(self, after):
        raise Missing("throttle")

class TestQuiet(ChannelContract):
    world = QuietWorld
"""


@pytest.fixture
def author(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    pytester.makepyfile(AUTHOR)
    return pytester


@pytest.mark.slow
def test_three_lines_run_the_suite_and_skips_are_listed_with_their_reason(
    author: pytest.Pytester,
) -> None:
    result = author.runpytest_inprocess("-p", "no:cacheprovider", "--strict-markers")
    outcomes = result.parseoutcomes()
    assert outcomes.get("skipped") == 2
    assert "failed" not in outcomes
    result.stdout.fnmatch_lines(
        [
            "*channel contract: checks that do not apply*",
            "TestQuiet: a list in memory is never busy: a throttle with a time is obeyed, *",
        ]
    )


@pytest.mark.slow
def test_checks_have_names_that_read_as_sentences(author: pytest.Pytester) -> None:
    result = author.runpytest_inprocess("--collect-only", "-m", "channel_contract")
    result.stdout.fnmatch_lines(["*an empty source yields nothing*"])


def test_the_plugin_imports_nothing_of_ours(pytester: pytest.Pytester) -> None:
    code = (
        "import sys, ingest.testkit.plugin;"
        "rooms = ('basvuru', 'cases', 'config', 'ingest', 'normalizers', 'portal', 'storage');"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in rooms))"
    )
    result = pytester.runpython_c(code)
    result.stdout.fnmatch_lines(["['ingest', 'ingest.testkit', 'ingest.testkit.plugin']"])
