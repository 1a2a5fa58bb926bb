"""What reached us, and what still has to be done with it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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

channel = Table(
    "channel",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("checkpoint", Json, nullable=False),
    Column("lease_holder", String(120)),
    Column("lease_epoch", Integer, nullable=False, server_default="0"),
    Column("lease_until", Utc),
    Column("stopped", Boolean, nullable=False, server_default=text("false")),
    Column("parked_until", Utc),
    Column("parked_reason", Text),
    Column("parked_remedy", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_read_at", Utc),
    Column("last_ok_at", Utc),
    Column("last_item_at", Utc),
    comment="State of each channel account: checkpoint, lease, parking",
)

raw_item = Table(
    "raw_item",
    metadata,
    id_column(),
    Column("channel", String(100), nullable=False),
    Column("source_key", String(400), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("landed_at", Utc, nullable=False, index=True),
    Column("facts", Json, nullable=False),
    Column("problem", Text),
    Column("trace", String(32), nullable=False),
    UniqueConstraint("channel", "source_key"),
    comment="What reached us, as it reached us. Rows are never changed",
)

work = Table(
    "work",
    metadata,
    Column("raw_id", Id, ForeignKey("raw_item.id"), primary_key=True, autoincrement=False),
    Column("stage", String(20), nullable=False),
    Column("queue", String(20), nullable=False),
    Column("as_person", Boolean, nullable=False, server_default=text("false")),
    *claim_columns(),
    Index("ix_work_queue_due_at", "queue", "due_at"),
    comment="Raw items that a stage still has to see to",
)

quarantine = Table(
    "quarantine",
    metadata,
    id_column(),
    Column("raw_id", Id, ForeignKey("raw_item.id"), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("cause", String(60), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("at", Utc, nullable=False),
    Column("closed_at", Utc),
    Column("closed_how", String(20)),
    Column("closed_by", String(100)),
    Column("refetch", Boolean, nullable=False, server_default=text("false")),
    Index(
        "uq_quarantine_open",
        "raw_id",
        unique=True,
        postgresql_where=text("closed_at IS NULL"),
        sqlite_where=text("closed_at IS NULL"),
    ),
    comment="Raw items that no stage could see to, with the cause; never deleted",
)

ledger = Table(
    "ledger",
    metadata,
    Column("channel", String(100), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("seen", Integer, nullable=False, server_default="0"),
    Column("landed", Integer, nullable=False, server_default="0"),
    Column("already_had", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    comment="What was seen at each source and day (Europe/Istanbul), counted when it landed",
)

refusal = Table(
    "refusal",
    metadata,
    Column("channel", String(100), primary_key=True),
    Column("source_key", String(400), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Utc, nullable=False),
    comment="Items that a source showed and will never give",
)
