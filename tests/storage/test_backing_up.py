"""Backup while everything goes on, restored into a fresh place, and verified: on both databases."""

import shutil
from pathlib import Path

import pytest
from peers.s3 import S3
from peers.world import World, mail

from basvuru.backing_up import ABOUT, back_up, restore
from storage import switches, views
from storage.backing_up import BackupFailed, is_empty
from storage.blobs import BlobStore, FolderBlobs
from storage.blobs_s3 import Bucket, S3Blobs
from storage.engine import Database

TEXT = "{n}. dosyam üç haftadır sonuçlanmadı, bilgi rica ederim.\nTel: 0555 001 00 {n:02d}\n"


def letters(*numbers: int):
    return [mail(TEXT.format(n=n), key=f"m{n}", sender=f"k{n}@example.test") for n in numbers]


@pytest.fixture
def full(world: World) -> World:
    world.receive(*letters(*range(5)))
    return world


@pytest.fixture
def fresh(request, database: Database, tmp_path: Path):
    """An empty database of the same kind."""
    if database.is_sqlite:
        made = Database(f"sqlite:///{tmp_path}/fresh.db")
    else:
        made = Database(request.getfixturevalue("postgres").new_database())
    yield made
    made.close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> FolderBlobs:
    store = FolderBlobs(tmp_path / "elsewhere")
    store.prepare()
    return store


def found(database: Database):
    with database.read() as connection:
        return views.applications(connection), views.ledger(connection)


def test_a_restored_installation_is_the_same_and_whole(full, fresh, elsewhere, tmp_path):
    about = back_up(full.database, full.blobs, tmp_path / "b", full.moment)
    assert (about.blobs, about.erased) == (5, 0)
    report = restore(tmp_path / "b", fresh, elsewhere, full.moment, skip_numbers=10)
    assert (report.blobs, report.problems) == (5, [])
    assert found(fresh) == found(full.database)


def test_what_lands_and_is_recorded_during_a_backup_does_not_tear_it(
    full, fresh, elsewhere, tmp_path
):
    before = found(full.database)

    class Busy(FolderBlobs):
        """Between the copy of the database and that of the blobs everything goes on."""

        went_on = False

        def get(self, key: str) -> bytes:
            if not self.went_on:
                self.went_on = True
                full.receive(*letters(7, 8))
            return super().get(key)

    back_up(full.database, Busy(full.blobs.folder), tmp_path / "b", full.moment)
    assert len(full.applications()) == 7
    report = restore(tmp_path / "b", fresh, elsewhere, full.moment, skip_numbers=10)
    assert report.problems == []
    assert found(fresh) == before


def test_after_a_restore_nobody_is_told_and_no_number_is_given_twice(
    full, fresh, elsewhere, tmp_path
):
    back_up(full.database, full.blobs, tmp_path / "b", full.moment)
    lost = full.receive(*letters(6))[-1]["number"]  # given out after the backup
    restore(tmp_path / "b", fresh, elsewhere, full.moment, skip_numbers=10)
    with fresh.read() as connection:
        switch = switches.maintenance(connection)
    assert switch is not None
    assert switch.by == "restore"
    again = World(fresh, tmp_path / "again", full.moment)
    again.blobs = elsewhere
    numbers = [one["number"] for one in again.receive(*letters(20, 21))]
    assert len(numbers) == 7
    assert lost not in numbers


def test_a_blob_that_is_not_there_stops_the_backup(full, tmp_path):
    shutil.rmtree(next(full.blobs.folder.glob("??")))
    with pytest.raises(BackupFailed, match="1 blobs that rows need"):
        back_up(full.database, full.blobs, tmp_path / "b", full.moment)
    assert not (tmp_path / "b" / ABOUT).exists()


def test_a_blob_that_an_erasure_took_meanwhile_is_counted_and_stops_nothing(full, tmp_path):
    from storage import erasing
    from storage import tables as t

    class Erasing(FolderBlobs):
        done = False

        def get(self, key: str) -> bytes:
            if not self.done:
                self.done = True
                with full.database.write() as connection:
                    row = connection.execute(t.raw_item.select().where(t.raw_item.c.id == 1)).one()
                    connection.execute(t.keeping.insert().values(application_id=1, hold_reason=""))
                    erasing.erase(connection, 1, full.moment)
                self.delete(row.sha256)
            return super().get(key)

    about = back_up(full.database, Erasing(full.blobs.folder), tmp_path / "b", full.moment)
    assert (about.blobs, about.erased) == (4, 1)


def test_an_unfinished_backup_and_a_changed_one_are_refused(full, fresh, elsewhere, tmp_path):
    with pytest.raises(BackupFailed, match="no finished backup"):
        restore(tmp_path, fresh, elsewhere, full.moment, skip_numbers=0)
    back_up(full.database, full.blobs, tmp_path / "b", full.moment)
    blob = next((tmp_path / "b/blobs").glob("??/*"))
    blob.write_bytes(b"changed")
    with pytest.raises(BackupFailed, match="is not what it was"):
        restore(tmp_path / "b", fresh, elsewhere, full.moment, skip_numbers=0)
    blob.unlink()
    with pytest.raises(BackupFailed, match="1 blobs of the backup"):
        restore(tmp_path / "b", fresh, elsewhere, full.moment, skip_numbers=0)
    assert is_empty(fresh)


def test_nothing_is_restored_over_something(full, elsewhere, tmp_path):
    back_up(full.database, full.blobs, tmp_path / "b", full.moment)
    with pytest.raises(BackupFailed, match="not empty"):
        restore(tmp_path / "b", full.database, elsewhere, full.moment, skip_numbers=0)
    with pytest.raises(BackupFailed, match="not empty"):
        back_up(full.database, full.blobs, tmp_path / "b", full.moment)


@pytest.mark.slow
def test_a_folder_becomes_a_bucket_by_backup_and_restore(full, fresh, tmp_path):
    back_up(full.database, full.blobs, tmp_path / "b", full.moment)
    with S3(tmp_path / "s3") as server:
        bucket: BlobStore = S3Blobs(
            Bucket(server.bucket, server.url, access_key="test", secret_key="test")
        )
        bucket.prepare()
        report = restore(tmp_path / "b", fresh, bucket, full.moment, skip_numbers=0)
        assert (report.blobs, report.problems) == (5, [])
