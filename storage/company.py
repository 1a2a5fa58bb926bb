"""Asking another system's database one query: read only, bounded in time and rows, never written.

Lives here because only this room speaks SQL. The query is the operator's, from the settings; what
is looked for is always a bound value, never part of the text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from config.errors import BasvuruError, ConfigurationError


class Away(BasvuruError):
    """The database does not answer in time. ``permanent``: the query or the rights are wrong."""

    def __init__(self, problem: str, *, permanent: bool = False) -> None:
        super().__init__(problem)
        self.permanent = permanent


class CompanyDatabase:
    """One database of the company. ``seconds``: time that one query may take."""

    def __init__(self, url: str, seconds: float) -> None:
        options: dict[str, Any] = {"hide_parameters": True, "pool_pre_ping": True}
        if url.startswith("postgresql"):
            milliseconds = int(seconds * 1000)
            settings = f"-c statement_timeout={milliseconds} -c default_transaction_read_only=on"
            options["connect_args"] = {"connect_timeout": max(int(seconds), 1), "options": settings}
            options |= {"pool_size": 2, "max_overflow": 0, "pool_timeout": seconds}
        try:
            self.engine = create_engine(url, **options)
        except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
            # The URL may hold a password: it is never shown.
            raise ConfigurationError("The database URL of a lookup cannot be used.") from None
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _read_only)

    def ask(self, query: str, values: Mapping[str, str], most: int) -> Sequence[Mapping[str, Any]]:
        """Rows of one query, ``most`` at the most. Raises Away."""
        try:
            with self.engine.connect() as connection:
                rows = connection.execute(text(query), dict(values)).mappings().fetchmany(most)
                return [dict(row) for row in rows]
        except (DBAPIError, PoolTimeout) as error:
            cause = getattr(error, "orig", None)
            name = type(cause or error).__name__
            away = isinstance(error, PoolTimeout) or name in _AWAY or error.connection_invalidated
            raise Away(f"The database says {name}.", permanent=not away) from None
        except SQLAlchemyError as error:
            raise Away(
                f"The query cannot be asked ({type(error).__name__}).", permanent=True
            ) from None

    def close(self) -> None:
        self.engine.dispose()


_AWAY = {"OperationalError", "QueryCanceled", "ConnectionTimeout", "AdminShutdown", "TimeoutError"}
"""Driver errors that go by themselves. SQLite calls everything an OperationalError."""


def _read_only(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")
