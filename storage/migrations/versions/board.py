"""board"""

import sqlalchemy as sa
from alembic import op

from storage import types
from storage.tables.board import DUE, OPEN_WORK

revision = "board"
down_revision = "operations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column("message_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_search_text_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_search_text")),
        comment="Folded words of a message, its sender, its files and documents: what a search reads",
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_search_text_words",
            "search_text",
            [sa.text("to_tsvector('simple'::regconfig, words)")],
            postgresql_using="gin",
        )
    op.create_table(
        "saved_filter",
        sa.Column("id", types.Id, sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("filter", types.Json, nullable=False),
        sa.Column("at", types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("login", "name", name=op.f("uq_saved_filter_login")),
        comment="Filters of the list that somebody kept; department: shared with its people",
    )
    op.create_index(op.f("ix_saved_filter_login"), "saved_filter", ["login"], unique=False)
    op.create_index(
        op.f("ix_saved_filter_department"), "saved_filter", ["department"], unique=False
    )
    op.create_table(
        "correction",
        sa.Column("id", types.Id, sa.Identity(always=False), nullable=False),
        sa.Column("message_id", types.Id, nullable=False),
        sa.Column("enclosure_id", types.Id, nullable=True),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("at", types.Utc(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_correction_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["enclosure_id"], ["enclosure.id"], name=op.f("fk_correction_enclosure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        comment="Pages as a person read them, beside what was read first; the newest of a page counts",
    )
    op.create_index(op.f("ix_correction_message_id"), "correction", ["message_id"], unique=False)
    for name, columns in {
        "ix_application_open_due": [],
        "ix_application_open_department_due": ["department"],
        "ix_application_open_assignee_due": ["assignee"],
    }.items():
        where = sa.text(OPEN_WORK)
        parts: list[str | sa.TextClause] = [*columns, sa.text(DUE), "id"]
        op.create_index(name, "application", parts, postgresql_where=where, sqlite_where=where)
    op.create_index(
        "ix_application_needs_review",
        "application",
        ["id"],
        postgresql_where=sa.text("needs_review"),
        sqlite_where=sa.text("needs_review"),
    )
    op.create_index("ix_application_status_id", "application", ["status", "id"], unique=False)
    op.create_index("ix_application_duplicate_of", "application", ["duplicate_of"], unique=False)


def downgrade() -> None:
    for name in (
        "duplicate_of",
        "status_id",
        "needs_review",
        "open_assignee_due",
        "open_department_due",
        "open_due",
    ):
        op.drop_index(f"ix_application_{name}", "application")
    for table in ("correction", "saved_filter", "search_text"):
        op.drop_table(table)
