"""Nothing lost, nothing twice, whatever is killed: real processes, real servers."""

import random
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from peers.dovecot import PASSWORD, USER, Dovecot
from peers.installation import Installation
from peers.postgres import Postgres
from peers.redis import Redis
from peers.sendsms import SendSms
from peers.server import free_port, wait_until
from peers.world import mail

from storage import views

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MAILS, KILLS = 500, 60
WORDS = [
    "hasar",
    "eksper",
    "ödeme",
    "poliçe",
    "prim",
    "iade",
    "acente",
    "servis",
    "onarım",
    "değer",
    "kaybı",
    "ret",
    "itiraz",
    "belge",
    "rapor",
    "gecikme",
    "teminat",
    "yenileme",
    "iptal",
    "zeyil",
    "provizyon",
    "asistans",
    "çekici",
    "kusur",
    "tutar",
    "taksit",
    "kart",
]


def letters(count: int, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    out = []
    for n in range(count):
        text = (
            " ".join(chance.choices(WORDS, k=40))
            + f"\n\nTel: 0555 {n // 100:03d} {n % 100:02d} 17\n"
        )
        one = mail(
            text, key=f"m{n}", sender=f"Kisi {n} <kisi{n}@example.test>", subject=f"Konu {n}"
        )
        out.append(one.body)
    return out


def settings(dovecot: Dovecot, database: str, redis: str, sms: str) -> str:
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
[channels.mailbox]
kind = "email"
host = "localhost"
port = {dovecot.imap_port}
security = "none"
username = "{USER}"
password = "{PASSWORD}"
poll_seconds = 1
"""


@pytest.mark.parametrize("seed", [1])
def test_five_hundred_mails_and_sixty_kills(seed: int, postgres: Postgres, tmp_path: Path):
    chance = random.Random(seed)
    with (
        Dovecot() as dovecot,
        Redis(tmp_path / "redis", options=("--appendfsync", "everysec")) as redis,
        SendSms() as sms,
        Installation(
            tmp_path / "house", settings(dovecot, postgres.new_database(), redis.url, sms.url)
        ) as house,
    ):
        house.start("poll", "poll")
        house.start("work-1", "work")
        house.start("work-2", "work")
        house.start("schedule", "schedule")
        bodies = letters(MAILS, seed)
        for start in range(0, MAILS, 20):
            dovecot.append("INBOX", *bodies[start : start + 20])
            for _ in range(KILLS * (start + 20) // MAILS - KILLS * start // MAILS):
                victim = chance.choice(["poll", "work-1", "work-2", "redis"])
                if victim != "redis":
                    wait_until(lambda v=victim: house.is_up(v), f"{victim} to work", 60)
                time.sleep(chance.random() * 0.5)  # a random moment is the point of the test
                if victim == "redis":
                    redis.kill()
                    redis.up()
                else:
                    house.kill(victim)
                    house.restart(victim)
        wait_until(lambda: settled(house), "everything to be recorded and handed over", 300)
        judge(house, sms)


def settled(house: Installation) -> bool:
    with house.app.database.read() as connection:
        recorded = len(views.applications(connection))
        moving = [
            row
            for row in views.outbox(connection, house.app.tools.now())
            if row["state"] in ("pending", "submitting")
        ]
    return recorded >= MAILS and not moving


def judge(house: Installation, sms: SendSms) -> None:
    found = house.json("applications")
    subjects = Counter(one["subject"] for one in found)
    assert subjects == Counter(f"Konu {n}" for n in range(MAILS))
    unknown = {d["number"] for d in house.json("duties", "list") if d["state"] == "unknown"}
    handed = Counter(sms.numbers())
    assert max(handed.values()) == 1, "an SMS was handed over twice"
    silent = {one["number"] for one in found} - set(handed)
    assert silent <= unknown, "an applicant was never told, and nobody is shown it"
    assert len(unknown) <= KILLS
    summary = f"{len(found)} recorded, {len(handed)} handed over once, {len(unknown)} unknown"
    sys.stdout.write(summary + "\n")
    for day in house.json("status")["ledger"]:
        assert day["balances"], day
