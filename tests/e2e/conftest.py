"""One company for the journeys of a file: it takes a while until all its servers run."""

from collections.abc import Iterator

import pytest
from peers.company import Company
from peers.postgres import Postgres


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Company]:
    with Company(tmp_path_factory.mktemp("company"), postgres) as one:
        yield one
