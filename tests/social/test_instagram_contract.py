"""The channel ``instagram`` under the contract suite, on the stand-in server."""

import pytest
from meta_worlds import InstagramWorld

from ingest.testkit.suite import ChannelContract


@pytest.mark.slow
class TestInstagram(ChannelContract):
    world = InstagramWorld
