"""Drills on PostgreSQL."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from benchmarks.faults.drill import Skipped, drill, stay
from benchmarks.faults.scene import Needs, Scene


@drill("postgres-restarted", "PostgreSQL ended without a clean stop, again and again")
def postgres_restarted(scene: Scene) -> None:
    for _ in range(scene.kills):
        scene.deliver(1 / scene.kills)
        stay(scene.chance.random() * 0.5)  # a random moment is the point
        scene.postgres.restart("immediate")
    scene.deliver_rest()


@drill(
    "postgres-failover",
    "the first PostgreSQL dies, its synchronous standby is promoted",
    Needs(standby=True),
)
def postgres_failover(scene: Scene) -> None:
    assert scene.standby
    scene.deliver(0.4)
    stay(scene.chance.random())
    scene.standby.take_over()
    scene.deliver_rest()


@drill("postgres-no-connections", "somebody else has every connection of PostgreSQL")
def postgres_no_connections(scene: Scene) -> None:
    scene.deliver(0.3)
    url = scene.postgres.url().replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as admin, ExitStack() as taken:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
            "pg_backend_pid() AND backend_type = 'client backend'"
        )
        while True:
            try:
                taken.enter_context(psycopg.connect(url))
            except psycopg.OperationalError:
                break
        scene.deliver(0.4)
        stay(5)
    scene.deliver_rest()


@drill("postgres-disk-full", "the disk under PostgreSQL full, then room again")
def postgres_disk_full(scene: Scene) -> None:
    """The server's files move to a small file system of their own, which only root may mount."""
    if os.getuid() != 0:
        raise Skipped("needs root, to mount a small file system")
    scene.deliver(0.3)
    with small_disk(scene) as filler:
        fill(filler)
        scene.deliver(0.4)
        stay(6)
        filler.unlink()
        scene.postgres.restart("immediate")
        scene.deliver_rest()
        scene.settle()


def fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return  # that is what was wanted: it is full


@contextmanager
def small_disk(scene: Scene) -> Iterator[Path]:
    """PostgreSQL's files on a file system with little room. Yields a file that may fill it."""
    server = scene.postgres
    aside = server.folder / "aside"
    server.stop()
    server.data.rename(aside)
    server.data.mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", server.data)
    try:
        run("cp", "-a", f"{aside}/.", server.data)
        run("chown", "--reference", aside, server.data)
        server.data.chmod(0o700)
        server.start()
        yield server.data / "filler"
    finally:
        server.stop()
        run("cp", "-a", f"{server.data}/.", aside)
        run("umount", server.data)
        server.data.rmdir()
        aside.rename(server.data)
        server.start()


def run(*command: object) -> None:
    subprocess.run([str(one) for one in command], check=True)
