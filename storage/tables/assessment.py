"""How an application is judged and how long we have: calendar, clocks, taxonomy, assessments.

Rows that people edit are never changed in place: a new one is written, and the old one gets its
``until``. So what was in force on a day can always be read.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
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

from storage.tables.base import claim_columns, id_column, metadata
from storage.types import Id, Json, Utc


def _in_force() -> list[Column[object]]:
    """Who wrote a row, and since when and until when it holds."""
    return [
        Column("since", Utc, nullable=False),
        Column("until", Utc),
        Column("by", String(100), nullable=False),
        Column("note", Text, nullable=False, server_default=""),
    ]


def _only_one(table: str, *columns: str) -> Index:
    """One row of a name at most is in force."""
    condition = text("until IS NULL")
    name = f"uq_{table}_in_force"
    return Index(name, *columns, unique=True, postgresql_where=condition, sqlite_where=condition)


holiday = Table(
    "holiday",
    metadata,
    Column("day", Date, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("name", Text, nullable=False),
    Column("source", String(20), nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="Days that are not what their weekday says: full, half (from 13:00), working",
)

calendar_year = Table(
    "calendar_year",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("source", String(60), nullable=False),
    Column("at", Utc, nullable=False),
    comment="Years whose holidays are in the table: beyond the last one nobody knows",
)

deadline_rule = Table(
    "deadline_rule",
    metadata,
    id_column(),
    Column("name", String(40), nullable=False),
    Column("clock", String(20), nullable=False),
    Column("condition", Text, nullable=False),
    Column("length", Integer, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("start", String(20), nullable=False),
    Column("source", Text, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    *_in_force(),
    _only_one("deadline_rule", "name"),
    comment="How long something may take: from which event on, in which unit, by which rule",
)

clock = Table(
    "clock",
    metadata,
    Column(
        "application_id", Id, ForeignKey("application.id"), primary_key=True, autoincrement=False
    ),
    Column("clock", String(20), primary_key=True),
    Column("rule", String(40), nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("warned", Integer, nullable=False, server_default="0"),
    Column("warn_at", Utc),
    Column("stopped_at", Utc),
    Column("paused_at", Utc),
    Column("pause_reason", String(40), nullable=False, server_default=""),
    Column("paused_days", Integer, nullable=False, server_default="0"),
    Index("ix_clock_warn_at", "warn_at"),
    Index(
        "ix_clock_running",
        "due_at",
        postgresql_where=text("stopped_at IS NULL"),
        sqlite_where=text("stopped_at IS NULL"),
    ),
    comment="What runs for an application (legal, internal, assessment) and its next warning",
)

notice = Table(
    "notice",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False),
    Column("department", String(60), nullable=False),
    Column("clock", String(20), nullable=False),
    Column("share", Integer, nullable=False),
    Column("at", Utc, nullable=False),
    Column("seen_at", Utc),
    Column("seen_by", String(100)),
    Column("mailed_at", Utc),
    UniqueConstraint("application_id", "department", "clock", "share"),
    Index("ix_notice_department_seen_at", "department", "seen_at"),
    comment="Warnings as departments receive them: a clock of an application has run so far",
)

taxonomy = Table(
    "taxonomy",
    metadata,
    id_column(),
    Column("kind", String(10), nullable=False),
    Column("code", String(60), nullable=False),
    Column("parent", String(60)),
    Column("name_tr", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("regulator_code", String(20)),
    *_in_force(),
    _only_one("taxonomy", "kind", "code"),
    comment="Branches, topics and causes; a retired code keeps its rows and its applications",
)

assessment = Table(
    "assessment",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False, index=True),
    Column("type", String(30), nullable=False),
    Column("branch", String(60)),
    Column("topic", String(60)),
    Column("second_topic", String(60)),
    Column("severity", Integer, nullable=False),
    Column("safety", Boolean, nullable=False),
    Column("complexity", Integer, nullable=False),
    Column("impact", Integer, nullable=False),
    Column("immediate", Boolean, nullable=False),
    Column("marks", Json, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("derived", Integer, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="Every assessment that was ever made; the newest of an application counts",
)

hint = Table(
    "hint",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False),
    Column("field", String(20), nullable=False),
    Column("source", String(20), nullable=False),
    Column("value", String(60), nullable=False),
    Column("certainty", Float, nullable=False),
    Column("why", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Column("chosen", String(60)),
    Column("chosen_at", Utc),
    UniqueConstraint("application_id", "field", "source"),
    Index("ix_hint_chosen_at", "chosen_at"),
    comment="What rules and the classifier suggest, why, and what the person chose then",
)

rule = Table(
    "rule",
    metadata,
    id_column(),
    Column("use", String(10), nullable=False),
    Column("name", String(60), nullable=False),
    Column("position", Integer, nullable=False),
    Column("condition", Text, nullable=False),
    Column("gives", Json, nullable=False),
    Column("is_on", Boolean, nullable=False, server_default=text("false")),
    *_in_force(),
    _only_one("rule", "use", "name"),
    comment="Rules that suggest (use=suggest) and that route (use=route), in order of position",
)

to_suggest = Table(
    "to_suggest",
    metadata,
    Column(
        "application_id", Id, ForeignKey("application.id"), primary_key=True, autoincrement=False
    ),
    *claim_columns(),
    Index("ix_to_suggest_due_at", "due_at"),
    comment="Applications that suggestions and first routing are still to be made for",
)

lookup = Table(
    "lookup",
    metadata,
    id_column(),
    Column("application_id", Id, ForeignKey("application.id"), nullable=False, index=True),
    Column("system", String(60), nullable=False),
    Column("state", String(10), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("asked", Json, nullable=False),
    Column("found", Json, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    Column("answered_at", Utc),
    *claim_columns(),
    Index("ix_lookup_state_due_at", "state", "due_at"),
    comment="What a company system was asked about an application, and what it said",
)
