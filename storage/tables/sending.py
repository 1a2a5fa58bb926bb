"""What we owe applicants, and what gateways tell us about it."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.tables.base import claim_columns, id_column, metadata
from storage.types import Id, Json, Utc

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False),
    Column("purpose", String(30), nullable=False),
    Column("reference", String(32), nullable=False, unique=True),
    Column("medium", String(10), nullable=False),
    Column("recipient", Text, nullable=False, server_default=""),
    Column("language", String(2), nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("in_reply_to", Text),
    Column("answers", Id, ForeignKey("message.id")),
    Column("envelope", Json, nullable=False, server_default="{}"),
    Column("state", String(12), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("gateway", String(40)),
    Column("provider_id", String(120), index=True),
    Column("parts", Integer, nullable=False, server_default="0"),
    Column("price", Float, nullable=False, server_default="0"),
    Column("trace", String(32), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("submitted_at", Utc),
    Column("accepted_at", Utc),
    Column("settled_at", Utc),
    *claim_columns(),
    UniqueConstraint("application_id", "purpose"),
    Index("ix_outbox_state_due_at", "state", "due_at"),
    comment="What we owe an applicant: one row for each application and purpose, written first",
)

callback = Table(
    "callback",
    metadata,
    id_column(),
    Column("gateway", String(40), nullable=False),
    Column("reference", String(32), nullable=False, server_default=""),
    Column("method", String(8), nullable=False),
    Column("query", Json, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("content_type", String(200), nullable=False, server_default=""),
    Column("at", Utc, nullable=False),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("detail", Text, nullable=False, server_default=""),
    *claim_columns(),
    Index("ix_callback_state_due_at", "state", "due_at"),
    comment="What SMS providers posted to us, as it came; read by a stage",
)
