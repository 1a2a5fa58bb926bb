"""What lists, searches and desks need: words to search by, kept filters, corrected pages."""

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
    literal_column,
    text,
)

from storage.tables.applications import application
from storage.tables.base import id_column, metadata
from storage.types import Id, Json, Utc

OPEN_WORK = "status IN ('recorded', 'assessed', 'in_progress', 'waiting_applicant')"
"""Condition of the indexes over open applications; queries use the same words, or miss them."""
DUE = "coalesce(sla_due_at, legal_due_at, 'infinity')"
"""What open work is sorted by; the house's own deadline is never after the legal one."""

for _name, _columns in {
    "ix_application_open_due": (),
    "ix_application_open_department_due": (application.c.department,),
    "ix_application_open_assignee_due": (application.c.assignee,),
}.items():
    Index(
        _name,
        *_columns,
        literal_column(DUE),
        application.c.id,
        postgresql_where=text(OPEN_WORK),
        sqlite_where=text(OPEN_WORK),
    )
Index(
    "ix_application_needs_review",
    application.c.id,
    postgresql_where=text("needs_review"),
    sqlite_where=text("needs_review"),
)
Index("ix_application_status_id", application.c.status, application.c.id)
Index("ix_application_duplicate_of", application.c.duplicate_of)

search_text = Table(
    "search_text",
    metadata,
    Column("message_id", Id, ForeignKey("message.id"), primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
    comment="Folded words of a message, its sender, its files and documents: what a search reads",
)
Index(
    "ix_search_text_words",
    text("to_tsvector('simple'::regconfig, words)"),
    postgresql_using="gin",
    _table=search_text,
).ddl_if(dialect="postgresql")

saved_filter = Table(
    "saved_filter",
    metadata,
    id_column(),
    Column("login", String(100), nullable=False, index=True),
    Column("department", String(60), index=True),
    Column("name", String(60), nullable=False),
    Column("filter", Json, nullable=False),
    Column("at", Utc, nullable=False),
    UniqueConstraint("login", "name"),
    comment="Filters of the list that somebody kept; department: shared with its people",
)

correction = Table(
    "correction",
    metadata,
    id_column(),
    Column("message_id", Id, ForeignKey("message.id"), nullable=False, index=True),
    Column("enclosure_id", Id, ForeignKey("enclosure.id")),
    Column("page", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("changed", Boolean, nullable=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    comment="Pages as a person read them, beside what was read first; the newest of a page counts",
)
