"""What every page of staff costs the server at 100,000 applications, beside a bare page.

    .venv/bin/python benchmarks/pages.py [--count 100000] [--rounds 9]

PostgreSQL, filled by set-based statements; the portal in this process. CPU is of this process and
does not hold the database's; wall time holds both, and suffers from whatever else the machine does:
compare it with the bare page's of the same run. Cost is what PostgreSQL expects the statements of
the first look to cost, in its own units, whatever else the machine does. The target is 100 ms a
page.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HOUSE = Path(__file__).parents[1]
sys.path[:0] = [str(HOUSE), str(HOUSE / "tests"), str(HOUSE / "tests" / "portal")]

from peers.plans import price, statements
from peers.postgres import Postgres
from peers.staff import client_of, colleague
from peers.world import World
from pydantic import SecretStr
from sqlalchemy import text
from starlette.testclient import TestClient
from test_applications_list_at_size import FILL

from ingest.channels import phone, web
from portal.app import Services, make_app
from portal.channel_hooks import HookAnswer
from portal.intake import Intake
from portal.web.nav import MENU
from storage import channels
from storage.engine import Database
from storage.schema import upgrade

TARGET = 100.0
BARE = "/staff/account"
ROLES = ("administrator", "supervisor", "operations", "auditor", "handler")
MORE = (
    "UPDATE raw_item SET landed_at = received_at",
    """UPDATE message SET document = '{"source": "k", "kind": "email", "text": "Dosyam bekliyor."}'
       WHERE id <= 20""",
    "UPDATE application SET status = 'closed' WHERE received_at < now() - interval '30 days'",
    """INSERT INTO event (application_id, seq, at, kind, actor, data, previous, hash)
       SELECT id, s, recorded_at, (ARRAY['recorded', 'deadlines_set', 'routed', 'closed'])[s],
         'system', '{}', '', md5(id || '/' || s)
       FROM application, generate_series(1, 4) s WHERE s < 4 OR status = 'closed'""",
    """INSERT INTO clock (application_id, clock, rule, started_at, due_at, warned, stopped_at,
         pause_reason, paused_days)
       SELECT id, name, 'insurer-15', received_at, legal_due_at, 0,
         CASE status WHEN 'closed' THEN legal_due_at END, '', 0
       FROM application, (VALUES ('legal'), ('internal')) c(name)""",
    """INSERT INTO outbox (application_id, purpose, reference, medium, recipient, language, text,
         envelope, state, detail, parts, price, trace, created_at, accepted_at, attempts, due_at)
       SELECT id, 'received', 'r' || id, 'sms', '', 'tr', '', '{}', 'delivered', '', 1, 0, 't',
         recorded_at, recorded_at, 1, recorded_at FROM application""",
    """INSERT INTO task (application_id, kind, department, due_at, state, data, created_at,
         created_by)
       SELECT id, 'note', department, legal_due_at, CASE id % 10 WHEN 0 THEN 'open' ELSE 'done' END,
         '{}', recorded_at, 'system' FROM application WHERE id % 4 = 0""",
    """INSERT INTO case_fact (application_id, seq, message_id, type, channel, account, department,
         status, is_open, received_at, received_day, received_weekday, received_hour, recorded_day,
         legal_due_at, legal_due_day, sla_due_at, sla_due_day, settled_at, settled_day, transfers,
         asks, reopenings)
       SELECT id, 4, id, type, kind, channel, department, status, status <> 'closed', received_at,
         received_at::date, 1, 12, recorded_at::date, legal_due_at, legal_due_at::date, sla_due_at,
         sla_due_at::date, CASE status WHEN 'closed' THEN sla_due_at END,
         CASE status WHEN 'closed' THEN sla_due_at::date END, 0, 0, 0 FROM application""",
    """INSERT INTO case_movement (application_id, seq, kind, at, day)
       SELECT application_id, 1, 'received', received_at, recorded_day FROM case_fact
       UNION ALL SELECT application_id, 4, 'closed', settled_at, settled_day FROM case_fact
       WHERE settled_at IS NOT NULL""",
    """INSERT INTO view_log (seq, at, login, what, application_id, data, reason, place, previous,
         hash)
       SELECT id, recorded_at, 'someone', 'opened', id, '{}', '', '', '', md5(id::text)
       FROM application""",
    """INSERT INTO quarantine (raw_id, stage, cause, detail, at)
       SELECT id, 'normalise', 'unreadable', '', landed_at FROM raw_item WHERE id % 500 = 0""",
)


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of the first look, medians of those after it, and bytes of the page."""

    first: float
    wall: float
    cpu: float
    cost: float
    size: int


