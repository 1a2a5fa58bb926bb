"""The drill on many machines: two pollers and three workers on three of them, and a machine each
for PostgreSQL, the bucket, and two Redis servers whose Sentinels stand on the first three."""

import random
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from peers.dovecot import Dovecot
from peers.installation import Installation
from peers.postgres import Postgres
from peers.redis import Redis
from peers.s3 import S3
from peers.sentinel import SERVICE, Sentinel
from peers.server import wait_until

from benchmarks.faults.drill import drill, stay
from benchmarks.faults.gateway import MoodyGateway
from benchmarks.faults.network import HERE, Machine, leave_for_a_network_of_our_own
from benchmarks.faults.scene import Needs, Scene, settings
from benchmarks.faults.source import Imap

OURS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "one": {"poll-1": ("poll",), "work-1": ("work",), "schedule-1": ("schedule",)},
    "two": {"poll-2": ("poll",), "work-2": ("work",), "schedule-2": ("schedule",)},
    "three": {"work-3": ("work",)},
}
"""Machine -> what runs there."""
ALONE = ("postgres", "bucket")
"""There is one of these: while it is cut off, work waits."""


OPEN = ("--protected-mode", "no")


class Site(Scene):
    machines: dict[str, Machine]
    sentinel: Sentinel

    def start(self) -> None:
        for machine, daemons in OURS.items():
            for name, command in daemons.items():
                through = self.machines[machine].through
                self.house.programs[name] = [*through, sys.executable, "-m", "basvuru"]
                self.house.start(name, *command)
        for daemons in OURS.values():
            for name in daemons:
                self.wait_up(name)


@contextmanager
def site(folder: Path, count: int, kills: int, seed: int, needs: Needs) -> Iterator[Site]:
    leave_for_a_network_of_our_own()
    names = (*OURS, *ALONE, "redis-1", "redis-2")
    machines = {name: Machine(name, number) for number, name in enumerate(names, 11)}
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        enter = stack.enter_context

        def at(name: str) -> dict[str, object]:
            return {"host": machines[name].host, "through": machines[name].through}

        postgres = enter(Postgres(durable=True, **at("postgres")))
        s3 = enter(S3(folder / "s3", **at("bucket")))
        first = enter(Redis(folder / "redis-1", options=OPEN, **at("redis-1")))
        of = ("--replicaof", f"{first.host} {first.port}")
        enter(Redis(folder / "redis-2", options=(*OPEN, *of), **at("redis-2")))
        sentinels = [
            enter(Sentinel(folder / f"sentinel-{name}", first, quorum=2, **at(name)))
            for name in OURS
        ]
        wait_until(
            lambda: all(one.sees(replicas=1, others=2) for one in sentinels),
            "the Sentinels to meet",
            60,
        )
        gateway = enter(MoodyGateway("0.0.0.0"))  # of our own network
        gateway.host = HERE
        source = Imap(enter(Dovecot(host="0.0.0.0")), HERE)
        hosts = ",".join(f"{one.host}:{one.port}" for one in sentinels)
        toml = settings(
            source,
            database=postgres.new_database(),
            redis=f"redis+sentinel://{hosts}/{SERVICE}/0",
            sms=gateway.url,
            workers=needs.workers,
        )
        house = enter(Installation(folder / "house", toml + s3.toml))
        made = Site(
            folder,
            house,
            postgres,
            first,
            gateway,
            source,
            s3,
            None,
            None,
            count,
            kills,
            random.Random(seed),
            needs,
        )
        made.machines, made.sentinel = machines, sentinels[2]
        yield made
    shutil.rmtree(folder, ignore_errors=True)


@drill(
    "machines",
    "two pollers, three workers on three machines; each machine and server is cut off in turn",
    place=site,
)
def machines(scene: Scene) -> str:
    assert isinstance(scene, Site)
    scene.deliver(0.1)
    scene.wait_recorded()
    said = [cut_off(scene, name) for name in (*OURS, master(scene), *ALONE)]
    scene.deliver_rest()
    return "\n".join(said)


def cut_off(scene: Site, name: str) -> str:
    """Work goes on without it, or where there is no other one, goes on afterwards."""
    began = time.monotonic()
    with scene.machines[name].cut_off():
        scene.deliver(0.13)
        if name not in ALONE:
            scene.wait_recorded()
            without = f"all recorded without it after {time.monotonic() - began:.0f} s"
        else:
            stay(15)
            without = "work waited for 15 s"
    began = time.monotonic()
    scene.settle()
    return f"{name} cut off: {without}; at rest {time.monotonic() - began:.0f} s after it came back"


def master(scene: Site) -> str:
    """The machine of the Redis that is master now."""
    host = scene.sentinel.asked("ip")
    return next(name for name, machine in scene.machines.items() if machine.host == host)
