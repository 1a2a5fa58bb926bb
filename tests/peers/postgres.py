"""A private PostgreSQL cluster; as root it runs as the user postgres, which is what it demands."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from peers.server import free_port


def _bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    return Path(here).parent if here else None


BIN = _bin()
_INITDB = ("-E", "UTF8", "--locale=C", "-N")
_AS_POSTGRES = [
    *("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"),
    *("env", "HOME=/tmp"),
]


class Postgres:
    """In a folder of its own right below the temporary folder, since the server's user must be
    able to pass through, and pytest's folders are for their owner alone. ``durable``: a commit
    waits for the disk, as it does where it is used; tests need not. ``host`` and
    ``through``: elsewhere, by a command that runs others there (``ip netns exec ...``)."""

    def __init__(
        self, *, durable: bool = False, host: str = "127.0.0.1", through: tuple[str, ...] = ()
    ) -> None:
        self.host, self.through = host, through
        self._fsync = "on" if durable else "off"
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="pg-")), free_port()
        self.databases = 0
        assert BIN is not None
        self._bin = BIN
        self._as = _AS_POSTGRES if os.getuid() == 0 else []

    def __enter__(self) -> "Postgres":
        if self._as:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", self.data, "-U", "app", "-A", "trust", *_INITDB)
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")
        self.start()
        return self

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses={self.host} -c fsync={self._fsync} "
            f"-c unix_socket_directories={self.folder} -c max_connections=200"
        )
        self._run("pg_ctl", *self._log, "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-s", "stop")

    def __exit__(self, *_: object) -> None:
        if (self.data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _log(self) -> tuple[object, ...]:
        return ("-D", self.data, "-w", "-s", "-l", self.folder / "pg.log")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://app@{self.host}:{self.port}/{database}"

    def new_database(self, template: str = "template1") -> str:
        """An empty database of its own (or a copy); returns its SQLAlchemy URL."""
        self.databases += 1
        name = f"t{os.getpid()}_{self.databases}"
        with psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def restart(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", self.data, "-m", mode, "-w", "-s", "restart")

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self.through, *self._as, str(self._bin / program), *map(str, arguments)]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=60)
