"""Several machines over one database: frozen pollers, two schedulers, two versions side by side."""

import json
import os
import signal
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from peers.installation import Installation
from peers.postgres import Postgres
from peers.redis import Redis
from peers.server import free_port, wait_until
from peers.world import mail
from sqlalchemy import update

from config.clock import now
from storage import channels, daemons, views
from storage import tables as t
from storage.engine import LONGEST_PAUSE
from workers.bell import Bell
from workers.scheduler import Scheduler

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
TEXT = "{n}. dosyam sonuçlanmadı, bilgi rica ederim.\nTel: 0555 001 {a:02d} {b:02d}"


def settings(folder: Path, database: str, redis: str) -> str:
    for name in ("new", "cur", "tmp"):
        (folder / "mail" / name).mkdir(parents=True, exist_ok=True)
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
[channels.mailbox]
kind = "email"
source = "maildir"
maildir = "{folder}/mail"
poll_seconds = 0.3
"""


def letter(n: int) -> bytes:
    text = TEXT.format(n=n, a=n // 100, b=n % 100)
    return mail(text, key=f"m{n}", sender=f"k{n}@example.test", subject=f"Konu {n}").body


def deliver(folder: Path, *numbers: int) -> None:
    for n in numbers:
        (folder / f"mail/tmp/{n}.mail").write_bytes(letter(n))
        (folder / f"mail/tmp/{n}.mail").rename(folder / f"mail/new/{n}.mail")


def landed(house: Installation) -> int:
    with house.app.database.read() as connection:
        return sum(day["landed"] for day in views.ledger(connection))


def state(house: Installation) -> channels.ChannelState:
    with house.app.database.read() as connection:
        return channels.state(connection, "mailbox")


def let_the_lease_run_out(house: Installation) -> None:
    """As a minute does in which its holder says nothing."""
    with house.app.database.write() as connection:
        past = now() - timedelta(seconds=1)
        connection.execute(update(t.channel).values(lease_until=past))


def said(house: Installation, name: str, what: str) -> bool:
    return what in (house.folder / f"{name}.log").read_text()


def test_a_poller_that_was_frozen_in_mid_landing_lands_nothing_and_moves_nothing(
    postgres: Postgres, redis: Redis, tmp_path: Path
):
    """It is stopped between reading and committing, while it waits for its channel's row; another
    takes over; woken up, it finds its epoch gone."""
    url = postgres.new_database()
    folder = tmp_path / "in"
    with Installation(tmp_path / "house", settings(folder, url, redis.url)) as house:
        house.start("first", "poll")
        wait_until(lambda: house.is_up("first"), "the first poller", 120)
        wait_until(lambda: state(house).last_ok_at, "its first round", 120)
        before = state(house)
        with psycopg.connect(url.replace("+psycopg", "")) as blocker:
            blocker.execute("SELECT * FROM channel FOR UPDATE")
            deliver(folder, *range(20))
            wait_until(lambda: waits_for_a_lock(url), "the first poller to land", 120)
            house.running["first"].send_signal(signal.SIGSTOP)
            # its landing is cut as a server does with a transaction that stands still
            cut_who_waits(url)
            blocker.rollback()
        let_the_lease_run_out(house)
        house.start("second", "poll")
        wait_until(lambda: landed(house) == 20, "the second poller to land", 120)
        after = state(house)
        assert after.lease_epoch == before.lease_epoch + 1

        house.running["first"].send_signal(signal.SIGCONT)
        wait_until(
            lambda: said(house, "first", "poller.stood_back"), "the first to stand back", 120
        )
        deliver(folder, 20)
        wait_until(lambda: landed(house) == 21, "the second poller to go on", 120)
        assert state(house).lease_holder == after.lease_holder
        assert state(house).lease_epoch == after.lease_epoch
        with house.app.database.read() as connection:
            [day] = views.ledger(connection)
            raws = connection.execute(t.raw_item.select()).all()
        assert day["balances"]
        assert len({row.source_key for row in raws}) == len(raws) == 21


def waits_for_a_lock(url: str) -> bool:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
        row = connection.execute(sql + "AND datname = current_database()").fetchone()
        return bool(row and row[0])


def cut_who_waits(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )


def test_a_transaction_that_stands_still_is_ended_by_the_server_and_a_long_walk_is_not(database):
    if database.is_sqlite:
        pytest.skip("one machine, one file")
    show = "SHOW idle_in_transaction_session_timeout"
    with database.write() as connection:
        assert connection.exec_driver_sql(show).scalar() == f"{LONGEST_PAUSE // 60}min"
    with database.read_long() as connection:
        assert connection.exec_driver_sql(show).scalar() == "0"
    with database.read() as connection:  # the same connection, after the walk
        assert connection.exec_driver_sql(show).scalar() == f"{LONGEST_PAUSE // 60}min"


def test_of_two_schedulers_one_does_a_job_and_the_other_takes_over_when_it_falls_silent(world):
    done: list[str] = []
    both = [
        Scheduler(world.tools, {}, Bell(None), holder)  # type: ignore[arg-type]
        for holder in ("one", "two")
    ]
    for one in both:
        one.jobs = [job for job in one.jobs if job.name == "reports"]
        one.jobs[0].do = lambda holder=one.holder: done.append(holder)
    for _ in range(5):
        for one in both:
            one.jobs[0].next_at = 0.0
            one.tick()
        world.later(seconds=60)
    assert done == ["one"] * 5
    world.later(seconds=300)
    both[1].jobs[0].next_at = 0.0
    both[1].tick()
    assert done[-1] == "two"
    with world.database.write() as connection:
        daemons.drop_jobs(connection, "two")


def test_old_and_new_version_work_side_by_side_on_the_new_schema(
    postgres: Postgres, redis: Redis, tmp_path: Path
):
    """The old version is the commit before the newest migration: it lands and records while the new
    one does, and neither does what the other did."""
    old = old_version(tmp_path)
    if old is None:
        pytest.skip("no history of versions here")
    folder = tmp_path / "in"
    toml = settings(folder, postgres.new_database(), redis.url)
    with Installation(tmp_path / "house", toml) as house:
        house.start("new-work", "work")
        house.start("schedule", "schedule")
        environment = os.environ | {"BASVURU_CONFIG": str(house.config), "PYTHONPATH": str(old)}
        running = []
        for command in ("poll", "work"):
            with (house.folder / f"old-{command}.log").open("wb") as log:
                program = [sys.executable, "-m", "basvuru", command]
                running.append(
                    subprocess.Popen(program, env=environment, cwd=old, stdout=log, stderr=log)
                )
        try:
            wait_until(lambda: ended(running) or all_up(house), "both versions to work", 120)
            for start in range(0, 60, 10):
                deliver(folder, *range(start, start + 10))
            wait_until(
                lambda: ended(running) or len(house.json("applications")) == 60,
                "60 applications",
                400,
            )
            assert not ended(running), last_words(house, "old-poll", "old-work")
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(60)
        assert said(house, "old-poll", "landed")
        subjects = sorted(one["subject"] for one in house.json("applications"))
        assert subjects == sorted(f"Konu {n}" for n in range(60))
        assert json.loads(house.cli("verify", "--json"))["problems"] == []
        for name in ("old-poll", "old-work", "new-work"):
            assert not said(house, name, "defect"), name


def all_up(house: Installation) -> bool:
    return all(said(house, name, ".started") for name in ("new-work", "old-poll", "old-work"))


def ended(processes: list["subprocess.Popen[bytes]"]) -> bool:
    return any(process.poll() is not None for process in processes)


def last_words(house: Installation, *names: str) -> str:
    return "\n".join((house.folder / f"{name}.log").read_text()[-2000:] for name in names)


def old_version(folder: Path) -> Path | None:
    """A checkout of the commit before the newest migration was added."""
    versions = "storage/migrations/versions"
    added = git("log", "--diff-filter=A", "--format=%H", "-1", "--", versions)
    before = added and git("rev-parse", "--verify", "--quiet", f"{added}^")
    if not before:
        return None
    target = folder / "old"
    target.mkdir()
    archive = subprocess.run(
        ["git", "archive", before], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    subprocess.run(["tar", "-x", "-C", str(target)], input=archive.stdout, check=True, timeout=60)
    write_metadata(target)
    return target


def write_metadata(checkout: Path) -> None:
    """What installing it would write: without, it would be told of the new version's entry points,
    and refuse to work because it does not have what they name."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    info = checkout / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    groups = (
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in points.items())
        for group, points in project["entry-points"].items()
    )
    (info / "entry_points.txt").write_text("".join(groups))


def git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, check=True, timeout=60
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.decode().strip()
