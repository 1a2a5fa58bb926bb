"""What ``basvuru verify`` finds: each kind of damage, done to a real installation's rows."""

from datetime import timedelta

import pytest
from peers.world import World, mail
from sqlalchemy import delete, text, update

from basvuru.verifying import verify
from storage import tables as t

TEXT = "{n}. dosyam üç haftadır sonuçlanmadı, bilgi rica ederim.\nTel: 0555 001 00 {n:02d}\n"


@pytest.fixture
def full(world: World) -> World:
    world.receive(
        *(mail(TEXT.format(n=n), key=f"m{n}", sender=f"k{n}@example.test") for n in range(5))
    )
    assert len(world.applications()) == 5
    return world


def look(world: World, **later: float) -> set[tuple[str, str]]:
    report = verify(world.database, world.blobs, world.moment + timedelta(**later))
    return {(one.kind, one.what) for one in report.problems}


def one_key(world: World) -> str:
    with world.database.read() as connection:
        return str(connection.execute(t.raw_item.select().limit(1)).one().sha256)


def test_an_untouched_installation_is_whole_and_all_of_it_was_looked_at(full):
    report = verify(full.database, full.blobs, full.moment)
    assert report.problems == []
    assert report.blobs == 5
    assert report.events >= 5
    assert report.days == 1


def test_bytes_that_changed_and_bytes_that_are_gone_are_named(full):
    key = one_key(full)
    file = full.blobs.folder / key[:2] / key
    file.chmod(0o600)
    file.write_bytes(b"other")
    assert look(full) == {("blob-changed", key)}
    file.unlink()
    assert look(full) == {("blob-missing", key)}


@pytest.mark.parametrize(
    "damage",
    [
        update(t.event).where(t.event.c.seq == 1).values(actor="somebody else"),
        update(t.event).where(t.event.c.seq == 2).values(hash="0" * 64),
        delete(t.event).where(t.event.c.seq == 1),
    ],
    ids=["changed", "hash", "removed"],
)
def test_a_history_that_was_touched_is_found(full, damage):
    with full.database.write() as connection:
        connection.execute(damage.where(t.event.c.application_id == 1))
    found = look(full)
    assert found
    assert {kind for kind, _ in found} == {"history"}
    assert all(what.startswith("application 1,") for _, what in found)


def test_what_was_lost_on_its_way_unbalances_the_ledger(full):
    full.land(mail("Yeni bir konu.", key="new", sender="new@example.test"))
    with full.database.write() as connection:
        connection.execute(delete(t.work))
    assert {kind for kind, _ in look(full)} == {"ledger"}


def test_a_number_behind_which_there_is_nothing_is_named(full):
    with full.database.write() as connection:
        connection.execute(delete(t.filing).where(t.filing.c.application_id == 3))
    found = look(full)
    number = full.applications()[2]["number"]
    assert ("number", number) in found


def test_a_filing_whose_message_is_gone_is_named(full):
    if full.database.is_sqlite:
        with full.database.engine.connect() as connection:
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("DELETE FROM message WHERE id = 2")
            raw.execute("PRAGMA foreign_keys=ON")
    else:
        with full.database.write() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(delete(t.message).where(t.message.c.id == 2))
            connection.execute(text("SET session_replication_role = origin"))
    assert ("filing", "message 2") in look(full)


def test_bytes_that_no_row_needs_are_counted_when_they_are_old_and_are_no_problem(full):
    full.blobs.put([b"nobody needs this"])
    report = verify(full.database, full.blobs, full.moment - timedelta(days=30))
    assert (report.orphans, report.problems) == (0, [])
    from config.clock import now

    report = verify(full.database, full.blobs, now() + timedelta(days=2))
    assert (report.orphans, report.orphan_bytes, report.problems) == (1, 17, [])


def test_what_the_law_took_is_not_missed(full):
    from storage import erasing

    key = one_key(full)
    with full.database.write() as connection:
        connection.execute(t.keeping.insert().values(application_id=1, hold_reason=""))
        erasing.erase(connection, 1, full.moment)
    full.blobs.delete(key)
    assert look(full) == set()
