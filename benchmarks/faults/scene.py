"""One installation with its servers, a source that remembers what it gave, and the comparison."""

import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peers.installation import Installation
from peers.postgres import Postgres
from peers.redis import Redis
from peers.s3 import S3
from peers.sentinel import Sentinels
from peers.server import free_port, wait_until
from peers.world import mail

from basvuru.verifying import verify
from benchmarks.faults.gateway import MoodyGateway
from config.clock import now
from storage import views

DAEMONS = {"poll": ("poll",), "work-1": ("work",), "work-2": ("work",), "schedule": ("schedule",)}
TEXT = "{n}. dosyam üç haftadır sonuçlanmadı, bilgi rica ederim. {words}\nTel: 0555 {a:03d} {b} 17"
WORDS = ("hasar", "eksper", "ödeme", "poliçe", "prim", "iade", "servis", "onarım", "ret", "itiraz")


@dataclass(frozen=True)
class Verdict:
    """What the source gave against what is recorded and what the gateway took."""

    given: int
    recorded: int
    lost: list[str]
    doubled: list[str]
    unbacked: list[str]
    """Numbers that an SMS announced and behind which there is no record."""
    told_twice: list[str]
    listed: int
    """SMS of which the house itself says that it does not know: the possible doubles."""
    untold: list[str]
    """Applications nobody told, and that are not listed."""
    broken: list[str]
    """What ``verify`` found."""
    ledger: list[Mapping[str, Any]]

    @property
    def ok(self) -> bool:
        wrong = (self.lost, self.doubled, self.unbacked, self.told_twice, self.untold, self.broken)
        return not any(wrong) and all(day["balances"] for day in self.ledger)


@dataclass
class Scene:
    folder: Path
    house: Installation
    postgres: Postgres
    redis: Redis
    gateway: MoodyGateway
    s3: S3 | None
    sentinels: Sentinels | None
    count: int
    chance: random.Random
    given: list[str] = field(default_factory=list)
    poison: int = 0

    def start(self) -> None:
        for name, command in DAEMONS.items():
            self.house.start(name, *command)
        for name in DAEMONS:
            wait_until(lambda name=name: self.house.is_up(name), f"{name} to work", 120)

    def deliver(self, share: float) -> None:
        """So much of all mails, into the mailbox that is the source."""
        for n in range(len(self.given), len(self.given) + max(1, int(self.count * share))):
            self.given.append(f"Konu {n}")
            self._put(f"{n}.mail", letter(n, self.chance))

    def flood(self, count: int) -> None:
        """Mails that are larger than the channel takes."""
        for _ in range(count):
            self.poison += 1
            body = letter(9_000 + self.poison, self.chance)
            self._put(f"p{self.poison}.mail", body + b"x" * 400_000)

    def _put(self, name: str, body: bytes) -> None:
        box = self.folder / "mail"
        (box / "tmp" / name).write_bytes(body)
        (box / "tmp" / name).rename(box / "new" / name)

    def recorded(self) -> int:
        with self.house.app.database.read() as connection:
            return len(views.applications(connection))

    def restart(self, name: str) -> None:
        self.house.kill(name)
        self.house.restart(name)

    def settle(self, seconds: float = 180) -> None:
        """Until everything that was given is recorded and nothing is on its way any more."""
        wait_until(self._is_settled, "everything to come to rest", seconds)

    def _is_settled(self) -> bool:
        with self.house.app.database.read() as connection:
            waiting = sum(row["waiting"] for row in views.queues(connection, now()))
            moving = [
                row
                for row in views.outbox(connection, now())
                if row["state"] in ("pending", "submitting")
            ]
        return self.recorded() >= len(self.given) and not waiting and not moving

    def judge(self) -> Verdict:
        app = self.house.app
        found = self.house.json("applications")
        subjects, numbers = Counter(o["subject"] for o in found), {o["number"] for o in found}
        handed = self.gateway.handed()
        unknown = {d["number"] for d in self.house.json("duties", "list")}
        with app.database.read() as connection:
            ledger = views.ledger(connection)
        report = verify(app.database, app.blobs, now())
        return Verdict(
            given=len(self.given),
            recorded=len(found),
            lost=sorted(set(self.given) - set(subjects)),
            doubled=sorted(s for s, count in subjects.items() if count > 1),
            unbacked=sorted(set(handed) - numbers),
            told_twice=sorted(n for n, count in handed.items() if count > 1 and n not in unknown),
            listed=len(unknown),
            untold=sorted(numbers - set(handed) - unknown),
            broken=[f"{one.kind} {one.what}" for one in report.problems],
            ledger=ledger,
        )


def letter(n: int, chance: random.Random) -> bytes:
    words = " ".join(chance.choices(WORDS, k=25))
    text = TEXT.format(n=n, words=words, a=n // 100, b=f"{n % 100:02d}")
    return mail(text, key=f"m{n}", sender=f"k{n}@example.test", subject=f"Konu {n}").body


@contextmanager
def scene(
    folder: Path, count: int, seed: int, *, bucket: bool = False, sentinel: bool = False
) -> Iterator[Scene]:
    """A whole installation on servers of its own; gone at the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("new", "cur", "tmp"):
        (folder / "mail" / name).mkdir(parents=True)
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres())
        redis = stack.enter_context(Redis(folder / "redis"))
        sentinels = stack.enter_context(Sentinels(folder)) if sentinel else None
        s3 = stack.enter_context(S3(folder / "s3")) if bucket else None
        gateway = stack.enter_context(MoodyGateway())
        url = sentinels.url if sentinels else redis.url
        toml = settings(folder, postgres.new_database(), url, gateway.url) + (s3.toml if s3 else "")
        house = stack.enter_context(Installation(folder / "house", toml))
        yield Scene(
            folder, house, postgres, redis, gateway, s3, sentinels, count, random.Random(seed)
        )
    shutil.rmtree(folder, ignore_errors=True)


def settings(folder: Path, database: str, redis: str, sms: str) -> str:
    return f"""
[database]
url = "{database}"
[broker]
url = "{redis}"
[workers]
claim_seconds = 4
sweep_seconds = 1
[portal]
port = {free_port()}
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
source = "maildir"
maildir = "{folder}/mail"
max_bytes = 200000
poll_seconds = 0.5
"""


def is_root() -> bool:
    return os.getuid() == 0
