"""How long an applicant waits for the SMS, and what waiting for applicants costs.

    python benchmarks/latency.py [--rate 50] [--messages 1000] [--singly 30] [--idle 20]

Real processes (worker, scheduler) over a private PostgreSQL (synchronous commit) and Redis. Items
are pushed in, as the portal and the interface do it, and landed in this process; the time ends
when a stand-in SMSC has the text. First one at a time on a system at rest, then at a steady rate.
At rest, CPU is that of all our processes and of the servers'.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "tests")]

import structlog
from peers.installation import Installation
from peers.postgres import Postgres
from peers.redis import Redis
from peers.server import wait_until
from peers.smsc import Smsc
from peers.world import mail
from way import cpu, house_settings

from ingest.contract import Delivery
from storage import channels

WARM = 20


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds from source to SMS, of each message."""

    seconds: Sequence[float]

    @property
    def middle(self) -> float:
        return statistics.median(self.seconds)

    @property
    def worst(self) -> float:
        """The 99th of a hundred."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]

    def __str__(self) -> str:
        return f"p50 {self.middle * 1000:6.0f} ms   p99 {self.worst * 1000:6.0f} ms"


@dataclass(frozen=True, slots=True)
class Latency:
    """``idle``: part of a core that our processes use while nothing comes."""

    rest: Waited
    load: Waited
    rate: float
    idle: float

    def print(self) -> None:
        out = sys.stdout.write
        out(f"at rest        {self.rest}\n")
        out(f"{self.rate:3.0f} a second   {self.load}\n")
        out(f"idle: {self.idle:.1%} of a core, all our processes\n")


class TimedSmsc(Smsc):
    """Remembers when it got a text for a number."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        super().__init__()

    def _submit(self, body: bytes) -> Any:
        said = super()._submit(body)
        self.at[self.submitted[-1].dest] = time.monotonic()
        return said


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=float, default=50)
    options.add_argument("--messages", type=int, default=1000)
    options.add_argument("--singly", type=int, default=30)
    options.add_argument("--idle", type=float, default=20)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        run(Path(name), given.rate, given.messages, given.singly, given.idle).print()


def run(folder: Path, rate: float, messages: int, singly: int, idle: float) -> Latency:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with _house(folder) as (house, smsc):
        people = _people(house)
        _wait(smsc, [next(people) for _ in range(WARM)])
        before, start = _ours(house), time.monotonic()
        time.sleep(idle)
        cost = (_ours(house) - before) / (time.monotonic() - start)
        rest = [_wait(smsc, [next(people)])[0] for _ in range(singly)]
        load = _wait(smsc, list(_steadily(people, rate, messages)))
        return Latency(Waited(rest), Waited(load), rate, cost)


@contextmanager
def _house(folder: Path) -> Iterator[tuple[Installation, TimedSmsc]]:
    with (
        Postgres(durable=True) as postgres,
        Redis(folder / "redis") as redis,
        TimedSmsc() as smsc,
        Installation(
            folder / "house", house_settings(postgres.new_database(), redis.url, smsc)
        ) as house,
    ):
        for name, command in (("work", "work"), ("schedule", "schedule")):
            house.start(name, command)
        for name in list(house.running):
            wait_until(lambda name=name: house.is_up(name), f"{name} to work", 60)
        with house.app.database.write() as connection:
            channels.register(connection, "site", "web")
        yield house, smsc


Sent = tuple[str, float]
"""Telephone number, and when its message reached us."""


def _people(house: Installation) -> Iterator[Sent]:
    """Push in the message of one more person each time."""
    for n in count():
        phone = f"555{1_000_000 + n}"
        text = f"{n}. dosyam sonuçlanmadı, bilgi rica ederim.\nCep: 0{phone[:3]} {phone[3:]}"
        item = mail(text, key=f"m{n}", sender=f"k{n}@example.test", subject=f"Konu {n}")
        at = time.monotonic()
        house.app.reception.land_once("site", Delivery([item]))
        yield f"90{phone}", at


def _steadily(people: Iterator[Sent], rate: float, messages: int) -> Iterator[Sent]:
    start = time.monotonic()
    for n in range(messages):
        time.sleep(max(0.0, start + n / rate - time.monotonic()))
        yield next(people)


def _wait(smsc: TimedSmsc, sent: Sequence[Sent]) -> list[float]:
    """Seconds that each of these waited, once all have their SMS."""
    wait_until(lambda: all(number in smsc.at for number, _ in sent), "every SMS", 600)
    return [smsc.at[number] - at for number, at in sent]


def _ours(house: Installation) -> float:
    return sum(cpu(process.pid) for process in house.running.values())


if __name__ == "__main__":
    main()
