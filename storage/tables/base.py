"""What every table is made with."""

from sqlalchemy import Column, Identity, Integer, MetaData, String

from storage.types import Id, Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[int]:
    return Column("id", Id, Identity(), primary_key=True)


def claim_columns() -> list[Column[object]]:
    """What makes a row claimable: see :mod:`storage.claims`."""
    return [
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("due_at", Utc, nullable=False),
        Column("claim", String(32)),
        Column("claimed_until", Utc),
        Column("rung_at", Utc),
    ]
