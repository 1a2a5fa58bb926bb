"""What the daemons tell each other."""

from sqlalchemy import Column, String, Table, Text

from storage.tables.base import metadata
from storage.types import Utc

installation = Table(
    "installation",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
    comment="What must stay the same over all processes: fingerprints of the keys",
)

process = Table(
    "process",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("beat_at", Utc, nullable=False),
    comment="Daemons that say they are alive",
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("holder", String(120), nullable=False),
    Column("until", Utc, nullable=False),
    comment="Jobs that only one scheduler does at a time",
)
