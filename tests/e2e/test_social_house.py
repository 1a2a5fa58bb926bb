"""Social accounts under real daemons: one that dies stops nobody else, and goes on where it was."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from peers.installation import Installation
from peers.redis import Redis
from peers.server import free_port, stop, wait_until

from ingest.testkit.standins.graph import TOKEN, GraphServer
from ingest.testkit.standins.graph_data import PAGE
from ingest.testkit.standins.x import TOKEN as X_TOKEN
from ingest.testkit.standins.x import XStandin

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PASSWORD_CHANGED = 460


def settings(redis: str, graph: str, x: str, token: str) -> str:
    return f"""
[broker]
url = "{redis}"
[channels.page]
kind = "facebook"
page_id = "{PAGE}"
page_token = "{token}"
graph_url = "{graph}"
poll_seconds = 0.5
[channels.brand]
kind = "x"
access_token = "{X_TOKEN}"
base_url = "{x}"
poll_seconds = 0.5
"""


def landed(house: Installation, account: str) -> int:
    return sum(row["landed"] for row in house.json("status")["ledger"] if row["channel"] == account)


def channel(house: Installation, account: str) -> dict[str, Any]:
    [found] = [one for one in house.json("status")["channels"] if one["name"] == account]
    return dict(found)


def test_a_dead_token_stops_one_account_says_what_to_do_and_loses_nothing(
    tmp_path: Path, redis: Redis
) -> None:
    with GraphServer() as facebook, XStandin() as x:
        ours = facebook.data.post_by(PAGE, "Kampanyamız başladı")
        toml = settings(redis.url, facebook.url, x.url, TOKEN)
        with Installation(tmp_path / "house", toml) as house:
            house.start("poll", "poll")
            facebook.data.comment_by("70001", "Dosyam hâlâ açık", ours)
            x.post("@orneksigorta dosyam hâlâ açık")
            wait_until(lambda: landed(house, "brand") >= 1, "the first mention", 60)
            # the Page's own post lands too, as ours
            wait_until(lambda: landed(house, "page") >= 1, "the first comment", 60)
            before = landed(house, "page")

            facebook.dead = PASSWORD_CHANGED
            wait_until(lambda: channel(house, "page")["state"] == "parked", "the dead token", 60)
            facebook.data.comment_by("70002", "Ben de bekliyorum", ours)
            x.post("@orneksigorta hâlâ bekliyorum")
            wait_until(lambda: landed(house, "brand") >= 2, "the second mention", 60)
            assert channel(house, "brand")["state"] == "reading"
            assert landed(house, "page") == before

            parked = channel(house, "page")
            assert "token" in parked["reason"].lower()
            assert "page_token" in parked["remedy"]
            shown = " ".join(house.cli("status").split())
            assert "! page, " in shown
            assert TOKEN not in shown

            facebook.dead, facebook.token = 0, "EAAstandinNEWtoken987654"
            house.config.write_text(house.config.read_text().replace(TOKEN, facebook.token))
            house.running["poll"].send_signal(signal.SIGTERM)
            stop(house.running["poll"])
            house.cli("channel", "start", "page")
            house.restart("poll")
            wait_until(lambda: landed(house, "page") == before + 1, "the missed comment", 60)
            assert channel(house, "page")["reason"] is None


def test_the_demo_shows_every_network_and_our_answers_in_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "basvuru", "demo", "--start", "--port", str(free_port())]
    command += ["--data", str(tmp_path / "demo"), "--samples", str(tmp_path), "--seconds", "200"]
    log = tmp_path / "demo.log"
    wanted = [
        f"{name} {way}" for name in ("x", "facebook", "instagram", "linkedin") for way in "→←"
    ]
    with log.open("wb") as out:
        demo = subprocess.Popen(
            command, stdout=out, stderr=out, env=os.environ | {"PYTHONUNBUFFERED": "1"}
        )
    try:
        wait_until(
            lambda: all(one in log.read_text(errors="replace") for one in wanted),
            "every network both ways",
            180,
        )
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(90)
