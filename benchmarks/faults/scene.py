"""One installation with its servers, and a source that remembers what it gave."""

import random
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from peers.dovecot import Dovecot
from peers.installation import Installation
from peers.postgres import Postgres
from peers.redis import Redis
from peers.s3 import S3
from peers.sentinel import Sentinels
from peers.server import free_port, wait_until
from peers.standby import Standby

from benchmarks.faults.gateway import MoodyGateway
from benchmarks.faults.source import Imap, Maildir, Source, letter, subject
from benchmarks.faults.verdict import Verdict, judge
from config.clock import now
from storage import views

DAEMONS: dict[str, tuple[str, ...]] = {
    "poll": ("poll",),
    "work-1": ("work",),
    "work-2": ("work",),
    "schedule": ("schedule",),
}
WRAPPED = [sys.executable, "-m", "benchmarks.faults.wrapped"]
PATIENCE = 300.0
"""Seconds that anything may take on a busy machine."""


@dataclass(frozen=True)
class Needs:
    """What a drill wants beside the usual servers."""

    bucket: bool = False
    sentinel: bool = False
    imap: bool = False
    standby: bool = False
    daemons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Name -> command, beside the usual ones."""
    workers: str = "claim_seconds = 4\nsweep_seconds = 1"
    """Quick to notice a death, so that drills are short."""
    toml: str = ""


@dataclass
class Scene:
    folder: Path
    house: Installation
    postgres: Postgres
    redis: Redis
    gateway: MoodyGateway
    source: Source
    s3: S3 | None
    sentinels: Sentinels | None
    standby: Standby | None
    count: int
    """Mails in all."""
    kills: int
    """How often a drill that kills does it."""
    chance: random.Random
    needs: Needs
    given: list[bytes] = field(default_factory=list)
    poison: int = 0

    def start(self) -> None:
        for name, command in (DAEMONS | self.needs.daemons).items():
            self.house.start(name, *command)
        for name in DAEMONS:
            self.wait_up(name)

    def wait(self, condition: Callable[[], object], what: str, seconds: float) -> None:
        """Raises TimeoutError that says what was waited for."""
        wait_until(condition, what, seconds)

    def wait_up(self, name: str) -> None:
        wait_until(lambda: self.house.is_up(name), f"{name} to work", PATIENCE)

    def restart(self, name: str) -> None:
        self.house.kill(name)
        self.house.restart(name)

    def deliver(self, share: float) -> None:
        """So much of all mails."""
        self.deliver_next(min(self.count - len(self.given), max(1, round(self.count * share))))

    def deliver_next(self, count: int) -> None:
        """So many mails. One of ten comes a second time, as sources do."""
        first, last = len(self.given), len(self.given) + count
        new = [letter(n, self.chance) for n in range(first, last)]
        self.given += new
        self.source.put(new + [body for n, body in enumerate(new, first) if n % 10 == 0])

    def deliver_rest(self) -> None:
        self.deliver(1)

    def flood(self, count: int) -> None:
        """Mails that are larger than the channel takes."""
        for _ in range(count):
            self.poison += 1
            self.source.put([letter(9_000 + self.poison, self.chance) + b"x" * 400_000])

    def recorded(self) -> int:
        with self.house.app.database.read() as connection:
            return sum(day["recorded"] for day in views.ledger(connection))

    def landed(self) -> int:
        with self.house.app.database.read() as connection:
            return sum(day["landed"] for day in views.ledger(connection))

    def wait_landed(self, before: int, more: int) -> None:
        what = f"{more} more than {before} to land"
        wait_until(lambda: self.landed() >= before + more, what, PATIENCE)

    def wait_recorded(self) -> None:
        wait_until(lambda: self.recorded() >= len(self.given), "recording to go on", PATIENCE)

    def settle(self, seconds: float = PATIENCE) -> None:
        """Until everything that was given is recorded and nothing is on its way any more. Raises
        TimeoutError that says what still is."""
        try:
            wait_until(lambda: not self.moving(), "everything to come to rest", seconds)
        except TimeoutError:
            raise TimeoutError(f"after {seconds:.0f} s: {self.moving()}") from None

    def moving(self) -> dict[str, int]:
        """What is missing and what is on its way: stage or state -> how many."""
        with self.house.app.database.read() as connection:
            queues, owed = views.queues(connection, now()), views.outbox(connection, now())
        out = {f"waits for {row['queue']}": row["waiting"] for row in queues}
        for row in owed:
            if row["state"] in ("pending", "submitting"):
                out[row["state"]] = out.get(row["state"], 0) + row["count"]
        out["not recorded"] = len(self.given) - self.recorded()
        return {what: count for what, count in out.items() if count}

    def judge(self) -> Verdict:
        subjects = [subject(n) for n in range(len(self.given))]
        return judge(self.house, subjects, self.gateway.handed())


@contextmanager
def scene(folder: Path, count: int, kills: int, seed: int, needs: Needs) -> Iterator[Scene]:
    """A whole installation on servers of its own; gone at the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        enter = stack.enter_context
        postgres = enter(Postgres(durable=True))
        database = postgres.new_database()
        standby = enter(Standby(postgres)) if needs.standby else None
        redis = enter(Redis(folder / "redis"))
        sentinels = enter(Sentinels(folder)) if needs.sentinel else None
        s3 = enter(S3(folder / "s3")) if needs.bucket else None
        gateway = enter(MoodyGateway())
        source = Imap(enter(Dovecot())) if needs.imap else Maildir(folder / "mail")
        toml = settings(
            source,
            database=standby.url(database) if standby else database,
            redis=sentinels.url if sentinels else redis.url,
            sms=gateway.url,
            workers=needs.workers,
        )
        toml += needs.toml + (s3.toml if s3 else "")
        house = enter(Installation(folder / "house", toml))
        yield Scene(
            folder,
            house,
            postgres,
            redis,
            gateway,
            source,
            s3,
            sentinels,
            standby,
            count,
            kills,
            random.Random(seed),
            needs,
        )
    shutil.rmtree(folder, ignore_errors=True)


def settings(source: Source, *, database: str, redis: str, sms: str, workers: str) -> str:
    port = free_port()
    return f"""
[database]
url = "{database}"
[broker]
url = "{redis}"
[workers]
{workers}
[portal]
port = {port}
base_url = "http://127.0.0.1:{port}"
[sms]
gateway = "kannel"
per_second = 1000
[sms.options]
url = "{sms}"
username = "app"
password = "secret"
timeout_seconds = 3
[channels.mailbox]
kind = "email"
{source.toml}
poll_seconds = 0.5
"""
