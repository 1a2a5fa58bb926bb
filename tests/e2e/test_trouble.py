"""Trouble in the middle of a stream: Redis flushed, poison, half-written files."""

import shutil
from pathlib import Path

import pytest
import redis as redis_client
from peers.installation import Installation
from peers.redis import Redis
from peers.sendsms import SendSms
from peers.server import free_port, wait_until
from peers.world import mail

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SAMPLES = Path(__file__).parents[2] / "samples"


def settings(folder: Path, redis: str, sms: str) -> str:
    for name in ("mail/new", "mail/cur", "mail/tmp", "fax", "post"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    spool = "poll_seconds = 0.5\nsettle_seconds = 1\ngive_up_seconds = 25\n"
    return f"""
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
source = "maildir"
maildir = "{folder}/mail"
max_bytes = 50000000
poll_seconds = 0.5
[channels.fax]
kind = "fax"
folder = "{folder}/fax"
{spool}
[channels.post]
kind = "post"
folder = "{folder}/post"
{spool}
"""


@pytest.fixture
def house(tmp_path: Path, redis: Redis):
    with SendSms() as sms:
        toml = settings(tmp_path / "in", redis.url, sms.url)
        with Installation(tmp_path / "house", toml) as made:
            made.start("poll", "poll")
            made.start("work", "work", "--all")
            made.start("schedule", "schedule")
            made.sms = sms
            yield made


def deliver(tmp_path: Path, name: str, body: bytes) -> None:
    (tmp_path / "in/mail/tmp" / name).write_bytes(body)
    (tmp_path / "in/mail/tmp" / name).rename(tmp_path / "in/mail/new" / name)


def letter(n: int) -> bytes:
    phone = f"0555 001 {n // 100:02d} {n % 100:02d}"
    text = f"{n}. konu: dosyam sonuçlanmadı, bilgi rica ederim.\nTel: {phone}"
    return mail(text, key=f"m{n}", sender=f"k{n}@example.test", subject=f"Konu {n}").body


def subjects(house: Installation) -> list[str]:
    return sorted(one["subject"] for one in house.json("applications"))


def test_redis_flushed_in_the_middle_loses_nothing_and_doubles_nothing(house, redis, tmp_path):
    client = redis_client.Redis.from_url(redis.url)
    for n in range(120):
        deliver(tmp_path, f"{n}.mail", letter(n))
        if n % 20 == 19:
            client.flushall()
    wait_until(lambda: len(house.json("applications")) == 120, "120 applications", 90)
    client.flushall()
    wait_until(lambda: len(house.sms.taken) == 120, "120 SMS", 60)
    assert subjects(house) == sorted(f"Konu {n}" for n in range(120))
    assert len(set(house.sms.numbers())) == 120
    assert all(day["balances"] for day in house.json("status")["ledger"])


def test_poison_in_the_stream_is_shown_with_its_cause_and_holds_up_nobody(house, tmp_path):
    deliver(tmp_path, "0.mail", letter(0))
    deliver(tmp_path, "huge.mail", letter(900) + b"x" * 60_000_000)
    fax = (SAMPLES / "fax/kasko-odeme.tif").read_bytes()
    (tmp_path / "in/fax/truncated.tif").write_bytes(fax[: len(fax) // 2])
    (tmp_path / "in/post/encrypted.pdf").write_bytes(encrypted_pdf())
    shutil.copyfile(SAMPLES / "fax/konut-iptal.tif", tmp_path / "in/fax/good.tif")
    scan = next((SAMPLES / "post").glob("*.pdf")).read_bytes()
    step = len(scan) // 19 + 1
    with (tmp_path / "in/post/growing.pdf").open("wb", buffering=0) as growing:
        for n in range(1, 20):
            deliver(tmp_path, f"{n}.mail", letter(n))
            growing.write(scan[(n - 1) * step : n * step])
            wait_until(lambda n=n: f"Konu {n}" in subjects(house), f"mail {n}", 60)
    wait_until(lambda: len(house.json("applications")) == 22, "20 mails, a fax, a letter", 90)
    wait_until(lambda: len(house.json("quarantine", "list")) == 3, "three items set aside", 90)
    causes = sorted(item["cause"] for item in house.json("quarantine", "list"))
    assert causes == ["incomplete", "oversized", "unreadable"]
    assert all(day["balances"] for day in house.json("status")["ledger"])


def test_what_was_set_aside_goes_through_after_a_replay(house, tmp_path):
    deliver(tmp_path, "huge.mail", letter(1) + b"x" * 60_000_000)
    wait_until(lambda: house.json("quarantine", "list"), "the huge mail to be set aside", 60)
    house.cli("quarantine", "replay", "--all")
    wait_until(lambda: subjects(house) == ["Konu 1"], "the huge mail, fetched whole", 60)
    assert house.json("quarantine", "list") == []
    assert all(day["balances"] for day in house.json("status")["ledger"])


def encrypted_pdf() -> bytes:
    """A PDF that asks for a password: only its trailer matters."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
        b"4 0 obj<</Filter/Standard/V 1/R 2/O(01234567890123456789012345678901)"
        b"/U(01234567890123456789012345678901)/P -44>>endobj\n"
        b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[(a)(a)]>>\n%%EOF\n"
    )
