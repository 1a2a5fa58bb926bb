"""Opening the database: PostgreSQL in production, SQLite (WAL) embedded."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from config.errors import ConfigurationError
from storage.types import encode_json

__all__ = ["Connection", "Database", "Failed", "Unavailable", "Unstorable", "contended"]

Unavailable = (OperationalError, PoolTimeout)
"""The database does not answer, or has no room or no connection left: the work is done later."""

Unstorable = DataError
"""A value that no column takes: U+0000, a text that is too long, a number that is too large."""

Failed = DBAPIError
"""Whatever a statement may raise."""

_CONTENDED = {"40001", "40P01"}
"""SQLSTATE serialization_failure, deadlock_detected."""


def contended(error: BaseException) -> bool:
    """Whether a transaction only lost against another one, and would do at once what it did not."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in _CONTENDED


LONGEST_PAUSE = 60
"""Seconds that a transaction may stand still between two statements. A process that is frozen in
the middle of one (its machine is moved, or out of memory) would hold its rows for ever, and with
them the lease that another has to take over."""

_GONE = {
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
"""A server that vanished without a word (power, network) is given up after 40 seconds at the most;
by default a client that waits for its answer would wait for two hours."""


class Database:
    """One pool of connections. Two kinds of transaction, and nothing outside of one."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        try:
            self.engine = _open(url, pool_size)
        except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
            # The URL holds a password: it is never shown.
            raise ConfigurationError(
                "[database] url cannot be used.",
                remedy="It looks like postgresql://USER@HOST/NAME or sqlite:///FILE.",
            ) from None
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may change rows: committed at the end, rolled back on any error."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only looks. On SQLite it does not wait for a writer."""
        with self.engine.connect().execution_options(looks_only=True) as connection:
            yield connection

    @contextmanager
    def read_long(self) -> Iterator[Connection]:
        """Like :meth:`read`, for a walk with work between the rows: it may stand still."""
        with self.read() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def _open(url: str, pool_size: int) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            hide_parameters=True,
            json_serializer=encode_json,
            connect_args={"timeout": 15, "check_same_thread": False},
        )
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=15,
        pool_pre_ping=True,
        hide_parameters=True,  # they are what people wrote, and errors reach logs
        json_serializer=encode_json,
        connect_args={"connect_timeout": 10, **_GONE},
    )
    event.listen(engine, "connect", _postgres_connect)
    return engine


def _postgres_connect(connection: Any, _record: object) -> None:
    """Said on the connection: a pooler between us refuses it as an option of the start.

    Statements are not compiled (``jit``): on a new database, of which PostgreSQL knows no sizes
    yet, it compiled the ledger's at each look, which took a hundred times as long as running it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{LONGEST_PAUSE}s'")
        cursor.execute("SET jit = off")
    connection.commit()


def _sqlite_connect(connection: Any, _record: object) -> None:
    """WAL so that readers never wait, FULL so that a commit survives a power cut.

    The driver's own transaction handling is off: it begins late, and lost updates in tests.
    """
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    """A writer takes the lock at once, so that what it reads cannot change before it writes."""
    looks_only = connection.get_execution_options().get("looks_only", False)
    connection.exec_driver_sql("BEGIN" if looks_only else "BEGIN IMMEDIATE")
