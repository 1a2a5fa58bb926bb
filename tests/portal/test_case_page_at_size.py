"""100,000 applications on PostgreSQL: the page of one stays under 100 ms of server time."""

import time
from statistics import median

import pytest
from sqlalchemy import text
from test_applications_list_at_size import BOUND, client_of_full, full

pytestmark = pytest.mark.slow
__all__ = ["client_of_full", "full"]


def test_the_page_of_an_application_is_quick(full, client_of_full) -> None:
    document = '{"source": "k1", "kind": "email", "text": "Hasar dosyam sonuçlanmadı."}'
    with full.write() as connection:
        said = text("UPDATE message SET document = cast(:document AS jsonb) WHERE id <= 20")
        connection.execute(said, {"document": document})
    client = client_of_full("supervisor")
    client.get("/staff/applications/0000000001")
    spent = []
    for number in range(2, 12):
        began = time.perf_counter()
        answer = client.get(f"/staff/applications/{number:010}")
        spent.append(time.perf_counter() - began)
        assert answer.status_code == 200
    assert median(spent) < BOUND
