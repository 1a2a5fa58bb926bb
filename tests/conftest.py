"""What all tests share: the helpers in tests/peers, real servers, databases of their own."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from peers.browser import chromium
from peers.postgres import BIN, Postgres
from peers.redis import Redis
from peers.world import World
from playwright.sync_api import Browser

from storage.blobs import FolderBlobs
from storage.engine import Database
from storage.schema import upgrade

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The moment at which the tests' world stands still."""
    return NOW


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of a run: Playwright cannot be started twice in a process."""
    with chromium() as one:
        yield one


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if BIN is None:
        pytest.skip("PostgreSQL is not installed")
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def empty_postgres(postgres: Postgres) -> str:
    """Name of a database with our schema in it, to be copied."""
    url = postgres.new_database()
    database = Database(url)
    upgrade(database)
    database.close()
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("sqlite") / "empty.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.close()  # the last connection writes the log back into the file
    return file.read_bytes()


@pytest.fixture
def sqlite(tmp_path: Path, empty_sqlite: bytes) -> Iterator[Database]:
    file = tmp_path / "basvuru.db"
    file.write_bytes(empty_sqlite)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database with our schema: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    server = request.getfixturevalue("postgres")
    database = Database(server.new_database(request.getfixturevalue("empty_postgres")))
    yield database
    database.close()


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    store = FolderBlobs(tmp_path / "blobs")
    store.prepare()
    return store


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    with Redis(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def world(database: Database, tmp_path: Path, now: datetime) -> World:
    """The real stages over a real database, run by hand."""
    return World(database, tmp_path, now)
