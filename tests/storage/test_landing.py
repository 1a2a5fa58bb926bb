import pytest

from ingest.contract import Delivery, RawItem, Refusal
from storage import channels, views
from storage.blobs import MARK, FolderBlobs
from storage.engine import Database
from storage.landing import Fenced, Lander


@pytest.fixture
def lander(database: Database, blobs: FolderBlobs) -> Lander:
    with database.write() as connection:
        channels.register(connection, "box", "email")
    return Lander(database, blobs, lambda kind: "pages" if kind == "fax" else "mail")


def items(*keys: str, kind: str = "email") -> list[RawItem]:
    return [RawItem(key, kind, key.encode()) for key in keys]


def state(database: Database) -> channels.ChannelState:
    with database.read() as connection:
        return channels.state(connection, "box")


def lease(database: Database, holder: str, now) -> int | None:
    from datetime import timedelta

    with database.write() as connection:
        return channels.take_lease(connection, "box", holder, now=now, length=timedelta(minutes=1))


def test_items_land_with_their_checkpoint_and_name_the_queue_of_their_reader(lander, database, now):
    delivery = Delivery([*items("a", "b"), *items("f", kind="fax")], {"at": 2})
    landed = lander.land("box", delivery, epoch=None, now=now)
    assert {queue: len(ids) for queue, ids in landed.new.items()} == {"mail": 2, "pages": 1}
    assert state(database).checkpoint == {"at": 2}
    assert lander.blobs.get(lander.blobs.put([b"a"])[0]) == b"a"


def test_what_is_here_already_lands_only_once(lander, now):
    lander.land("box", Delivery(items("a", "b")), epoch=None, now=now)
    landed = lander.land("box", Delivery(items("b", "c")), epoch=None, now=now)
    assert (landed.count, landed.already_had) == (1, 1)


def test_the_same_key_twice_in_one_delivery_lands_once(lander, now):
    landed = lander.land("box", Delivery(items("a", "a")), epoch=None, now=now)
    assert (landed.count, landed.already_had) == (1, 1)


def test_two_accounts_may_use_the_same_key(lander, database, now):
    with database.write() as connection:
        channels.register(connection, "other", "email")
    lander.land("box", Delivery(items("a")), epoch=None, now=now)
    assert lander.land("other", Delivery(items("a")), epoch=None, now=now).count == 1


def test_a_reader_whose_lease_passed_on_stores_nothing_and_moves_no_checkpoint(
    lander, database, now
):
    from datetime import timedelta

    slept = lease(database, "first", now)
    taken = lease(database, "second", now + timedelta(minutes=2))
    with pytest.raises(Fenced):
        lander.land("box", Delivery(items("a"), {"at": 1}), epoch=slept, now=now)
    assert state(database).checkpoint == {}
    assert lander.land("box", Delivery(items("a"), {"at": 1}), epoch=taken, now=now).count == 1


def test_a_lease_is_held_by_one_and_kept_by_it(database, lander, now):
    from datetime import timedelta

    first = lease(database, "first", now)
    assert lease(database, "second", now + timedelta(seconds=30)) is None
    assert lease(database, "first", now + timedelta(seconds=50)) == first
    assert lease(database, "second", now + timedelta(seconds=100)) is None
    assert lease(database, "second", now + timedelta(seconds=200)) == first + 1


def test_a_checkpoint_is_stored_only_when_its_rows_are(lander, database, now, monkeypatch):
    from storage import landing

    def fails(*_arguments):
        raise RuntimeError("power cut")

    monkeypatch.setattr(landing, "_count", fails)
    with pytest.raises(RuntimeError):
        lander.land("box", Delivery(items("a"), {"at": 1}), epoch=None, now=now)
    assert state(database).checkpoint == {}
    monkeypatch.undo()
    assert lander.land("box", Delivery(items("a"), {"at": 1}), epoch=None, now=now).count == 1


def test_refusals_are_counted_once_and_the_ledger_balances(lander, database, now):
    delivery = Delivery(items("a"), refusals=[Refusal("gone", "the server does not give it")])
    lander.land("box", delivery, epoch=None, now=now)
    lander.land("box", delivery, epoch=None, now=now)
    with database.read() as connection:
        [day] = views.ledger(connection)
    assert (day["seen"], day["landed"], day["already_had"], day["refused"]) == (4, 1, 2, 1)
    assert day["waiting"] == 1
    assert day["balances"]


def test_the_ledger_says_so_when_something_is_lost(lander, database, now):
    from storage.tables import work

    lander.land("box", Delivery(items("a")), epoch=None, now=now)
    with database.write() as connection:
        connection.execute(work.delete())
    with database.read() as connection:
        [day] = views.ledger(connection)
    assert not day["balances"]


def test_a_blob_is_written_once_and_kept_under_its_hash(blobs):
    first, again, other = blobs.put([b"x", b"x", b"y"])
    assert first == again != other
    assert blobs.get(first) == b"x"
    with pytest.raises(KeyError):
        blobs.get("0" * 64)
    assert [found.name for found in blobs.folder.rglob(".*")] == [MARK]


def test_a_disk_that_is_not_mounted_is_no_empty_store(blobs, tmp_path):
    [key] = blobs.put([b"x"])
    blobs.folder.rename(tmp_path / "elsewhere")
    blobs.folder.mkdir()
    with pytest.raises(OSError, match="not mounted"):
        blobs.get(key)
    with pytest.raises(OSError, match="not mounted"):
        blobs.put([b"y"])


def test_a_key_that_breaks_the_contract_does_not_stop_its_channel(lander, database, now):
    hostile = ["x" * 5_000, "x" * 5_001, "a\x00b", "dosya-\udcff.pdf", "dosya-\udcfe.pdf"]
    keyed = [
        RawItem(key, "email", b"x", facts={"n\x00": "\udcff"}, problem="\x00") for key in hostile
    ]
    assert lander.land("box", Delivery(keyed), epoch=None, now=now).count == len(hostile)
    assert lander.land("box", Delivery(keyed), epoch=None, now=now).already_had == len(hostile)


@pytest.mark.parametrize("year", [1, 1970, 2200, 9999])
def test_a_moment_that_cannot_be_true_is_made_plausible(lander, database, now, year):
    from datetime import datetime, timedelta, timezone

    zone = timezone(timedelta(hours=-12 if year == 9999 else 12))
    moment = (
        datetime(year, 12, 31, 23, 59, tzinfo=zone) if year > 1 else datetime(1, 1, 1, tzinfo=zone)
    )
    item = RawItem(f"{year}", "email", b"x", moment)
    assert lander.land("box", Delivery([item]), epoch=None, now=now).count == 1
