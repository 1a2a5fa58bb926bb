"""Bytes under their SHA-256 in a bucket that every machine sees: S3, or what speaks like it.

A put creates and never overwrites (``If-None-Match: *``), so that two machines that bring the same
bytes cannot get into each other's way. It returns when the store has confirmed all of them, or
raises: each request has a bound of its own, and so have its repetitions. Whatever the store does
wrong is an OSError here, as with a disk, and is met in the same places.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from storage.blobs import MARK, Stored, is_key

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

AT_ONCE = 8
"""Requests of one put that are under way at the same time."""


class StoreAway(OSError):
    """The bucket is not there, refuses, or does not answer in time."""


@dataclass(frozen=True)
class Bucket:
    """Where it is. ``url`` empty: Amazon's own; keys empty: those of the machine's role."""

    name: str
    url: str = ""
    region: str = "us-east-1"
    prefix: str = ""
    access_key: str = ""
    secret_key: str = ""
    ca: bytes = b""
    seconds: float = 20.0
    """Bound of one request; its repetitions together have the same again."""


class S3Blobs:
    """``PREFIX/ab/abcdef...`` in one bucket: an object each."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket

    @cached_property
    def _store(self) -> S3Store:
        return _open(self.bucket)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="blobs")

    def prepare(self) -> None:
        """Mark the bucket as ours; the bucket itself is made by whoever runs the store."""
        self._create(MARK, b"")

    def check(self) -> None:
        """Raises OSError when the bucket is not there, is not marked, or does not let us in."""
        try:
            with _as_oserror():
                obstore.head(self._store, MARK)
        except KeyError:
            raise StoreAway(f"bucket {self.bucket.name} is not there, or not prepared") from None

    def put(self, contents: Iterable[bytes]) -> list[str]:
        keys, new = [], {}
        for content in contents:
            keys.append(key := sha256(content).hexdigest())
            new[key] = content
        if len(new) == 1:
            self._create(_path(keys[0]), new[keys[0]])
        else:
            paths = map(_path, new)
            list(self._pool.map(self._create, paths, new.values()))
        return keys

    def get(self, key: str) -> bytes:
        try:
            with _as_oserror():
                return bytes(obstore.get(self._store, _path(key)).bytes())
        except KeyError:
            self.check()
            raise KeyError(key) from None

    def delete(self, key: str) -> None:
        with suppress(KeyError), _as_oserror():  # what is gone already need not go again
            obstore.delete(self._store, _path(key))

    def stored(self) -> Iterator[Stored]:
        with _as_oserror():
            for some in obstore.list(self._store):
                for one in some:
                    name = one["path"].rpartition("/")[2]
                    if is_key(name):
                        yield Stored(name, one["size"], one["last_modified"])

    def _create(self, path: str, content: bytes) -> None:
        try:
            obstore.put(self._store, path, content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            pass  # the same name is the same content: somebody was first
        except (BaseError, FileNotFoundError) as error:  # the latter: there is no such bucket
            raise _away(error) from None


def _path(key: str) -> str:
    return f"{key[:2]}/{key}"


@contextmanager
def _as_oserror() -> Iterator[None]:
    """What is not there is a KeyError, everything else an OSError."""
    try:
        yield
    except FileNotFoundError:  # obstore raises Python's own for this
        raise KeyError("no such object") from None
    except BaseError as error:
        raise _away(error) from None


def _away(error: Exception) -> StoreAway:
    """The class alone: the text names addresses, and may quote what the store answered."""
    return StoreAway(f"the blob store does not take or give this ({type(error).__name__})")


def _open(bucket: Bucket) -> S3Store:
    """Connects when it is first used."""
    bound = timedelta(seconds=bucket.seconds)
    config: S3Config = {"bucket": bucket.name, "region": bucket.region}
    if bucket.url:
        config["endpoint"] = bucket.url
    if bucket.access_key:
        config["access_key_id"] = bucket.access_key
        config["secret_access_key"] = bucket.secret_key
    client: ClientConfig = {
        "timeout": bound,
        "connect_timeout": timedelta(seconds=min(5.0, bucket.seconds)),
        "allow_http": bucket.url.startswith("http://"),
    }
    if bucket.ca:
        client["root_certificate"] = bucket.ca
    return S3Store(
        config=config,
        prefix=bucket.prefix or None,
        client_options=client,
        retry_config={"max_retries": 3, "retry_timeout": bound},
    )
