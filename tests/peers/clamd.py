"""A private clamd that knows two signatures of our own: up in a second, nothing is downloaded."""

import os
import shutil
import subprocess
from pathlib import Path

from peers.server import free_port, is_open, start, stop, wait_until

BIN = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HARMFUL = b"DENEME-ZARARLI-DOSYA-0001"
"""Whatever holds these bytes is harmful to it."""


class Clamd:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"unix://{self.folder}/clamd.sock"

    def __enter__(self) -> "Clamd":
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def up(self) -> None:
        assert BIN
        signatures = self.folder / "signatures"
        signatures.mkdir(exist_ok=True)
        line = f"Deneme.Zararli:0:*:{HARMFUL.hex()}\n"
        (signatures / "own.ndb").write_text(line)
        settings = self.folder / "clamd.conf"
        lines = [
            f"DatabaseDirectory {signatures}",
            f"TCPSocket {self.port}",
            "TCPAddr 127.0.0.1",
            f"LocalSocket {self.folder}/clamd.sock",
            f"TemporaryDirectory {self.folder}",
            "StreamMaxLength 1M",
            "Foreground yes",
            *(["User root"] if os.getuid() == 0 else []),
        ]
        settings.write_text("\n".join(lines) + "\n")
        self.process = start([BIN, "-c", str(settings)], self.folder, "clamd")
        wait_until(lambda: is_open(self.port), "clamd")

    def down(self) -> None:
        if self.process:
            stop(self.process)
            self.process = None
