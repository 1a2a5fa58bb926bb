"""The drills: each delivers, breaks one thing in the middle, mends it, and leaves the rest to time.

What a drill does is written as a story; the comparison at the end is the same for all of them.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis as redis_client
from peers.server import wait_until

from benchmarks.faults.scene import DAEMONS, Scene
from storage import views


@dataclass(frozen=True)
class Drill:
    what: str
    run: Callable[[Scene], None]
    needs: dict[str, bool] = field(default_factory=dict)


DRILLS: dict[str, Drill] = {}


def drill(name: str, what: str, **needs: bool) -> Callable[[Callable[[Scene], None]], Any]:
    def keep(run: Callable[[Scene], None]) -> Callable[[Scene], None]:
        DRILLS[name] = Drill(what, run, needs)
        return run

    return keep


@drill("kill", "kill -9 of poller, workers and scheduler, at any moment")
def kill(scene: Scene) -> None:
    for _ in range(10):
        scene.deliver(0.1)
        victim = scene.chance.choice(list(DAEMONS))
        wait_until(lambda v=victim: scene.house.is_up(v), f"{victim} to work", 120)
        time.sleep(scene.chance.random() * 0.5)  # a random moment is the point
        scene.restart(victim)


@drill("redis-killed", "Redis killed three times and started again")
def redis_killed(scene: Scene) -> None:
    for _ in range(3):
        scene.deliver(0.3)
        scene.redis.kill()
        scene.deliver(0.03)
        scene.redis.up()


@drill("redis-flushed", "Redis emptied again and again")
def redis_flushed(scene: Scene) -> None:
    with redis_client.Redis.from_url(scene.redis.url) as client:
        for _ in range(10):
            scene.deliver(0.1)
            client.flushall()


@drill("redis-full", "Redis out of memory: every bell is refused")
def redis_full(scene: Scene) -> None:
    with redis_client.Redis.from_url(scene.redis.url) as client:
        scene.deliver(0.3)
        client.config_set("maxmemory", 1)
        scene.deliver(0.4)
        landed(scene, int(scene.count * 0.7))
        client.config_set("maxmemory", 0)
        scene.deliver(0.3)


@drill("redis-slow", "Redis frozen for longer than anybody waits for it")
def redis_slow(scene: Scene) -> None:
    scene.deliver(0.3)
    with frozen(scene.redis.process):
        scene.deliver(0.4)
        time.sleep(12)
    scene.deliver(0.3)


@drill("redis-failover", "the master killed, Sentinel makes the replica master", sentinel=True)
def redis_failover(scene: Scene) -> None:
    assert scene.sentinels
    scene.deliver(0.4)
    scene.sentinels.kill_master()
    scene.deliver(0.6)


@drill("postgres-restarted", "PostgreSQL stopped as by a power cut, twice")
def postgres_restarted(scene: Scene) -> None:
    for _ in range(2):
        scene.deliver(0.5)
        scene.postgres.restart("immediate")


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
        time.sleep(5)
    scene.deliver(0.3)


@drill("postgres-disk-full", "the disk under PostgreSQL full, then room again")
def postgres_disk_full(scene: Scene) -> None:
    """The server's files move to a small file system of their own, which only root may mount."""
    if os.getuid() != 0:
        raise Skipped("needs root, to mount a small file system")
    scene.deliver(0.3)
    with small_disk(scene) as filler:
        with filler.open("wb") as file:
            try:
                while True:
                    file.write(b"\0" * 1_000_000)
                    file.flush()
            except OSError:
                pass  # that is what was wanted: it is full
        scene.deliver(0.4)
        time.sleep(6)
        filler.unlink()
        scene.postgres.restart("immediate")
        scene.deliver(0.3)
        scene.settle()


@drill("blobs-away", "the bucket frozen, landing and reading wait", bucket=True)
def blobs_away(scene: Scene) -> None:
    assert scene.s3
    scene.deliver(0.3)
    with frozen(scene.s3.process):
        scene.deliver(0.4)
        time.sleep(12)
    scene.deliver(0.3)


@drill("frozen", "poller and a worker frozen (SIGSTOP) in the middle, woken up later")
def frozen_daemons(scene: Scene) -> None:
    scene.deliver(0.3)
    with frozen(scene.house.running["poll"]), frozen(scene.house.running["work-1"]):
        scene.house.start("poll-2", "poll")
        scene.deliver(0.4)
        time.sleep(8)
    scene.deliver(0.3)


@drill("gateway-hangs", "the gateway takes SMS and never answers")
def gateway_hangs(scene: Scene) -> None:
    in_a_mood(scene, "hangs")


@drill("gateway-cuts", "the gateway takes SMS and closes without an answer; no receipts come")
def gateway_cuts(scene: Scene) -> None:
    in_a_mood(scene, "cuts")


@drill("gateway-twice", "the gateway answers twice for one SMS")
def gateway_twice(scene: Scene) -> None:
    in_a_mood(scene, "twice")


@drill("poison", "a flood of mails that cannot be taken whole; the fuse may blow")
def poison(scene: Scene) -> None:
    scene.deliver(0.3)
    scene.flood(40)
    wait_until(lambda: set_aside(scene) == 40, "the flood to be set aside", 120)
    scene.deliver(0.7)
    scene.house.cli("channel", "start", "mailbox")  # as an operator does after a look


class Skipped(Exception):
    """This machine cannot do it."""


def in_a_mood(scene: Scene, mood: str) -> None:
    scene.deliver(0.3)
    scene.gateway.mood = mood
    scene.deliver(0.1)
    wait_until(lambda: scene.recorded() >= len(scene.given), "recording to go on", 120)
    time.sleep(4)  # longer than the gateway is waited for
    scene.gateway.mood = "well"
    scene.gateway.over.set()
    scene.deliver(0.6)


def landed(scene: Scene, count: int) -> None:
    """Landing goes on whatever the broker does."""

    def enough() -> bool:
        with scene.house.app.database.read() as connection:
            return sum(day["landed"] for day in views.ledger(connection)) >= count

    wait_until(enough, f"{count} to land", 120)


def set_aside(scene: Scene) -> int:
    with scene.house.app.database.read() as connection:
        return sum(views.quarantine_causes(connection).values())


@contextmanager
def frozen(process: "subprocess.Popen[bytes] | None") -> Iterator[None]:
    assert process
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


@contextmanager
def small_disk(scene: Scene) -> Iterator[Any]:
    """PostgreSQL's files on a file system with little room. Yields a file that may fill it."""
    server = scene.postgres
    aside = server.folder / "aside"
    server.stop()
    server.data.rename(aside)
    server.data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", server.data], check=True)
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", server.data], check=True)
        subprocess.run(["chown", "--reference", aside, server.data], check=True)
        server.data.chmod(0o700)
        server.start()
        yield server.data / "filler"
    finally:
        server.stop()
        subprocess.run(["cp", "-a", f"{server.data}/.", aside], check=True)
        subprocess.run(["umount", server.data], check=True)
        server.data.rmdir()
        aside.rename(server.data)
        server.start()
