"""Write a migration from the difference between storage/tables and the newest one there is.

    .venv/bin/python scripts/migration.py NAME     # storage/migrations/versions/NAME.py, to be read

Compares with a private PostgreSQL. Old and new processes run side by side on the new schema while
an installation is upgraded, so a migration only adds: tables, and columns that are nullable or have
a server default. On SQLite a foreign key can only be added with ``op.batch_alter_table``.
"""

import sys
from pathlib import Path

HOUSE = Path(__file__).parents[1]
sys.path[:0] = [str(HOUSE), str(HOUSE / "tests")]

from alembic import command
from peers.postgres import Postgres

from storage.engine import Database
from storage.schema import alembic_config


def write(name: str) -> None:
    with Postgres() as server:
        database = Database(server.new_database())
        with database.engine.connect() as connection:
            config = alembic_config(connection)
            command.upgrade(config, "head")  # what is delivered with the product needs new tables
            connection.commit()
            config.set_main_option("file_template", "%%(rev)s")
            command.revision(config, name.replace("_", " "), autogenerate=True, rev_id=name)
        database.close()


if __name__ == "__main__":
    write(sys.argv[1])
