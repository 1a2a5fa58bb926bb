"""The whole database into a file as it is at one moment, and back into an empty one.

PostgreSQL: ``pg_dump`` over an exported snapshot, which the caller's connection sees too. SQLite:
its own online backup. Nobody has to stop working meanwhile.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, inspect, text

from config.errors import ConfigurationError
from storage.engine import Database


class BackupFailed(ConfigurationError):
    """A backup could not be made, or not be put back."""


@contextmanager
def copied(database: Database, file: Path) -> Iterator[Connection]:
    """Write the database to ``file``; the connection sees exactly what is in it.

    Raises: BackupFailed.
    """
    if database.is_sqlite:
        with database.engine.connect() as source, closing(sqlite3.connect(file)) as target:
            raw = source.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.backup(target)
        copy = Database(f"sqlite:///{file}")
        try:
            with copy.read() as connection:
                yield connection
        finally:
            copy.close()  # the last connection writes its log back into the file
        return
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        form = ("--format=custom", "--no-owner", "--no-privileges")
        _run(database, "pg_dump", *form, f"--snapshot={snapshot}", f"--file={file}")
        yield connection


def put_back(database: Database, file: Path) -> None:
    """Fill an empty database from the file.

    Raises: BackupFailed, OSError: it is as empty as before.
    """
    if not is_empty(database):
        raise BackupFailed("The database is not empty.", remedy="Restore into a new one.")
    if database.is_sqlite:
        target = Path(str(database.engine.url.database))
        database.close()
        half = target.with_name(f".{target.name}.restoring")
        shutil.copyfile(file, half)
        half.replace(target)
        return
    form = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run(database, "pg_restore", *form, str(file))


def is_empty(database: Database) -> bool:
    with database.read() as connection:
        return not inspect(connection).get_table_names()


def _run(database: Database, program: str, *arguments: str) -> None:
    """With the server's address as arguments and the password in the environment, where other
    users of the machine do not see it."""
    found = shutil.which(program)
    if found is None:
        raise BackupFailed(
            f"{program} is not installed.", remedy="Install PostgreSQL's client package."
        )
    url = database.engine.url
    where = "--dbname=" + _address(url)
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    done = subprocess.run(  # noqa: S603  PostgreSQL's own, the arguments are ours
        [found, where, *arguments], env=os.environ | secret, capture_output=True, check=False
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[:1]
        raise BackupFailed(
            f"{program} failed: {' '.join(said)}",
            remedy="Its version must not be older than the server's.",
        )


def _address(url: URL) -> str:
    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    query = {name: str(value) for name, value in url.query.items()}
    return make_conninfo("", **query, **parts)
