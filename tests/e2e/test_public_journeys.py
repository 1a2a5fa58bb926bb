"""The whole house as processes: PostgreSQL, Redis, Kannel, and an applicant's browser."""

import re
import time
from pathlib import Path

import httpx2
import pytest
from peers.browser import PHONE, opened
from peers.installation import Installation
from peers.kannel import INSTALLED, PASSWORD, Kannel
from peers.postgres import Postgres
from peers.redis import Redis
from peers.server import free_port, is_open, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not INSTALLED, reason="Kannel is not installed"),
]
GIVEN = {
    "type": "complaint",
    "subject": "Ödeme gecikti",
    "text": "Hasar ödemem üç haftadır yapılmadı, dosyam bekliyor.",
    "name": "Deneme Kişi",
    "phone": "0555 000 12 34",
}
A_MOMENT = 2.0
"""Seconds, on a machine that runs other tests meanwhile."""


@pytest.fixture
def kannel(tmp_path: Path):
    with Kannel(tmp_path / "kannel") as one:
        one.connect_smsc()
        yield one


@pytest.fixture
def house(tmp_path: Path, postgres: Postgres, redis: Redis, kannel: Kannel):
    port = free_port()
    toml = f"""
[database]
url = "{postgres.new_database()}"
[broker]
url = "{redis.url}"
[portal]
port = {port}
[channels.web]
kind = "web"
[channels.phone]
kind = "phone"
secret = "call secret"
[sms]
gateway = "kannel"
[sms.options]
url = "{kannel.url}"
username = "app"
password = "{PASSWORD}"
"""
    with Installation(tmp_path / "house", toml) as made:
        made.start("serve", "serve")
        wait_until(lambda: is_open(port), "the portal", 60)
        made.url = f"http://127.0.0.1:{port}"
        yield made


def texts(kannel: Kannel) -> list[str]:
    return [text for _, _, text in kannel.received]


def code(kannel: Kannel) -> str:
    def found():
        return [one for text in texts(kannel) for one in re.findall(r"kodunuz: (\d{6})", text)]

    wait_until(found, "the code", 60)
    return found()[-1]


def test_an_applicant_on_a_phone_applies_and_sees_the_status(house, kannel, browser):
    house.start("work", "work")
    house.start("schedule", "schedule")
    with opened(browser, house.url, size=PHONE) as page:
        page.goto("/apply")
        page.check("input[name=type][value=complaint]")
        for name in ("subject", "text", "name", "phone"):
            page.fill(f"[name={name}]", GIVEN[name])
        page.locator("input[name=altcha]").wait_for(state="attached", timeout=60_000)
        page.click("button.primary")
        number = page.locator("#number").inner_text()
        wait_until(lambda: any(number in text for text in texts(kannel)), "the SMS", 60)
        page.goto("/status")
        page.fill("[name=number]", number)
        page.fill("[name=phone]", GIVEN["phone"])
        page.click("button.primary")
        page.fill("[name=code]", code(kannel))
        page.click("button.primary")
        page.locator(f"h1:has-text('{number}')").wait_for()
    [application] = house.json("applications")
    assert application["channel"] == "web"


def test_the_number_is_there_at_once_without_any_worker(house):
    """Only the SMS needs one."""
    with httpx2.Client(base_url=house.url, timeout=30) as client:
        key = house.cli("api-key", "add", "mobile-app").strip()
        said = dict(GIVEN)
        head = {"Authorization": f"Bearer {key}"}
        took = []
        for number in range(10):
            said["text"] = f"{number} numaralı konu, her biri bambaşka bir dilekçe: {number * 7919}"
            started = time.perf_counter()
            answer = client.post(
                "/api/v1/applications",
                json=said,
                headers=head | {"Idempotency-Key": f"key-{number:06d}"},
            )
            took.append(time.perf_counter() - started)
            assert answer.status_code == 201, answer.text
    took.sort()
    assert took[5] < A_MOMENT, took
