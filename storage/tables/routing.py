"""Who works on an application, why it happened, and what is done so that it does not again."""

from sqlalchemy import (
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

from storage.tables.base import id_column, metadata
from storage.types import Id, Json, Utc

consultation = Table(
    "consultation",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False, index=True),
    Column("department", String(60), nullable=False),
    Column("question", Text, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("asked_by", String(100), nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("answered_at", Utc),
    Column("answered_by", String(100)),
    Index("ix_consultation_department_answered_at", "department", "answered_at"),
    comment="What another department was asked, without handing the application over",
)

conflict = Table(
    "conflict",
    metadata,
    Column(
        "application_id", Id, ForeignKey("application.id"), primary_key=True, autoincrement=False
    ),
    Column("login", String(100), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="Who must not decide on an application: the person complained about, relatives",
)

absence = Table(
    "absence",
    metadata,
    id_column(),
    Column("login", String(100), nullable=False, index=True),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("deputy", String(100)),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="When a member of staff is away, and who stands in",
)

finding = Table(
    "finding",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False, index=True),
    Column("cause", String(60), nullable=False),
    Column("department", String(60), nullable=False),
    Column("justified", String(10), nullable=False),
    Column("systemic", Boolean, nullable=False, server_default=text("false")),
    Column("whys", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="Root causes as they were found; the newest of an application counts",
)

improvement = Table(
    "improvement",
    metadata,
    id_column(),
    Column("kind", String(12), nullable=False),
    Column("title", Text, nullable=False),
    Column("cause", String(60)),
    Column("topic", String(60)),
    Column("department", String(60), nullable=False),
    Column("owner", String(100), nullable=False),
    Column("steps", Text, nullable=False, server_default=""),
    Column("due_on", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("opened_at", Utc, nullable=False),
    Column("opened_by", String(100), nullable=False),
    Column("done_on", Date),
    Column("evidence", Text, nullable=False, server_default=""),
    Column("check_on", Date),
    Column("verdict", String(12)),
    Column("verdict_at", Utc),
    Column("verdict_by", String(100)),
    Index("ix_improvement_state_due_on", "state", "due_on"),
    comment="Corrective and preventive actions, and whether they helped",
)

improvement_source = Table(
    "improvement_source",
    metadata,
    Column(
        "improvement_id", Id, ForeignKey("improvement.id"), primary_key=True, autoincrement=False
    ),
    Column(
        "application_id",
        Id,
        ForeignKey("application.id"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="Applications that an action comes from",
)

improvement_step = Table(
    "improvement_step",
    metadata,
    id_column(),
    Column("improvement_id", Id, ForeignKey("improvement.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    Column("what", String(20), nullable=False),
    Column("data", Json, nullable=False),
    UniqueConstraint("improvement_id", "seq"),
    comment="What happened to an action: append-only",
)
