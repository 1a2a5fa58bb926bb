"""A database of the first version, with rows in it, becomes one of this version."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from peers.world import World, mail
from sqlalchemy import MetaData, insert, select

from storage import events
from storage import tables as t
from storage.engine import Database
from storage.reporting import facts
from storage.schema import alembic_config, is_current, upgrade
from workers import watching

FIRST = "0001"
APPLICATIONS = 300


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def first(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with the schema of the first version."""
    url = f"sqlite:///{tmp_path / 'first.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").new_database()
    database = Database(url)
    with database.engine.connect() as connection:
        command.upgrade(alembic_config(connection), FIRST)
        connection.commit()
    yield database
    database.close()


def fill(database: Database, now) -> None:
    """Rows as the first version wrote them: applications with mail, history and SMS."""
    numbers = range(1, APPLICATIONS + 1)
    rows = {
        "raw_item": [_raw(i, now) for i in numbers],
        "application": [_application(i, now) for i in numbers],
        "message": [_message(i, now) for i in numbers],
        "filing": [
            {"message_id": i, "application_id": i, "how": "opened", "reasons": [], "at": now}
            | {"by": "system"}
            for i in numbers
        ],
        "person_key": [
            {"key": i % 200, "message_id": i, "kind": "phone", "own": True} for i in numbers
        ],
        "event": [_event(i, now) for i in numbers],
        "outbox": [_outbox(i, now) for i in numbers],
        "channel": [{"name": "mail", "kind": "email", "checkpoint": {}}],
        "ledger": [
            {"channel": "mail", "day": now.date(), "seen": APPLICATIONS, "landed": APPLICATIONS}
        ],
        "number_sequence": [{"year": 2026, "last": APPLICATIONS}],
    }
    with database.engine.begin() as connection:
        there = MetaData()
        there.reflect(connection)
        for name, some in rows.items():
            for column in there.tables[name].columns:  # our types: dates and JSON as we write them
                column.type = t.application.metadata.tables[name].c[column.name].type
            connection.execute(insert(there.tables[name]), some)


def _raw(i: int, now) -> dict[str, object]:
    row = {"channel": "mail", "source_key": f"k{i}", "kind": "email", "size": 1}
    moments = {"received_at": now, "landed_at": now, "facts": {}, "trace": f"t{i}"}
    return row | moments | {"sha256": f"{i:064x}"}


def _application(i: int, now) -> dict[str, object]:
    row = {"number": f"26{i:08d}", "type": "unclassified", "status": "recorded"}
    who = {"applicant_name": "Deneme Kişi", "applicant_phone": f"+90555000{i:04d}"}
    came = {"channel": "mail", "kind": "email", "received_at": now, "recorded_at": now}
    return row | who | came | {"language": "tr"}


def _message(i: int, now) -> dict[str, object]:
    row = {"raw_id": i, "channel": "mail", "kind": "email", "received_at": now}
    document = {
        "source": "mail",
        "kind": "email",
        "text": f"Hasar dosyam {i} sonuçlanmadı.",
        "received_at": now,
    }
    document["received_at"] = now.isoformat()
    return row | {"match_text": f"hasar dosyam {i}", "things": [], "document": document}


def _event(i: int, now) -> dict[str, object]:
    row = {"application_id": i, "seq": 1, "at": now, "kind": "recorded", "actor": "system"}
    row |= {"data": {"message": i, "channel": "mail"}, "previous": events.FIRST}
    return row | {"hash": events.chain_hash(events.FIRST, row)}


def _outbox(i: int, now) -> dict[str, object]:
    row = {"application_id": i, "purpose": "acknowledgement", "reference": f"r{i}", "medium": "sms"}
    said = {"recipient": f"+90555000{i:04d}", "language": "tr", "text": "Başvurunuz alındı."}
    return row | said | {"state": "delivered", "trace": f"t{i}", "created_at": now, "due_at": now}


def test_everything_stays_and_is_counted_quickly(first: Database, now) -> None:
    fill(first, now)
    began = time.monotonic()
    upgrade(first)
    assert time.monotonic() - began < 60
    assert is_current(first)
    with first.read() as connection:
        assert facts.differences(connection) == []
        counted = connection.execute(select(t.case_fact.c.is_open)).scalars().all()
        assert counted == [True] * APPLICATIONS
        kept = connection.execute(select(t.outbox.c.state)).scalars().all()
        assert kept == ["delivered"] * APPLICATIONS


def test_what_the_first_version_recorded_gets_its_deadlines_and_its_department(
    first: Database, now, tmp_path: Path
) -> None:
    fill(first, now)
    upgrade(first)
    world = World(first, tmp_path, now + timedelta(days=2))
    assert watching.catch_up(world.tools) == APPLICATIONS
    assert watching.catch_up(world.tools) == 0
    while world.stages["suggest"].overdue(1):
        world.drain()
    found = world.applications()
    assert len(found) == APPLICATIONS
    assert all(one["legal_due_at"] and one["sla_due_at"] and one["department"] for one in found)
    with first.read() as connection:
        assert facts.differences(connection) == []
        told = t.event.c.kind == "deadlines_set"
        assert len(connection.execute(select(t.event.c.id).where(told)).all()) == APPLICATIONS


def test_the_house_goes_on_working_over_old_rows(first: Database, now, tmp_path: Path) -> None:
    fill(first, now)
    upgrade(first)
    world = World(first, tmp_path, now + timedelta(days=2))
    answer = mail("Ek belgem ektedir.", key="new", subject="Re: 26-0000-0001")
    world.receive(answer, mail("Yeni bir konu: poliçem iptal edilmedi.", key="other"))
    assert world.quarantine() == {}
    assert all(day["balances"] for day in world.ledger())
    assert len(world.applications()) > APPLICATIONS
