"""A private redis-server on a free port, appendonly.

``host`` and ``through``: elsewhere, by a command that runs others there (``ip netns exec ...``).
"""

import subprocess
from pathlib import Path

from peers.server import free_port, is_open, start, stop, wait_until


class Redis:
    def __init__(
        self,
        folder: Path,
        *,
        options: tuple[str, ...] = (),
        host: str = "127.0.0.1",
        through: tuple[str, ...] = (),
    ) -> None:
        self.folder, self.port, self.options = folder, free_port(), options
        self.host, self.through = host, through
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://{self.host}:{self.port}/0"

    def __enter__(self) -> "Redis":
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process:
            stop(self.process)

    def up(self) -> None:
        self.process = start(
            [
                *self.through,
                "redis-server",
                "--bind",
                self.host,
                "--port",
                str(self.port),
                "--appendonly",
                "yes",
                "--save",
                "",
                "--dir",
                str(self.folder),
                *self.options,
            ],
            self.folder,
            "redis",
        )
        wait_until(lambda: is_open(self.port, self.host), "redis-server")

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()
