"""Where things are when nobody said otherwise: one data folder, embedded defaults."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from pydantic import SecretStr

from config.errors import ConfigurationError
from config.settings import Settings
from storage.blobs import BlobStore, FolderBlobs

LONGEST_SOCKET = 100
"""Bytes of a unix socket's path; the kernel allows 107."""


@dataclass(frozen=True, slots=True)
class Places:
    settings: Settings

    @property
    def data(self) -> Path:
        return self.settings.data.absolute()

    @property
    def blobs(self) -> Path:
        return self.settings.blobs.folder or self.data / "blobs"

    def open_blobs(self) -> BlobStore:
        """The folder, or the bucket where one is set. Raises ConfigurationError."""
        given = self.settings.blobs
        if not given.bucket:
            return FolderBlobs(self.blobs)
        try:
            from storage.blobs_s3 import Bucket, S3Blobs  # noqa: PLC0415  an extra
        except ImportError:
            raise ConfigurationError(
                "[blobs] bucket needs the package obstore.",
                remedy="Install Başvuru with the extra s3.",
            ) from None
        return S3Blobs(
            Bucket(
                name=given.bucket,
                url=given.url,
                region=given.region,
                prefix=given.prefix,
                access_key=given.access_key.get_secret_value(),
                secret_key=given.secret_key.get_secret_value(),
                ca=read_ca(given.ca, "[blobs] ca"),
                seconds=given.seconds,
            )
        )

    @property
    def outgoing(self) -> Path:
        return self.data / "outgoing"

    def state_folder(self, account: str) -> Path:
        """What the channel of an account may keep, and may also lose."""
        return self.data / "channels" / account

    @property
    def database_url(self) -> str:
        return self.settings.database.url.get_secret_value() or (
            f"sqlite:///{self.data / 'basvuru.db'}"
        )

    @property
    def own_redis(self) -> bool:
        return not self.settings.broker.url.get_secret_value()

    @property
    def redis_socket(self) -> Path:
        socket = self.data / "redis" / "redis.sock"
        if len(os.fsencode(socket)) <= LONGEST_SOCKET:
            return socket
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"basvuru-{os.getuid()}-{name}" / "redis.sock"

    @property
    def broker_url(self) -> str:
        return self.settings.broker.url.get_secret_value() or f"unix://{self.redis_socket}"

    @property
    def channels(self) -> Mapping[str, Mapping[str, Any]]:
        """The configured accounts; the embedded ones where none are configured."""
        return self.settings.channels or {
            "mail": {
                "kind": "email",
                "source": "maildir",
                "maildir": self.data / "mail",
                "poll_seconds": 1,
            },
            "fax": self._spool("fax"),
            "post": self._spool("post"),
            "folder": self._spool("folder"),
            "web": {"kind": "web"},
            "phone": {"kind": "phone"},
        }

    @property
    def classifier(self) -> Path:
        """What `basvuru classifier train` leaves; beside it a .json with its digest."""
        return self.data / "classifier" / "model.npz"

    def _spool(self, kind: str) -> dict[str, Any]:
        folder = self.data / kind
        return {"kind": kind, "folder": folder, "poll_seconds": 1, "settle_seconds": 1}

    def make(self) -> None:
        """Create the data folder and what is in it. Idempotent."""
        self.data.mkdir(parents=True, exist_ok=True)
        self._prepare_blobs()
        if self.settings.channels:
            return
        for name in ("mail/new", "mail/cur", "mail/tmp", "fax", "post", "folder"):
            (self.data / name).mkdir(parents=True, exist_ok=True)

    def _prepare_blobs(self) -> None:
        try:
            self.open_blobs().prepare()
        except OSError as error:
            raise ConfigurationError(
                f"The blob store cannot be used: {error}.",
                remedy="Check [blobs], and that its disk is mounted or its bucket is there.",
            ) from None

    def claim(self) -> None:
        """Hold the data folder for this process, until it ends. Raises ConfigurationError."""
        lock = os.open(self.data / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise ConfigurationError(
                f"Başvuru runs on {self.data} already.",
                remedy="Stop the other one, or give this one a folder of its own (--data).",
            ) from None

    def key(self, name: str) -> bytes:
        """The secret ``name``: from the settings, else made once and kept in the data folder."""
        given: SecretStr = getattr(self.settings.secrets, name)
        if given.get_secret_value():
            return given.get_secret_value().encode()
        file = self.data / "secrets" / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _create(file, token_urlsafe(32))
        return file.read_bytes().strip()


def read_ca(file: Path | None, setting: str) -> bytes:
    """The certificates in a file that a setting names; empty for none. Raises
    ConfigurationError."""
    if file is None:
        return b""
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{setting}: {file} cannot be read ({error.strerror}).",
            remedy="Create it, or make it readable for this user.",
        ) from None


def _create(file: Path, content: str) -> None:
    """Write a new file as a whole; the first of several processes wins."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(content)
        os.fsync(descriptor)
    try:
        os.link(temporary, file)
    except FileExistsError:
        pass  # another process was first: its key counts for both
    finally:
        temporary.unlink()
