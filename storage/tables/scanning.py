"""What a virus scanner said of files."""

from sqlalchemy import Column, String, Table

from storage.tables.base import metadata
from storage.types import Utc

scan = Table(
    "scan",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("name", String(200), nullable=False, server_default=""),
    Column("at", Utc, nullable=False),
    comment="Verdicts of the virus scanner, by the hash of the bytes; the newest counts",
)
