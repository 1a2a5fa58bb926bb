"""Documents that came attached to a message: to be read after it was recorded."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import claim_columns, id_column, metadata
from storage.types import Id, Json, Utc

enclosure = Table(
    "enclosure",
    metadata,
    id_column(),
    Column("message_id", Id, ForeignKey("message.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("document", Json),
    Column("detail", Text, nullable=False, server_default=""),
    Column("needs_review", Boolean, nullable=False, server_default=text("false")),
    Column("settled_at", Utc),
    *claim_columns(),
    UniqueConstraint("message_id", "position"),
    Index("ix_enclosure_state_due_at", "state", "due_at"),
    comment="Attached documents: waiting, read (document is normalizers.schema.Message), failed",
)
