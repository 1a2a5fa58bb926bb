"""A streaming replica of a private PostgreSQL that takes over when the first one dies."""

import shutil

import psycopg
from peers.postgres import Postgres
from peers.server import wait_until


class Standby(Postgres):
    """A commit waits until it is here too: what a client was told is never lost."""

    def __init__(self, first: Postgres) -> None:
        super().__init__()
        self.first = first

    def __enter__(self) -> "Standby":
        if self._as:
            shutil.chown(self.folder, "postgres", "postgres")
        where = ("-h", "127.0.0.1", "-p", self.first.port, "-U", "app")
        self._run("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast", *where)
        self.start()
        with psycopg.connect(_plain(self.first.url()), autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            admin.execute("SELECT pg_reload_conf()")
            wait_until(lambda: _follows(admin), "the standby to follow")
        return self

    def url(self, database: str = "postgres") -> str:
        """Both servers: a client takes the one that may be written to."""
        both = "&".join(f"host=127.0.0.1:{server.port}" for server in (self.first, self))
        name = database.rpartition("/")[2]
        return f"postgresql+psycopg://app@/{name}?{both}&target_session_attrs=read-write"

    def take_over(self) -> None:
        """The first one dies, this one is promoted."""
        self.first.stop()
        self._run("pg_ctl", "-D", self.data, "-w", "-s", "promote")


def _follows(admin: "psycopg.Connection[tuple[object, ...]]") -> bool:
    row = admin.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
    return bool((row.fetchone() or (0,))[0])


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")
