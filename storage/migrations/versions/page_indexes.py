"""The list of the day reads running clocks by when they end."""

import sqlalchemy as sa
from alembic import op

revision = "page_indexes"
down_revision = "pairs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    running = sa.text("stopped_at IS NULL")
    op.create_index(
        "ix_clock_running", "clock", ["due_at"], postgresql_where=running, sqlite_where=running
    )


def downgrade() -> None:
    op.drop_index("ix_clock_running", table_name="clock")
