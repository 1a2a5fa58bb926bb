"""A private PostgreSQL cluster; as root it runs as the user postgres, which is what it demands."""

import os
import shutil
import subprocess
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


class Postgres:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.databases = 0
        assert BIN is not None
        self._bin = BIN
        self._as = (
            [
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                "env",
                "HOME=/tmp",
            ]
            if os.getuid() == 0
            else []
        )

    def __enter__(self) -> "Postgres":
        self.folder.mkdir(parents=True)
        if self._as:
            self._make_reachable()
            shutil.chown(self.folder, "postgres", "postgres")
        self._run(
            "initdb", "-D", self.data, "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off "
            f"-c unix_socket_directories={self.folder} -c max_connections=200"
        )
        self._run(
            "pg_ctl",
            "-D",
            self.data,
            "-w",
            "-s",
            "-l",
            self.folder / "pg.log",
            "-o",
            options,
            "start",
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-s", "stop")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://app@127.0.0.1:{self.port}/{database}"

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
        command = [*self._as, str(self._bin / program), *map(str, arguments)]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=60)

    def _make_reachable(self) -> None:
        """pytest's temporary folders are for root alone; the server's user must pass through."""
        for parent in self.folder.parents:
            if parent.is_relative_to("/tmp") and parent != Path("/tmp"):
                parent.chmod(parent.stat().st_mode | 0o011)
