"""Social items, gaps, the credential board, contact links, answers in a channel."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "social"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credential",
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("feature", sa.String(length=100), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("remedy", sa.Text(), server_default="", nullable=False),
        sa.Column("last_good_at", types.Utc(), nullable=True),
        sa.Column("expires_at", types.Utc(), nullable=True),
        sa.Column("parked_until", types.Utc(), nullable=True),
        sa.Column("quota", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_today", sa.Float(), nullable=True),
        sa.Column("at", types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "feature", name=op.f("pk_credential")),
        comment="The credential board as each account last showed it",
    )
    op.create_table(
        "gap",
        sa.Column("id", types.Id, sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("feature", sa.String(length=100), nullable=False),
        sa.Column("since", types.Utc(), nullable=False),
        sa.Column("until", types.Utc(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found_at", types.Utc(), nullable=False),
        sa.Column("closed_at", types.Utc(), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap")),
        sa.UniqueConstraint(
            "channel", "feature", "since", "until", name=op.f("uq_gap_channel_feature_since_until")
        ),
        comment="Times of which a source can no longer show what came",
    )
    op.create_table(
        "noted",
        sa.Column("raw_id", types.Id, autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("at", types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["raw_id"], ["raw_item.id"], name=op.f("fk_noted_raw_id")),
        sa.PrimaryKeyConstraint("raw_id", name=op.f("pk_noted")),
        comment="Raw items that are no matter of an applicant: ours, or marks on what we never had",
    )
    op.create_table(
        "contact_link",
        sa.Column("id", types.Id, sa.Identity(always=False), nullable=False),
        sa.Column("application_id", types.Id, nullable=False),
        sa.Column("message_id", types.Id, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", types.Utc(), nullable=False),
        sa.Column("expires_at", types.Utc(), nullable=False),
        sa.Column("used_at", types.Utc(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=True),
        sa.Column("consent_version", sa.String(length=40), nullable=True),
        sa.Column("consent_text", sa.Text(), nullable=True),
        sa.Column("consent_at", types.Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_contact_link_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_contact_link_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_contact_link_token_hash")),
        comment="One-time links over which an applicant gives contact details; the token itself is known only to who was sent it",
    )
    op.create_index(
        op.f("ix_contact_link_application_id"), "contact_link", ["application_id"], unique=False
    )
    op.create_table(
        "social_item",
        sa.Column("item", sa.String(length=400), nullable=False),
        sa.Column("original_id", types.Id, nullable=True),
        sa.Column("counts_id", types.Id, nullable=True),
        sa.Column("deleted_at", types.Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["counts_id"], ["message.id"], name=op.f("fk_social_item_counts_id")
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["message.id"], name=op.f("fk_social_item_original_id")
        ),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_social_item")),
        comment="One thing on a network: its first message here, the version whose text counts, and whether it was taken back",
    )
    op.add_column("message", sa.Column("item", sa.String(length=400), nullable=True))
    op.add_column("message", sa.Column("thread", sa.String(length=400), nullable=True))
    op.create_index(op.f("ix_message_item"), "message", ["item"], unique=False)
    op.create_index(op.f("ix_message_thread"), "message", ["thread"], unique=False)
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("answers", types.Id, nullable=True))
        outbox.create_foreign_key(op.f("fk_outbox_answers"), "message", ["answers"], ["id"])
