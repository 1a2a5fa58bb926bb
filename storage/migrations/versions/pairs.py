"""pairs"""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "pairs"
down_revision = "board"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.add_column("suggestion", sa.Column("gone_id", types.Id, nullable=True))
    op.create_table(
        "scan",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("at", types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_scan")),
        comment="Verdicts of the virus scanner, by the hash of the bytes; the newest counts",
    )
    op.create_index("ix_suggestion_application_id", "suggestion", ["application_id"])
    op.create_index(
        "ix_suggestion_open",
        "suggestion",
        ["score", "id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_table("scan")
    op.drop_index("ix_suggestion_open", table_name="suggestion")
    op.drop_index("ix_suggestion_application_id", table_name="suggestion")
    op.drop_column("suggestion", "gone_id")
