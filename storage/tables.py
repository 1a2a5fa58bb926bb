"""Every table, in the order in which a message goes through them.

``raw_item`` and ``event`` are append-only. What still has to be done with a raw item is a row of
``work``, which goes away when it is done: what became of it is then a row of ``filing`` or of
``quarantine``. So the ledger is counted from rows that different code wrote, and can be wrong
only if something was lost.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.types import Id, Json, Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Id, Identity(), primary_key=True)


def _claim() -> list[Column[object]]:
    """What makes a row claimable: see :mod:`storage.claims`."""
    return [
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("due_at", Utc, nullable=False),
        Column("claim", String(32)),
        Column("claimed_until", Utc),
        Column("rung_at", Utc),
    ]


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
    _id(),
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
    *_claim(),
    Index("ix_work_queue_due_at", "queue", "due_at"),
    comment="Raw items that a stage still has to see to",
)

quarantine = Table(
    "quarantine",
    metadata,
    _id(),
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

message = Table(
    "message",
    metadata,
    _id(),
    Column("raw_id", Id, ForeignKey("raw_item.id"), nullable=False, unique=True),
    Column("channel", String(100), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("received_at", Utc, nullable=False, index=True),
    Column("message_id", String(400), index=True),
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
    Column("message_id", Id, ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("own", Boolean, nullable=False),
    comment="Who a message is from: blind index over phone, mail address, identity number, handle",
)

application = Table(
    "application",
    metadata,
    _id(),
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
    _id(),
    Column("message_id", Id, ForeignKey("message.id"), nullable=False),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Column("state", String(10), nullable=False, server_default="open"),
    Column("closed_at", Utc),
    Column("closed_by", String(100)),
    UniqueConstraint("message_id", "application_id"),
    comment="Pairs that may be one matter: a person decides",
)

event = Table(
    "event",
    metadata,
    _id(),
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

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False),
    Column("purpose", String(30), nullable=False),
    Column("reference", String(32), nullable=False, unique=True),
    Column("medium", String(10), nullable=False),
    Column("recipient", Text, nullable=False, server_default=""),
    Column("language", String(2), nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("in_reply_to", Text),
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
    *_claim(),
    UniqueConstraint("application_id", "purpose"),
    Index("ix_outbox_state_due_at", "state", "due_at"),
    comment="What we owe an applicant: one row for each application and purpose, written first",
)

callback = Table(
    "callback",
    metadata,
    _id(),
    Column("gateway", String(40), nullable=False),
    Column("reference", String(32), nullable=False, server_default=""),
    Column("method", String(8), nullable=False),
    Column("query", Json, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("content_type", String(200), nullable=False, server_default=""),
    Column("at", Utc, nullable=False),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("detail", Text, nullable=False, server_default=""),
    *_claim(),
    Index("ix_callback_state_due_at", "state", "due_at"),
    comment="What SMS providers posted to us, as it came; read by a stage",
)

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
