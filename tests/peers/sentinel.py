"""Sentinels over a private master and its replica."""

import subprocess
from pathlib import Path

import redis
from peers.redis import Redis
from peers.server import free_port, is_open, start, stop, wait_until

SERVICE = "basvuru"


class Sentinel:
    """One that watches ``master``. ``quorum``: how many must agree that it is down."""

    def __init__(
        self,
        folder: Path,
        master: Redis,
        *,
        quorum: int = 1,
        password: str = "",
        host: str = "127.0.0.1",
        through: tuple[str, ...] = (),
    ) -> None:
        self.folder, self.master, self.quorum, self.password = folder, master, quorum, password
        self.host, self.through, self.port = host, through, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Sentinel":
        watched = f"{self.master.host} {self.master.port}"
        lines = [
            f"bind {self.host}",
            "protected-mode no",
            f"port {self.port}",
            f"sentinel monitor {SERVICE} {watched} {self.quorum}",
            f"sentinel down-after-milliseconds {SERVICE} 2000",
            f"sentinel failover-timeout {SERVICE} 6000",
        ]
        if self.password:
            lines.append(f"sentinel auth-pass {SERVICE} {self.password}")
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "sentinel.conf"
        file.write_text("\n".join(lines) + "\n")
        command = [*self.through, "redis-sentinel", str(file)]
        self.process = start(command, self.folder, "sentinel")
        wait_until(lambda: is_open(self.port, self.host), "the Sentinel")
        return self

    def __exit__(self, *_: object) -> None:
        if self.process:
            stop(self.process)

    def sees(self, *, replicas: int, others: int) -> bool:
        """Whether it has met so many replicas of the master and so many Sentinels beside it."""
        found = self.asked("num-slaves"), self.asked("num-other-sentinels")
        return found == (str(replicas), str(others))

    def asked(self, what: str) -> str:
        with redis.Redis(host=self.host, port=self.port, decode_responses=True) as client:
            return str(client.sentinel_master(SERVICE)[what])


class Sentinels:
    """A master, its replica, and one Sentinel. ``kill_master`` makes the replica master within
    some seconds."""

    def __init__(self, folder: Path, *, password: str = "") -> None:
        self.password = password
        secret = ("--requirepass", password, "--masterauth", password) if password else ()
        self.first = Redis(folder / "first", options=secret)
        of = ("--replicaof", f"127.0.0.1 {self.first.port}")
        self.second = Redis(folder / "second", options=(*secret, *of))
        self.sentinel = Sentinel(folder, self.first, password=password)

    @property
    def url(self) -> str:
        secret = f":{self.password}@" if self.password else ""
        # the first address is dead: a client has to try the next one
        hosts = f"127.0.0.1:1,127.0.0.1:{self.sentinel.port}"
        return f"redis+sentinel://{secret}{hosts}/{SERVICE}/0"

    def __enter__(self) -> "Sentinels":
        self.first.up()
        self.second.up()
        self.sentinel.__enter__()
        sees = self.sentinel.sees
        wait_until(lambda: sees(replicas=1, others=0), "the Sentinel to know the replica")
        return self

    def master_port(self) -> int:
        return int(self.sentinel.asked("port"))

    def kill_master(self) -> None:
        """And wait until the other one is master."""
        killed = self.master_port()
        (self.first if killed == self.first.port else self.second).kill()
        wait_until(lambda: self.master_port() != killed, "the failover", 30)

    def __exit__(self, *_: object) -> None:
        self.sentinel.__exit__()
        for process in (self.second.process, self.first.process):
            if process:
                stop(process)
