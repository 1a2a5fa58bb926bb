"""The contract suites, as the author of a plugin imports them. For tests alone: it needs pytest.

Three lines apply the suite of channels to a channel (docs/channels.md)::

    from basvuru.testkit import ChannelContract

    class TestMine(ChannelContract):
        world = MyWorld          # a subclass of World: your source, in the hands of the suite

:class:`GatewayContract` does the same for an SMS gateway, :class:`LookupContract` for a company
system.
"""

from cases.lookups.testkit import LookupContract, LookupWorld
from ingest.describe import manual, sample_toml
from ingest.testkit.suite import ChannelContract
from ingest.testkit.world import Missing, World
from workers.gateways.testkit import Behaviour, GatewayContract, Provider

__all__ = [
    "Behaviour",
    "ChannelContract",
    "GatewayContract",
    "LookupContract",
    "LookupWorld",
    "Missing",
    "Provider",
    "World",
    "manual",
    "sample_toml",
]
