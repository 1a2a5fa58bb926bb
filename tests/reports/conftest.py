"""A made-up year, small: written into each kind of database once, and copied for each test."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from peers.postgres import Postgres

from cases.reports import calendar
from samples.year.load import Loader
from samples.year.story import Year
from storage.blobs import FolderBlobs
from storage.engine import Database

YEAR, COUNT = 2025, 600
TODAY = date(2026, 1, 2)


def fill(database: Database, folder: Path, count: int = COUNT) -> None:
    blobs = FolderBlobs(folder / "blobs")
    blobs.prepare()
    Loader(database, blobs, b"test-key", b"index").load(Year(YEAR, count, 7))
    with database.write() as connection:
        calendar.prepare(connection, TODAY)


@pytest.fixture(scope="session")
def sqlite_year(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: bytes) -> bytes:
    folder = tmp_path_factory.mktemp("year")
    (folder / "year.db").write_bytes(empty_sqlite)
    database = Database(f"sqlite:///{folder / 'year.db'}")
    fill(database, folder)
    database.close()
    return (folder / "year.db").read_bytes()


@pytest.fixture
def sqlite_with_year(tmp_path: Path, sqlite_year: bytes) -> Iterator[Database]:
    (tmp_path / "year.db").write_bytes(sqlite_year)
    database = Database(f"sqlite:///{tmp_path / 'year.db'}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_year(
    postgres: Postgres, empty_postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Name of a database with the year in it, to be copied."""
    url = postgres.new_database(empty_postgres)
    database = Database(url)
    fill(database, tmp_path_factory.mktemp("year"))
    database.close()
    return url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def year(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A year of 600 applications, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_with_year")
        return
    server = request.getfixturevalue("postgres")
    database = Database(server.new_database(request.getfixturevalue("postgres_year")))
    yield database
    database.close()
