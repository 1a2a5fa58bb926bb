"""A private S3 server (moto's, a process of its own) on a free port, with one bucket."""

import subprocess
import sys
import urllib.request
from pathlib import Path

from peers.server import free_port, is_open, start, stop, wait_until

MOTO = Path(sys.executable).with_name("moto_server")


class S3:
    """Its objects live in memory: killed, they are gone. ``pause`` makes it hang."""

    bucket = "basvuru"

    def __init__(
        self, folder: Path, *, host: str = "127.0.0.1", through: tuple[str, ...] = ()
    ) -> None:
        self.folder, self.port = folder, free_port()
        self.host, self.through = host, through
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def toml(self) -> str:
        return (
            f'[blobs]\nbucket = "{self.bucket}"\nurl = "{self.url}"\nseconds = 3\n'
            'access_key = "test"\nsecret_key = "test"\n'
        )

    def __enter__(self) -> "S3":
        self.process = start(
            [*self.through, str(MOTO), "-H", self.host, "-p", str(self.port)], self.folder, "s3"
        )
        wait_until(lambda: is_open(self.port, self.host), "the S3 server", 60)
        self.make_bucket()
        return self

    def make_bucket(self) -> None:
        request = urllib.request.Request(f"{self.url}/{self.bucket}", method="PUT")
        urllib.request.urlopen(request, timeout=20).close()

    def __exit__(self, *_: object) -> None:
        if self.process:
            stop(self.process)
