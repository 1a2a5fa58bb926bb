"""From IMAP to recorded and acknowledged: mails a second, CPU a mail, and where it goes.

    python benchmarks/way.py [--mails 2000] [--corpus FOLDER] [--processes 1] [--sqlite]

Real processes over a private Dovecot, PostgreSQL (synchronous commit) and Redis; SMS go over SMPP
to a stand-in that takes every one. Mails are made up, unless a folder of .eml files is given with
--corpus. CPU is user and system time of every process of ours and of the servers', from /proc,
once all of them have seen some mails.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

from peers.dovecot import PASSWORD, USER, Dovecot
from peers.installation import Installation
from peers.postgres import Postgres
from peers.redis import Redis
from peers.server import free_port, wait_until
from peers.smsc import Smsc
from peers.world import mail
from sqlalchemy import Select, func, select

from storage import tables as t
from storage import views

TICKS = os.sysconf("SC_CLK_TCK")
WARM = 100
"""Mails that go the way before it is measured."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. ``seconds``: until all SMS were handed over. ``spent``: CPU seconds by process,
    suggestions included; ``acknowledged``: of how many mails we told the applicant; ``memory``: the
    most bytes that one worker process had in memory."""

    mails: int
    seconds: float
    spent: Mapping[str, float]
    acknowledged: int
    memory: int = 0

    @property
    def rate(self) -> float:
        """Mails a second."""
        return self.mails / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of CPU a mail, all processes."""
        return sum(self.spent.values()) * 1000 / self.mails

    def print(self) -> None:
        out = sys.stdout.write
        told = f", {self.acknowledged} acknowledged" if self.acknowledged else ""
        out(f"{self.mails} mails{told}\n")
        out(f"{self.rate:8.0f} mails/s ({self.seconds:.1f} s)\n")
        for name, value in sorted(self.spent.items(), key=lambda item: -item[1]):
            out(f"{value * 1000 / self.mails:8.3f} ms CPU a mail  {name}\n")
        out(f"{self.cost:8.3f} ms CPU a mail  together\n")
        if self.memory:
            out(f"{self.memory / 1e6:8.0f} MB at most in a worker\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=2000)
    options.add_argument("--processes", type=int, default=1)
    options.add_argument("--corpus", type=Path)
    options.add_argument("--sqlite", action="store_true")
    given = options.parse_args()
    bodies = mails(given.corpus, given.mails)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        run(Path(name), bodies, given.processes, sqlite=given.sqlite).print()


def mails(corpus: Path | None, count: int) -> list[bytes]:
    """Those of a folder, or made up ones."""
    return list(read(corpus) if corpus else made_up(count))[:count]


def read(folder: Path) -> Iterator[bytes]:
    for file in sorted(folder.rglob("*.eml")):
        yield file.read_bytes()


def made_up(count: int) -> Iterator[bytes]:
    for n in range(count):
        phone = f"0555 1{n % 1000:03d} 12 34"
        text = f"{n}. dosyam sonuçlanmadı, bilgi verilmesini rica ederim.\nCep: {phone}"
        yield mail(text, key=f"m{n}", sender=f"k{n}@example.test", subject=f"Konu {n}").body


@contextmanager
def servers(folder: Path) -> Iterator[tuple[Dovecot, Postgres, Redis, Smsc]]:
    """What every run talks to."""
    with (
        Dovecot() as dovecot,
        Postgres(durable=True) as postgres,
        Redis(folder / "redis") as redis,
        Smsc() as smsc,
    ):
        yield dovecot, postgres, redis, smsc


def run(folder: Path, bodies: list[bytes], processes: int, *, sqlite: bool = False) -> Figures:
    """Some mails go the way before those that are measured: starting is not what is asked for."""
    with servers(folder) as (dovecot, postgres, redis, smsc):
        drafts = dovecot.drafted(bodies)
        database = f"sqlite:///{folder}/b.db" if sqlite else postgres.new_database()
        with Installation(folder / "house", settings(dovecot, database, redis.url, smsc)) as house:
            for n in range(processes):
                house.start(f"work-{n}", "work")
            house.start("schedule", "schedule")
            house.start("poll", "poll")
            for name in list(house.running):
                wait_until(lambda name=name: house.is_up(name), f"{name} to work", 60)
            dovecot.deliver(made_up(WARM))
            wait_until(lambda: is_through(house, WARM), "all processes to be warm", 120)
            parts = {
                "dovecot": dovecot.pid,
                "redis": redis.process.pid,
                "postgres": postgres.pid,
                **{name: process.pid for name, process in house.running.items()},
            }
            before = {name: cpu(pid) for name, pid in parts.items()}
            start = time.monotonic()
            dovecot.reveal(drafts)
            wait_until(lambda: is_told(house, WARM + len(bodies)), "all SMS", 600)
            seconds = time.monotonic() - start
            wait_until(lambda: is_through(house, WARM + len(bodies)), "suggestions", 600)
            spent = {name: cpu(pid) - before[name] for name, pid in parts.items()}
            memory = max(most_memory(parts[f"work-{n}"]) for n in range(processes))
            told = acknowledged(house) - WARM
            return Figures(len(bodies), seconds, spent, told, memory)


def settings(dovecot: Dovecot, database: str, redis: str, smsc: Smsc) -> str:
    return f"""{house_settings(database, redis, smsc)}
[channels.box]
kind = "email"
host = "localhost"
port = {dovecot.imap_port}
security = "none"
username = "{USER}"
password = "{PASSWORD}"
"""


def house_settings(database: str, redis: str, smsc: Smsc) -> str:
    """Everything but channels."""
    name, password = smsc.login
    return f"""
[database]
url = "{database}"
[broker]
url = "{redis}"
[portal]
port = {free_port()}
[acknowledgement]
per_sender_hour = 100000
per_sender_day = 100000
[sms]
gateway = "smpp"
per_second = 100000
[sms.options]
host = "127.0.0.1"
port = {smsc.port}
system_id = "{name}"
password = "{password}"
"""


def is_told(house: Installation, count: int) -> bool:
    """Whether everything landed, was recorded, and is acknowledged."""
    moving = t.outbox.c.state.in_(("pending", "submitting"))
    return has_landed(house, count) and _none_waits(
        house, select(t.work), select(t.outbox).where(moving)
    )


def is_through(house: Installation, count: int) -> bool:
    """Whether suggestions were made, too, which the sweep rings for. Documents in mails are read
    afterwards, by ``pages``, which does not run here."""
    return is_told(house, count) and _none_waits(house, select(t.to_suggest))


def has_landed(house: Installation, count: int) -> bool:
    """Whether so many items landed, whatever became of them."""
    time.sleep(0.1)  # looking costs the database, too, and is measured with it
    with house.app.database.read() as connection:
        landed = connection.execute(select(func.sum(t.ledger.c.landed))).scalar() or 0
    return int(landed) >= count


def _none_waits(house: Installation, *waiting: Select[Any]) -> bool:
    with house.app.database.read() as connection:
        return not any(connection.execute(select(one.exists())).scalar() for one in waiting)


def acknowledged(house: Installation) -> int:
    with house.app.database.read() as connection:
        found = views.applications(connection)
    told = ("accepted", "delivered")
    return sum(one["acknowledgement"]["state"] in told for one in found)


def most_memory(pid: int) -> int:
    """Bytes that the largest process of these had in memory at once."""
    most = 0
    for one in (pid, *children(pid)):
        try:
            lines = Path(f"/proc/{one}/status").read_text().splitlines()
        except OSError:
            continue  # it ended between listing and reading
        most = max([most, *(int(line.split()[1]) * 1024 for line in lines if "VmHWM" in line)])
    return most


def cpu(pid: int) -> float:
    """Seconds of a process and all below it, ended children included."""
    total = 0.0
    for one in (pid, *children(pid)):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended between listing and reading; its parent has its time
        total += sum(map(int, fields[11:15])) / TICKS
    return total


def children(pid: int) -> Iterator[int]:
    try:
        direct = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, direct):
        yield child
        yield from children(child)


if __name__ == "__main__":
    main()
