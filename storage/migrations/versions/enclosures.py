"""enclosures: documents in mails, read after recording"""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "enclosures"
down_revision = "desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enclosure",
        sa.Column("id", types.Id, sa.Identity(always=False), nullable=False),
        sa.Column("message_id", types.Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("document", types.Json, nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("needs_review", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("settled_at", types.Utc(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", types.Utc(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("claimed_until", types.Utc(), nullable=True),
        sa.Column("rung_at", types.Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_enclosure_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosure")),
        sa.UniqueConstraint(
            "message_id", "position", name=op.f("uq_enclosure_message_id_position")
        ),
        comment="Attached documents: waiting, read (document is normalizers.schema.Message), "
        "failed",
    )
    op.create_index("ix_enclosure_state_due_at", "enclosure", ["state", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_enclosure_state_due_at", table_name="enclosure")
    op.drop_table("enclosure")
