"""What a newcomer does: one command, a file into each folder, and an application comes out."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from peers.installation import Installation
from peers.kannel import INSTALLED, PASSWORD, Kannel
from peers.redis import Redis
from peers.server import free_port, is_open, wait_until
from peers.world import mail

from basvuru.places import Places
from config.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def up(tmp_path: Path):
    """`basvuru up` on embedded defaults, in a folder of its own."""
    data = tmp_path / "var"
    env = os.environ | {"BASVURU_PORTAL__PORT": str(free_port())}
    output = (tmp_path / "up.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "basvuru", "up", "--data", str(data)],
        env=env,
        stdout=output,
        stderr=subprocess.STDOUT,
    )
    yield data, tmp_path / "up.log", process
    process.send_signal(signal.SIGTERM)
    process.wait(40)


def own_socket(data: Path) -> Path:
    return Places(Settings(data=data)).redis_socket


def listed(data: Path) -> list[dict]:
    import json

    done = subprocess.run(
        [sys.executable, "-m", "basvuru", "applications", "--json", "--data", str(data)],
        capture_output=True,
        check=False,
        timeout=60,
    )
    return json.loads(done.stdout) if done.returncode == 0 else []


def test_one_file_in_each_folder_comes_out_as_a_numbered_acknowledged_application(up):
    data, log, _ = up
    wait_until((data / "mail/new").is_dir, "the data folder", 60)
    started = time.monotonic()
    text = "Hasar dosyam sonuçlanmadı, bilgi rica ederim.\nCep: 0555 000 12 34\n"
    (data / "mail/new/1.mail").write_bytes(mail(text, key="1").body)
    shutil.copyfile(SAMPLES / "fax/kasko-odeme.tif", data / "fax/kasko-odeme.tif")
    scan = SAMPLES / "post/saglik-itiraz.jpg"
    shutil.copyfile(scan, data / "post" / scan.name)
    wait_until(lambda: len(listed(data)) == 3, "three applications", 90)
    assert sorted(one["channel"] for one in listed(data)) == ["email", "fax", "post"]
    assert all(len(one["number"]) == 10 for one in listed(data))
    [first] = [one for one in listed(data) if one["channel"] == "email"]
    shown = f"{first['number'][:2]}-{first['number'][2:6]}-{first['number'][6:]}"
    wait_until(lambda: shown in log.read_text(), "the SMS on the console", 30)
    assert "5550001234" not in log.read_text().replace(" ", "")
    assert time.monotonic() - started < 300


def test_a_private_redis_that_dies_is_started_again_and_work_goes_on(up):
    data, _, _ = up
    wait_until((data / "mail/new").is_dir, "the data folder", 60)
    wait_until(own_socket(data).exists, "the private Redis", 60)
    found = subprocess.run(["pgrep", "-f", str(own_socket(data))], capture_output=True, check=True)
    os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
    text = "Hasar dosyam sonuçlanmadı, bilgi rica ederim.\nCep: 0555 000 12 34\n"
    (data / "mail/new/1.mail").write_bytes(mail(text, key="1").body)
    wait_until(lambda: len(listed(data)) == 1, "an application all the same", 90)


def test_a_second_installation_on_the_same_folder_is_refused(up):
    data, _, _ = up
    wait_until(own_socket(data).exists, "the first one", 60)
    second = subprocess.run(
        [sys.executable, "-m", "basvuru", "up", "--data", str(data)],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert second.returncode == 1
    assert b"already" in second.stderr


def test_a_terminated_installation_leaves_no_process_behind(up):
    data, _, process = up
    wait_until(own_socket(data).exists, "the private Redis", 60)
    process.send_signal(signal.SIGTERM)
    process.wait(40)
    left = subprocess.run(["pgrep", "-f", str(data)], capture_output=True, check=False)
    assert left.stdout == b""


def test_a_killed_installation_leaves_no_process_behind(up):
    data, _, process = up
    wait_until(own_socket(data).exists, "the private Redis", 60)
    process.kill()
    process.wait()

    def gone() -> bool:
        found = subprocess.run(["pgrep", "-f", str(data)], capture_output=True, check=False)
        return found.stdout == b""

    wait_until(gone, "the children to end with their parent", 40)


@pytest.mark.skipif(not INSTALLED, reason="Kannel is not installed")
def test_an_sms_goes_through_a_real_kannel_and_its_receipt_comes_back(tmp_path, redis: Redis):
    port = free_port()
    with Kannel(tmp_path / "kannel") as kannel:
        kannel.connect_smsc()
        toml = f"""
[broker]
url = "{redis.url}"
[portal]
port = {port}
[sms]
gateway = "kannel"
[sms.options]
url = "{kannel.url}"
username = "app"
password = "{PASSWORD}"
"""
        with Installation(tmp_path / "house", toml) as house:
            house.start("poll", "poll")
            house.start("work", "work")
            house.start("schedule", "schedule")
            house.start("serve", "serve")
            wait_until(lambda: is_open(port), "the portal, which takes receipts", 60)
            text = "Hasar dosyam sonuçlanmadı, bilgi rica ederim.\nCep: 0555 000 12 34\n"
            target = tmp_path / "house/var/mail/new/1.mail"
            target.write_bytes(mail(text, key="1").body)

            def delivered() -> bool:
                found = house.json("applications")
                return bool(found) and found[0]["acknowledgement"]["state"] == "delivered"

            wait_until(delivered, "the receipt from Kannel", 60)
