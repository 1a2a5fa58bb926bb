"""100,000 applications on PostgreSQL: the page of one reads what is its own."""

import pytest
from sqlalchemy import text
from test_applications_list_at_size import client_of_full, full, priced

pytestmark = pytest.mark.slow
__all__ = ["client_of_full", "full"]


BOUND = 1_000
"""What all its statements may cost together; see peers.plans."""


def test_the_page_of_an_application_reads_few_rows(full, client_of_full) -> None:
    document = '{"source": "k1", "kind": "email", "text": "Hasar dosyam sonuçlanmadı."}'
    with full.write() as connection:
        said = text("UPDATE message SET document = cast(:document AS jsonb) WHERE id <= 20")
        connection.execute(said, {"document": document})
    client = client_of_full("supervisor")
    for number in (2, 20):
        spent = priced(full, lambda at=number: client.get(f"/staff/applications/{at:010}"))
        assert spent < BOUND
