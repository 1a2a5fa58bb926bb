"""What reports are counted from, and the reports that were made.

``case_fact`` and ``case_movement`` are the history once more, narrow enough to count a year fast.
They are written in the transaction of the events (:mod:`storage.reporting.facts`) and can be made
anew from them at any time. No personal data stands in any of these tables.
"""

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

from storage.tables.base import id_column, metadata
from storage.types import Id, Json, Utc

case_fact = Table(
    "case_fact",
    metadata,
    Column(
        "application_id", Id, ForeignKey("application.id"), primary_key=True, autoincrement=False
    ),
    Column("seq", Integer, nullable=False),
    Column("message_id", Id, index=True),
    Column("type", String(30), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("account", String(100), nullable=False),
    Column("branch", String(60)),
    Column("topic", String(100)),
    Column("priority", String(10)),
    Column("department", String(60)),
    Column("province", String(2)),
    Column("agent", String(60)),
    Column("cause", String(60)),
    Column("cause_department", String(60)),
    Column("justified", String(20)),
    Column("outcome", String(30)),
    Column("position", String(30)),
    Column("status", String(30), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("is_repeat", Boolean, nullable=False, server_default=text("false")),
    Column("received_at", Utc, nullable=False),
    Column("received_day", Date, nullable=False),
    Column("received_weekday", Integer, nullable=False),
    Column("received_hour", Integer, nullable=False),
    Column("recorded_day", Date, nullable=False, index=True),
    Column("legal_due_at", Utc),
    Column("legal_due_day", Date, index=True),
    Column("sla_due_at", Utc),
    Column("sla_due_day", Date, index=True),
    Column("settled_at", Utc),
    Column("settled_day", Date),
    Column("transfers", Integer, nullable=False),
    Column("asks", Integer, nullable=False),
    Column("reopenings", Integer, nullable=False),
    Index(
        "ix_case_fact_open",
        "department",
        "status",
        postgresql_where=text("is_open"),
        sqlite_where=text("is_open = 1"),
    ),
    comment="One row for each application: its history summed up, for counting",
)

case_movement = Table(
    "case_movement",
    metadata,
    Column(
        "application_id", Id, ForeignKey("application.id"), primary_key=True, autoincrement=False
    ),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("at", Utc, nullable=False),
    Column("day", Date, nullable=False),
    Column("until_day", Date),
    Column("code", String(60)),
    Column("value", BigInteger),
    Index("ix_case_movement_kind_day", "kind", "day"),
    Index("ix_case_movement_day", "day"),
    comment="What is counted on a day: one row for each event that a figure speaks of",
)

report_day = Table(
    "report_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("week", Date, nullable=False),
    Column("month", Date, nullable=False),
    Column("quarter", Date, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("working", Boolean, nullable=False),
    Column("ordinal", Integer, nullable=False),
    comment="Each day with its periods; ordinal counts the working days up to and including it",
)

report = Table(
    "report",
    metadata,
    id_column(),
    Column("kind", String(20), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("content", Json, nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("kind", "first_day", "last_day", "revision"),
    comment="Reports as they were made, with the definitions of their figures; never changed",
)

report_mail = Table(
    "report_mail",
    metadata,
    Column("report_id", Id, ForeignKey("report.id"), primary_key=True, autoincrement=False),
    Column("recipient", String(300), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("sent_at", Utc),
    Column("detail", Text, nullable=False, server_default=""),
    Index("ix_report_mail_state_due_at", "state", "due_at"),
    comment="To whom a report is mailed: written with the report, sent afterwards",
)

saved_report = Table(
    "saved_report",
    metadata,
    id_column(),
    Column("name", String(200), nullable=False, unique=True),
    Column("definition", Json, nullable=False),
    Column("schedule", String(100), nullable=False, server_default=""),
    Column("recipients", Json, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("made_by", String(100), nullable=False),
    Column("run_at", Utc),
    comment="Measures and dimensions that somebody picked, kept under a name, run on a schedule",
)

policy_count = Table(
    "policy_count",
    metadata,
    Column("month", Date, primary_key=True),
    Column("branch", String(60), primary_key=True),
    Column("policies", BigInteger, nullable=False),
    Column("claims", BigInteger),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="Policies in force and claims by branch and month: what complaints are divided by",
)

export_log = Table(
    "export_log",
    metadata,
    id_column(),
    Column("at", Utc, nullable=False, index=True),
    Column("by", String(100), nullable=False),
    Column("what", String(100), nullable=False),
    Column("criteria", Json, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("anonymised", Boolean, nullable=False),
    Column("sha256", String(64), nullable=False),
    comment="Who took which figures or lists out of the system; append-only",
)
