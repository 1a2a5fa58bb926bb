"""Bringing a database to the schema of this version (Alembic)."""

from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage import search, shipped
from storage.engine import Database
from storage.reporting import facts

_LOCK = 0x6261737675  # "basvu": whoever upgrades first, the others wait


def upgrade(database: Database) -> None:
    """Run the migrations that are missing, and put in what is delivered with the product.

    Several processes may call this at once.
    """
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
        try:
            command.upgrade(alembic_config(connection), "head")
            shipped.fill(connection)
            facts.fill(connection)
            search.fill(connection)
            connection.commit()
        finally:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
                connection.commit()


def is_current(database: Database) -> bool:
    """Whether the database has the schema that this version expects."""
    with database.read() as connection:
        have = MigrationContext.configure(connection).get_current_revision()
        return have == ScriptDirectory.from_config(alembic_config(connection)).get_current_head()


def alembic_config(connection: Connection) -> Config:
    """Alembic, working on this connection."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("storage") / "migrations"))
    config.attributes["connection"] = connection
    return config