def fill(database: Database, count: int) -> None:
    with database.write() as connection:
        channels.register(connection, "mail", "email")
        for statement in (*FILL, *MORE):
            given = {"count": count} if ":count" in statement else {}
            connection.execute(text(statement), given)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def portal_of(database: Database, folder: Path) -> TestClient:
    """A portal in this process, and somebody signed in who may open every page."""
    world = World(database, folder, datetime.now(UTC))
    house = Services(
        database=database,
        now=lambda: datetime.now(UTC),
        ring=lambda _bells: None,
        receive=lambda _account, _request: HookAnswer(404),
        is_signed=lambda _what, _signature: False,
        office=world.tools.office,
        intake=Intake(
            take=lambda *_: None,
            house=lambda: world.tools.house,
            secret=b"s",
            web=("web", web.Settings()),
            phone=("phone", phone.Settings(secret=SecretStr("s"))),
        ),
    )
    return client_of(
        TestClient(make_app(house)), colleague(house, *ROLES, login="all", department="hukuk")
    )


def pages(client: TestClient) -> dict[str, Callable[[], int]]:
    """Every page of the menu, and those that stand behind one."""
    paths = [entry.path for _, entries in MENU for entry in entries]
    paths += ["/staff/wall", "/staff/applications?show=all", "/staff/applications/0000000020"]

    def opens(path: str) -> Callable[[], int]:
        return lambda: _size(client, path)

    found = {path: opens(path) for path in (BARE, *paths)}
    for words in ("sigorta", "0555 000 12 34"):
        found[f"search {words}"] = lambda q=words: _found(client, q)
    return found


def _size(client: TestClient, path: str) -> int:
    answer = client.get(path, headers={"accept": "text/html"}, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(answer.content)


def _found(client: TestClient, words: str) -> int:
    asked = {"q": words}
    answer = client.post("/staff/applications/search", data=asked, follow_redirects=True)
    assert answer.status_code == 200, answer.status_code
    return len(answer.content)


def took(database: Database, look: Callable[[], int], rounds: int) -> Took:
    """The first look, which nothing was kept for, and the median of some rounds after it."""
    begun = time.perf_counter()
    with statements(database) as sent:
        size = look()
    first = (time.perf_counter() - begun) * 1000
    walls, cpus = [], []
    for _ in range(rounds):
        begun, used = time.perf_counter(), time.process_time()
        look()
        cpus.append((time.process_time() - used) * 1000)
        walls.append((time.perf_counter() - begun) * 1000)
    return Took(
        first, statistics.median(walls), statistics.median(cpus), price(database, sent), size
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=9)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="pages-") as name, Postgres() as postgres:
        database = Database(postgres.new_database())
        upgrade(database)
        fill(database, given.count)
        found = pages(portal_of(database, Path(name)))
        print(
            f"{'page':34} {'first':>7} {'ms':>7} {'cpu ms':>7} {'cost':>8} {'bytes':>8}", flush=True
        )
        for path, look in found.items():
            one = took(database, look, given.rounds)
            over = " OVER" if one.wall > TARGET else ""
            figures = (
                f"{one.first:7.1f} {one.wall:7.1f} {one.cpu:7.1f} {one.cost:8.0f} {one.size:8}"
            )
            print(f"{path:34} {figures}{over}", flush=True)
        database.close()


if __name__ == "__main__":
    main()
