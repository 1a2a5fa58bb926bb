"""The channel that keeps every rule passes every check: the suite asks for nothing impossible."""

from testkit_memory import MemoryWorld

from ingest.testkit.suite import ChannelContract


class TestMemoryChannel(ChannelContract):
    world = MemoryWorld
