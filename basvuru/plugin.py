"""What the author of a plugin imports, and nothing else.

Names in ``__all__`` are promised: one that changes its meaning raises ``CONTRACT_VERSION``, and
one that goes away is announced in the changelog a version before (docs/channels.md). The contract
suite lies in :mod:`ingest.testkit`, apart from this, since it needs pytest.
"""

from config.errors import BasvuruError, ConfigurationError
from ingest.contract import (
    CONTRACT_VERSION,
    MAX_ITEMS,
    Channel,
    ChannelSettings,
    Checkpoint,
    Context,
    Declaration,
    Delivery,
    Finding,
    RawItem,
    Refusal,
    no_receipt,
)
from ingest.errors import ChannelError, Later, Misconfigured, Refused
from normalizers.reader import Options, Read, Reader
from normalizers.schema import (
    Attachment,
    Identifier,
    Identifiers,
    MailFacts,
    Message,
    Page,
    Part,
    Reading,
    Sender,
)
from workers.gateways.contract import (
    Accepted,
    Callback,
    Gateway,
    GatewayContext,
    GatewayDeclaration,
    GatewaySettings,
    Never,
    NotNow,
    Outcome,
    Receipt,
    Sms,
    Stop,
    Unknown,
)
from workers.gateways.contract import Delivery as SmsDelivery

__all__ = [
    "CONTRACT_VERSION",
    "MAX_ITEMS",
    "Accepted",
    "Attachment",
    "BasvuruError",
    "Callback",
    "Channel",
    "ChannelError",
    "ChannelSettings",
    "Checkpoint",
    "ConfigurationError",
    "Context",
    "Declaration",
    "Delivery",
    "Finding",
    "Gateway",
    "GatewayContext",
    "GatewayDeclaration",
    "GatewaySettings",
    "Identifier",
    "Identifiers",
    "Later",
    "MailFacts",
    "Message",
    "Misconfigured",
    "Never",
    "NotNow",
    "Options",
    "Outcome",
    "Page",
    "Part",
    "RawItem",
    "Read",
    "Reader",
    "Reading",
    "Receipt",
    "Refusal",
    "Refused",
    "Sender",
    "Sms",
    "SmsDelivery",
    "Stop",
    "Unknown",
    "no_receipt",
]
