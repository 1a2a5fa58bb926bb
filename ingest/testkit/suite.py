"""The contract suite for pytest. Three lines in an author's test file apply it::

from basvuru.testkit import ChannelContract

class TestMyChannel(ChannelContract):
    world = MyWorld          # a subclass of basvuru.testkit.World
"""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from ingest.testkit.check import Check, DoesNotApply, run
from ingest.testkit.checks import CHECKS
from ingest.testkit.plugin import SKIPPED
from ingest.testkit.world import World


@pytest.mark.channel_contract
class ChannelContract:
    """Subclass it, with a name that starts with ``Test``, and give it a ``world``."""

    world: ClassVar[type[World]]
    """The source; a new one is made for each scenario."""
    patience: ClassVar[float] = 30.0
    """Seconds that one check may take before it counts as hanging."""

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
    def test_contract(
        self, check: Check, tmp_path: Path, record_property: Callable[[str, object], None]
    ) -> None:
        try:
            run(check, self.world, tmp_path, patience=self.patience)
        except DoesNotApply as answer:
            record_property(SKIPPED, (type(self).__name__, check.name, answer.reason))
            pytest.skip(str(answer))
