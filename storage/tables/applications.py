"""Messages as the one schema, and the applications that they are filed in."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import id_column, metadata
from storage.types import Id, Json, Utc

message = Table(
    "message",
    metadata,
    id_column(),
    Column("raw_id", Id, ForeignKey("raw_item.id"), nullable=False, unique=True),
    Column("channel", String(100), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("received_at", Utc, nullable=False, index=True),
    Column("message_id", String(400), index=True),
    Column("item", String(400), index=True),
    Column("thread", String(400), index=True),
    Column("match_text", Text, nullable=False),
    Column("things", Json, nullable=False),
    Column("document", Json, nullable=False),
    comment="Raw items as the one schema; document is normalizers.schema.Message",
)

attachment = Table(
    "attachment",
    metadata,
    Column("message_id", Id, ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("content_type", String(200), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    comment="Files that came with a message; the bytes are blobs",
)

person_key = Table(
    "person_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "message_id",
        Id,
        ForeignKey("message.id"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("kind", String(10), nullable=False),
    Column("own", Boolean, nullable=False),
    comment="Who a message is from: blind index over phone, mail address, identity number, handle",
)

application = Table(
    "application",
    metadata,
    id_column(),
    Column("number", String(10), nullable=False, unique=True),
    Column("type", String(30), nullable=False),
    Column("status", String(30), nullable=False),
    Column("channel", String(100), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("recorded_at", Utc, nullable=False, index=True),
    Column("subject", Text, nullable=False, server_default=""),
    Column("applicant_name", Text),
    Column("applicant_email", Text),
    Column("applicant_phone", String(20)),
    Column("language", String(2), nullable=False),
    Column("department", String(60)),
    Column("assignee", String(100)),
    Column("branch", String(60)),
    Column("topic", String(60)),
    Column("priority", Integer),
    Column("cause", String(60)),
    Column("justified", String(10)),
    Column("legal_due_at", Utc),
    Column("sla_due_at", Utc),
    Column("duplicate_of", Id, ForeignKey("application.id")),
    Column("needs_review", Boolean, nullable=False, server_default=text("false")),
    comment="What somebody asks of the company; its history is in event",
)

number_sequence = Table(
    "number_sequence",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    comment="Gap-free sequence behind the application numbers of a year",
)

filing = Table(
    "filing",
    metadata,
    Column("message_id", Id, ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False, index=True),
    Column("how", String(10), nullable=False),
    Column("score", Float),
    Column("reasons", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="Which application a message belongs to, how that was decided, and why",
)

suggestion = Table(
    "suggestion",
    metadata,
    id_column(),
    Column("message_id", Id, ForeignKey("message.id"), nullable=False),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Column("state", String(10), nullable=False, server_default="open"),
    Column("closed_at", Utc),
    Column("closed_by", String(100)),
    Column("gone_id", Id),
    UniqueConstraint("message_id", "application_id"),
    Index(
        "ix_suggestion_open",
        "score",
        "id",
        postgresql_where=text("state = 'open'"),
        sqlite_where=text("state = 'open'"),
    ),
    Index("ix_suggestion_application_id", "application_id"),
    comment="Pairs that may be one matter: a person decides; gone: which was joined into the other",
)

event = Table(
    "event",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("data", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("application_id", "seq"),
    comment="History of each application: append-only, each row chained to the one before",
)
