"""What a decision about duplicates costs at ten thousand, a hundred thousand and a million
applications.

    python benchmarks/duplicates.py [--sizes 10000 100000 1000000] [--mails 500]

A private PostgreSQL is filled with applications of made-up people, five for each person within
sixty days. Then mails of people who are known come in, every second one much like something that
the person wrote before. Measured is the looking and deciding alone (cases.lookup,
cases.duplicates), in batches of 100 as the stage takes them: CPU of this thread, and of the
database's process.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

import psycopg
import structlog
from peers.postgres import Postgres
from peers.world import World, mail

from cases.duplicates import decide_all
from cases.incoming import as_incoming
from cases.lookup import load_known
from cases.person import blind
from storage import known
from storage.engine import Database
from storage.schema import upgrade

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
BATCH = 100
EACH = 5
"""Applications of one person."""
TICKS = os.sysconf("SC_CLK_TCK")

FILL = """
INSERT INTO raw_item
  (channel, source_key, kind, sha256, size, received_at, landed_at, facts, trace)
SELECT 'old', 'old-' || n, 'email', md5(n::text) || md5('b' || n), 2000, at, at, '{{}}',
       md5(n::text)
FROM (SELECT n, {now} - interval '60 days' * ((n::bigint * 7919) % 1000) / 1000 AS at
      FROM generate_series({first}, {last}) n) s;
INSERT INTO message (raw_id, channel, kind, received_at, message_id, match_text, things, document)
SELECT id, 'old', 'email', received_at, source_key || '@example.test',
       'dosyam hakkinda bilgi istiyorum ' || replace(source_key, '-', ' ') || ' '
       || regexp_replace(sha256 || md5(sha256) || md5(source_key), '(.{{6}})', '\\1 ', 'g'),
       '[]', '{{}}'
FROM raw_item WHERE channel = 'old' AND id > {raw};
INSERT INTO person_key (key, message_id, kind, own)
SELECT 1000000000 + (substr(message_id, 5, position('@' in message_id) - 5)::bigint / {each}),
       id, 'email', true
FROM message WHERE id > {message};
INSERT INTO application (number, type, status, channel, kind, received_at, recorded_at, language)
SELECT 'o' || id, 'unclassified', 'recorded', 'old', 'email', received_at, received_at, 'tr'
FROM message WHERE id > {message};
INSERT INTO filing (message_id, application_id, how, reasons, at, by)
SELECT m.id, a.id, 'opened', '[]', m.received_at, 'system'
FROM message m JOIN application a ON a.number = 'o' || m.id WHERE m.id > {message};
ANALYZE;
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options.add_argument("--mails", type=int, default=500)
    given = options.parse_args()
    costs(given.sizes, given.mails)


def costs(sizes: Sequence[int], mails: int) -> list[float]:
    """Milliseconds of CPU a decision, ours and the database's, at each of these sizes; printed as
    they are found."""
    found: list[float] = []
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Postgres() as postgres:
        url = postgres.new_database()
        database = Database(url)
        upgrade(database)
        world = World(database, Path(folder), NOW)
        have = 0
        print(f"{'applications':>12} {'filled in':>10} {'ours':>9} {'database':>9} {'together':>9}")
        for round_, size in enumerate(sizes):
            started = time.monotonic()
            fill(url, have, size)
            filled, have = time.monotonic() - started, size
            ours, theirs, right = measure(url, world, size, round_, mails)
            cost = ours + theirs
            found.append(cost)
            print(
                f"{size:12,} {filled:8.0f} s {ours:6.3f} ms {theirs:6.3f} ms {cost:6.3f} ms"
                f"   {cost / found[0]:4.2f} x; {right} of {mails} decided right"
            )
        database.close()
    return found


def fill(url: str, first: int, last: int) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        (raw,) = connection.execute("SELECT coalesce(max(id), 0) FROM raw_item").fetchone() or (0,)
        (message,) = connection.execute("SELECT coalesce(max(id), 0) FROM message").fetchone() or (
            0,
        )
        connection.execute("SET synchronous_commit = off")
        script = FILL.format(
            now=f"timestamptz '{NOW.isoformat()}'",
            first=first,
            last=last - 1,
            each=EACH,
            raw=raw,
            message=message,
        )
        for statement in script.split(";\n"):
            if statement.strip():
                connection.execute(statement)


def measure(url: str, world: World, size: int, round_: int, count: int) -> tuple[float, float, int]:
    """(ms of ours, ms of the database, decisions that are right), for each mail."""
    people = [i * (size // EACH // count) for i in range(count)]
    _know(url, people)
    texts = _earlier(url, people)
    again = {person for i, person in enumerate(people) if i % 2 and person in texts}
    items = [
        mail(
            texts[person] + "\nAcele cevap bekliyorum."
            if person in again
            else _new(person, round_),
            key=f"r{round_}-{person}",
            sender=_address(person),
            received_at=NOW,
        )
        for person in people
    ]
    world.land(*items)
    while world.stages["mail"].run(None).get("record"):
        pass
    return _decide(url, world, {f"r{round_}-{person}@example.test" for person in again}, count)


def _decide(url: str, world: World, again: set[str], count: int) -> tuple[float, float, int]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute("SELECT raw_id FROM work WHERE stage = 'record' ORDER BY raw_id")
        raw_ids = [row[0] for row in rows][:count]
    policy, right = world.tools.house.policy, 0
    with world.database.read() as connection:
        backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        batches = [
            known.to_file(connection, raw_ids[i : i + BATCH]) for i in range(0, count, BATCH)
        ]
        incoming = [[as_incoming(one) for one in batch] for batch in batches]
        load_known(connection, incoming[0], policy, NOW)  # plans and caches
        ours, theirs = time.thread_time(), _cpu(backend)
        for batch in incoming:
            verdicts = decide_all(batch, load_known(connection, batch, policy, NOW), policy)
            right += sum((v.how == "near") == (m.message_id in again) for m, v in verdicts)
        ours, theirs = time.thread_time() - ours, _cpu(backend) - theirs
    _clear(url)
    return ours * 1000 / count, theirs * 1000 / count, right


def _know(url: str, people: list[int]) -> None:
    """Give the people who write now the keys that their addresses have."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        for person in people:
            key = blind("email", _address(person), b"index")
            connection.execute(
                "UPDATE person_key SET key = %s WHERE key = %s", (key, 1_000_000_000 + person)
            )


def _earlier(url: str, people: list[int]) -> dict[int, str]:
    """The newest thing that each of them wrote."""
    numbers = {
        f"old-{person * EACH + i}@example.test": person for person in people for i in range(EACH)
    }
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute(
            "SELECT message_id, match_text FROM message WHERE message_id = ANY(%s) "
            "AND received_at > %s ORDER BY received_at",
            (list(numbers), NOW - timedelta(days=29)),
        )
        return {numbers[row[0]]: row[1] for row in rows}


def _new(person: int, round_: int) -> str:
    return f"Poliçemi yeniletmek istiyorum, konu {person} {round_}. Teklifi bekliyorum, iyi günler."


def _address(person: int) -> str:
    return f"k{person}@example.test"


def _clear(url: str) -> None:
    """What this round brought is not there in the next."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("DELETE FROM work")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main()
