"""Social networks: items that are seen several times, what is no matter of an applicant, gaps, the
credential board, and the links over which people give us their contact details."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.tables.base import id_column, metadata
from storage.types import Id, Utc

social_item = Table(
    "social_item",
    metadata,
    Column("item", String(400), primary_key=True),
    Column("original_id", Id, ForeignKey("message.id")),
    Column("counts_id", Id, ForeignKey("message.id")),
    Column("deleted_at", Utc),
    comment="One thing on a network: its first message here, the version whose text counts, and "
    "whether it was taken back",
)

noted = Table(
    "noted",
    metadata,
    Column("raw_id", Id, ForeignKey("raw_item.id"), primary_key=True, autoincrement=False),
    Column("what", String(10), nullable=False),
    Column("at", Utc, nullable=False),
    comment="Raw items that are no matter of an applicant: ours, or marks on what we never had",
)

gap = Table(
    "gap",
    metadata,
    id_column(),
    Column("channel", String(100), nullable=False),
    Column("feature", String(100), nullable=False),
    Column("since", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Column("reason", Text, nullable=False),
    Column("found_at", Utc, nullable=False),
    Column("closed_at", Utc),
    Column("closed_by", String(100)),
    UniqueConstraint("channel", "feature", "since", "until"),
    comment="Times of which a source can no longer show what came",
)

credential = Table(
    "credential",
    metadata,
    Column("channel", String(100), primary_key=True),
    Column("feature", String(100), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("remedy", Text, nullable=False, server_default=""),
    Column("last_good_at", Utc),
    Column("expires_at", Utc),
    Column("parked_until", Utc),
    Column("quota", Text, nullable=False, server_default=""),
    Column("cost_today", Float),
    Column("at", Utc, nullable=False),
    comment="The credential board as each account last showed it",
)

contact_link = Table(
    "contact_link",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False, index=True),
    Column("message_id", Id, ForeignKey("message.id")),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("policy", Text),
    Column("consent_version", String(40)),
    Column("consent_text", Text),
    Column("consent_at", Utc),
    comment="One-time links over which an applicant gives contact details; the token itself is "
    "known only to who was sent it",
)
