"""One contract for every blob store, on a real folder and on a real S3 server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from peers.s3 import S3
from peers.server import free_port

from storage import syncing
from storage.blobs import MANY, BlobStore, FolderBlobs
from storage.blobs_s3 import Bucket, S3Blobs, StoreAway


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    with S3(tmp_path_factory.mktemp("s3")) as server:
        yield server


def bucket(server: S3, prefix: str = "", **other) -> S3Blobs:
    keys = {"access_key": "test", "secret_key": "test", "seconds": 2.0, "url": server.url}
    return S3Blobs(Bucket(server.bucket, prefix=prefix, **(keys | other)))


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "folder":
        made: BlobStore = FolderBlobs(tmp_path / "blobs")
    else:
        made = bucket(request.getfixturevalue("s3"), prefix=tmp_path.name)
    made.prepare()
    return made


def test_what_was_put_is_got_under_its_hash(store):
    contents = [b"one", b"", b"\x00\xff" * 300_000]
    keys = store.put(contents)
    assert keys == [sha256(one).hexdigest() for one in contents]
    assert [store.get(key) for key in keys] == contents


def test_the_same_bytes_are_kept_once_however_often_they_come(store):
    first, second, third = store.put([b"x", b"x", b"y"])
    assert first == second != third
    assert store.put([b"x"]) == [first]
    assert sorted(one.key for one in store.stored()) == sorted({first, third})


def test_many_machines_may_bring_the_same_bytes_at_once(store):
    contents = [f"{n}".encode() for n in range(40)]
    with ThreadPoolExecutor(4) as machines:
        keys = list(machines.map(store.put, [contents] * 4))
    assert keys == [keys[0]] * 4
    assert len(list(store.stored())) == 40


def test_nothing_put_is_nothing_done(store):
    assert store.put([]) == []
    assert list(store.stored()) == []


def test_what_is_not_there_is_a_key_error_and_may_be_deleted(store):
    with pytest.raises(KeyError):
        store.get("0" * 64)
    store.delete("0" * 64)


def test_what_was_deleted_is_gone(store):
    [key] = store.put([b"x"])
    store.delete(key)
    with pytest.raises(KeyError):
        store.get(key)


def test_a_walk_tells_size_and_age_and_leaves_out_the_mark(store):
    store.put([b"12345"])
    [one] = store.stored()
    assert one.size == 5
    assert abs(datetime.now(UTC) - one.at) < timedelta(minutes=1)


def test_a_place_that_was_never_prepared_is_no_empty_store(tmp_path):
    with pytest.raises(OSError, match="not mounted"):
        FolderBlobs(tmp_path).check()


@pytest.mark.slow
def test_a_bucket_that_was_never_prepared_is_no_empty_store(s3):
    with pytest.raises(StoreAway, match="not prepared"):
        bucket(s3, "never").get("0" * 64)


@pytest.mark.slow
def test_a_bucket_that_is_not_there_takes_nothing_and_says_so(s3):
    missing = S3Blobs(Bucket("nowhere", url=s3.url, access_key="a", secret_key="b", seconds=2))
    with pytest.raises(StoreAway):
        missing.put([b"x"])
    with pytest.raises(StoreAway):
        missing.put([b"x", b"y"])


@pytest.mark.timeout(30)
def test_a_server_that_is_down_is_an_os_error_within_the_bound():
    away = Bucket("b" * 8, f"http://127.0.0.1:{free_port()}", access_key="a", secret_key="b")
    with pytest.raises(OSError, match="does not take or give"):
        S3Blobs(Bucket(**(vars(away) | {"seconds": 1.0}))).put([b"x"])


@pytest.mark.timeout(30)
def test_a_server_that_hangs_is_an_os_error_within_the_bound(tmp_path):
    import socket

    with socket.socket() as silent:  # accepts, and never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        hangs = S3Blobs(Bucket("basvuru", url, access_key="a", secret_key="b", seconds=1.0))
        with pytest.raises(StoreAway):
            hangs.put([b"x"])


def test_what_went_wrong_names_no_address():
    away = S3Blobs(
        Bucket("bbb", f"http://127.0.0.1:{free_port()}", access_key="a", secret_key="b", seconds=1)
    )
    with pytest.raises(StoreAway) as raised:
        away.get("0" * 64)
    assert "127.0.0.1" not in str(raised.value)


def test_many_files_have_their_names_only_once_their_bytes_are_on_the_disk(tmp_path, monkeypatch):
    store = FolderBlobs(tmp_path / "blobs")
    store.prepare()
    named: list[int] = []
    monkeypatch.setattr(syncing, "can_sync_all", lambda: True)
    monkeypatch.setattr(syncing, "sync_all", lambda _: named.append(len(list(store.stored()))))
    store.put(f"{n}".encode() for n in range(MANY))
    assert named == [0, MANY]


def test_a_disk_that_does_not_take_many_files_keeps_none_of_them(tmp_path, monkeypatch):
    store = FolderBlobs(tmp_path / "blobs")
    store.prepare()

    def full(_folder: Path) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(syncing, "can_sync_all", lambda: True)
    monkeypatch.setattr(syncing, "sync_all", full)
    with pytest.raises(OSError, match="no space"):
        store.put(f"{n}".encode() for n in range(MANY))
    assert not list(store.stored())
    assert not list(tmp_path.glob("blobs/??/.*"))


def test_a_folder_that_is_not_there_cannot_be_made_durable(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        syncing.sync_all(tmp_path / "gone")
