"""The channel ``facebook`` under the contract suite, on the stand-in server."""

import pytest
from meta_worlds import FacebookWorld

from ingest.testkit.suite import ChannelContract


@pytest.mark.slow
class TestFacebook(ChannelContract):
    world = FacebookWorld
