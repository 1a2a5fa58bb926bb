"""What operations were told."""

from sqlalchemy import Column, String, Table, Text

from storage.tables.base import metadata
from storage.types import Utc

alert = Table(
    "alert",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("level", String(10), nullable=False),
    Column("what", Text, nullable=False),
    Column("since", Utc, nullable=False),
    Column("told_at", Utc),
    comment="Trouble that goes on, and whether operations were told",
)
