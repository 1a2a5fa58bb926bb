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
    op.create_index("ix_suggestion_application_id", "suggestion", ["application_id"])
    op.create_index(
        "ix_suggestion_open",
        "suggestion",
        ["score", "id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_suggestion_open", table_name="suggestion")
    op.drop_index("ix_suggestion_application_id", table_name="suggestion")
    op.drop_column("suggestion", "gone_id")
