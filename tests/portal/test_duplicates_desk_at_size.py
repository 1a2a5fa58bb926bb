"""100,000 applications and 20,000 pairs that wait, on PostgreSQL: the desk keeps its bound."""

import pytest
from sqlalchemy import text
from test_applications_list_at_size import client_of_full, full, priced

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
__all__ = ["client_of_full", "full"]

BOUND = 5_000
"""What all statements of a page may cost together, see peers.plans; measured: 3,987."""


def test_the_desk_stays_within_its_bound(full, client_of_full) -> None:
    document = '{"source": "k1", "kind": "email", "text": "Hasar dosyam sonuçlanmadı."}'
    with full.write() as connection:
        said = text("UPDATE message SET document = cast(:document AS jsonb) WHERE id <= 20002")
        connection.execute(said, {"document": document})
        connection.exec_driver_sql(
            "INSERT INTO suggestion (message_id, application_id, score, reasons, at)"
            " SELECT id, id - 1, 75 + mod(id, 25), '[]', now() FROM generate_series(2, 20001) AS id"
        )
        connection.exec_driver_sql("ANALYZE suggestion")
        connection.exec_driver_sql("UPDATE application SET department = NULL WHERE id <= 20001")
    for role in ("supervisor", "handler"):
        client = client_of_full(role)
        spent = priced(full, lambda c=client: c.get("/staff/duplicates"))
        assert spent < BOUND
