"""A private master, its replica and a Sentinel that watches them."""

import subprocess
from pathlib import Path

import redis
from peers.redis import Redis
from peers.server import free_port, is_open, start, stop, wait_until


class Sentinels:
    """``kill_master`` makes the replica master within some seconds."""

    service = "basvuru"

    def __init__(self, folder: Path, *, password: str = "") -> None:
        self.folder, self.port, self.password = folder, free_port(), password
        secret = ("--requirepass", password, "--masterauth", password) if password else ()
        self.first = Redis(folder / "first", options=secret)
        of = ("--replicaof", f"127.0.0.1 {self.first.port}")
        self.second = Redis(folder / "second", options=(*secret, *of))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        secret = f":{self.password}@" if self.password else ""
        # the first address is dead: a client has to try the next one
        return f"redis+sentinel://{secret}127.0.0.1:1,127.0.0.1:{self.port}/{self.service}/0"

    def __enter__(self) -> "Sentinels":
        self.first.up()
        self.second.up()
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"sentinel monitor {self.service} 127.0.0.1 {self.first.port} 1",
            f"sentinel down-after-milliseconds {self.service} 2000",
            f"sentinel failover-timeout {self.service} 6000",
        ]
        if self.password:
            lines.append(f"sentinel auth-pass {self.service} {self.password}")
        file = self.folder / "sentinel.conf"
        file.write_text("\n".join(lines) + "\n")
        self.process = start(["redis-sentinel", str(file)], self.folder, "sentinel")
        wait_until(lambda: is_open(self.port), "the Sentinel")
        wait_until(lambda: self._asked("num-slaves") == "1", "the Sentinel to know the replica")
        return self

    def master_port(self) -> int:
        return int(self._asked("port"))

    def kill_master(self) -> None:
        """And wait until the other one is master."""
        killed = self.master_port()
        (self.first if killed == self.first.port else self.second).kill()
        wait_until(lambda: self.master_port() != killed, "the failover", 30)

    def _asked(self, what: str) -> str:
        with redis.Redis(port=self.port, decode_responses=True) as client:
            return str(client.sentinel_master(self.service)[what])

    def __exit__(self, *_: object) -> None:
        for process in (self.process, self.second.process, self.first.process):
            if process:
                stop(process)
