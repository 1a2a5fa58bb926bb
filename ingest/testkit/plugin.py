"""The pytest side of the suite, loaded by pytest itself (entry point ``pytest11``).

It is loaded in every pytest run of an environment that has us installed, so it imports nothing
of ours: it names the marker, lets pytest explain the assertions of the checks, and lists at the
end which checks did not apply to which channel, and why.
"""

from collections import defaultdict

import pytest

MARKER = "channel_contract"
SKIPPED = "channel contract: does not apply"
"""Name of the user property that carries (channel, check, reason) of a skipped check."""

pytest.register_assert_rewrite("ingest.testkit.checks")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARKER}: the contract suite applied to a channel")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out: a skipped check is a statement about the source, to be read."""
    left_out: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for report in terminalreporter.stats.get("skipped", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == SKIPPED:
                channel, check, reason = value
                left_out[channel][reason].append(check)
    if left_out:
        terminalreporter.section("channel contract: checks that do not apply")
    for channel, reasons in sorted(left_out.items()):
        for reason, checks in reasons.items():
            terminalreporter.write_line(f"{channel}: {reason}: {', '.join(checks)}")
