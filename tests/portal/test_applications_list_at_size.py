"""100,000 applications on PostgreSQL: nothing that the list or the search asks reads them all.

How long the pages take is measured in ``benchmarks/pages.py``.
"""

from datetime import UTC, datetime

import pytest
from peers.plans import cost
from peers.staff import client_of, colleague
from peers.world import World
from sqlalchemy import text
from starlette.testclient import TestClient

from portal.app import Services, make_app
from portal.channel_hooks import HookAnswer
from portal.intake import Intake
from storage.engine import Database

pytestmark = pytest.mark.slow
COUNT = 100_000
BOUND = 15_000
"""What all statements of a page may cost together; see peers.plans."""

FILL = (
    """INSERT INTO raw_item (channel, source_key, kind, sha256, size, received_at, landed_at, facts,
         trace)
       SELECT 'mail', 'k' || i, 'email', md5(i::text) || md5(i::text), 9,
         now() - i * interval '3 min', now(), '{}', 't' FROM generate_series(1, :count) i""",
    """INSERT INTO message (raw_id, channel, kind, received_at, match_text, things, document)
       SELECT id, 'mail', 'email', received_at, '', '[]', '{}' FROM raw_item""",
    """INSERT INTO application (number, type, status, channel, kind, received_at, recorded_at,
         subject, applicant_name, language, department, sla_due_at, legal_due_at)
       SELECT lpad(id::text, 10, '0'), CASE id % 4 WHEN 0 THEN 'complaint' ELSE 'request' END,
         CASE WHEN id % 5 < 3 THEN 'closed' WHEN id % 5 = 3 THEN 'assessed' ELSE 'in_progress' END,
         'mail', CASE id % 3 WHEN 0 THEN 'email' WHEN 1 THEN 'fax' ELSE 'web' END, received_at,
         received_at, 'Konu ' || id, 'Deneme Kisi', 'tr',
         (ARRAY['hukuk', 'oto-hasar', 'saglik-hasar'])[1 + id % 3],
         received_at + interval '10 days', received_at + interval '20 days' FROM message""",
    """INSERT INTO filing (message_id, application_id, how, reasons, at, by)
       SELECT id, id, 'opened', '[]', now(), 'system' FROM message""",
    """INSERT INTO search_text (message_id, words)
       SELECT id, 'sigorta hasar dosya odeme rica ederim '
         || string_agg(substr(md5((id * 40 + w)::text), 1, 6), ' ')
       FROM message, generate_series(1, 40) w GROUP BY id""",
    "INSERT INTO person_key (key, message_id, kind, own) SELECT id % 50000, id, 'phone', true"
    " FROM message",
)


@pytest.fixture(scope="module")
def full(postgres, empty_postgres):
    database = Database(postgres.new_database(empty_postgres))
    with database.write() as connection:
        for statement in FILL:
            connection.execute(text(statement), {"count": COUNT} if ":count" in statement else {})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    yield database
    database.close()


@pytest.fixture
def client_of_full(full, tmp_path):
    """Somebody who reads everything, on a portal over 100,000 applications."""
    world = World(full, tmp_path, datetime.now(UTC))
    house = Services(
        database=full,
        now=lambda: datetime.now(UTC),
        ring=lambda bells: None,
        receive=lambda account, request: HookAnswer(404),
        is_signed=lambda what, signature: False,
        intake=Intake(take=lambda *_: None, house=lambda: world.tools.house, secret=b"s"),
    )
    portal = TestClient(make_app(house))

    def client(*roles, **more):
        return client_of(portal, colleague(house, *roles, **more))

    return client


def priced(database, look):
    def looked():
        assert look().status_code < 400

    return round(cost(database, looked))


ADDRESSES = [
    "",
    "?show=all",
    "?show=closed&department=hukuk",
    "?department=oto-hasar&kind=fax",
    "?kind=nothing-came-this-way",
    "?show=all&kind=nothing-came-this-way",
    "?assignee=-&due=late",
    "?due=week&type=complaint",
    "?review=yes",
    "?show=all&after=-50000",
]


@pytest.mark.parametrize("role", ["supervisor", "handler"])
def test_every_way_of_looking_at_the_list_reads_few_rows(full, client_of_full, role):
    client = client_of_full(role, department="hukuk")
    costs = {
        one: priced(full, lambda at=one: client.get(f"/staff/applications{at}"))
        for one in ADDRESSES
    }
    assert {one: s for one, s in costs.items() if s > BOUND} == {}


@pytest.mark.parametrize("role", ["supervisor", "handler"])
def test_every_search_reads_few_rows_whatever_word_it_is(full, client_of_full, role):
    client = client_of_full(role, department="hukuk")
    rare = "c4ca42"
    costs = {
        q: priced(
            full, lambda asked=q: client.post("/staff/applications/search", data={"q": asked})
        )
        for q in (
            rare,
            "sigorta",
            "sigorta hasar",
            "34 abc 123",
            "0555 000 12 34",
            "0000050000",
            "h",
        )
    }
    assert {one: s for one, s in costs.items() if s > BOUND} == {}
