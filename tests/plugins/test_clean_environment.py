"""Two plugins beside our wheel, in an environment that has nothing but what was installed."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from peers.server import free_port, wait_until

from basvuru.scaffold import new_package

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "whatsapp"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Environment:
    """A virtual environment with our wheel and those of the plugins."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.wheels = home / "wheels"
        venv.create(home, with_pip=False)

    def install(self, *projects: Path) -> None:
        pip = [sys.executable, "-m", "pip"]
        made = [str(project) for project in projects]
        call([*pip, "wheel", "--quiet", "--no-deps", "-w", str(self.wheels), *made], self.home)
        wheels = [str(wheel) for wheel in self.wheels.glob("*.whl")]
        assert len(wheels) == len(projects)
        python = ["--python", str(self.home / "bin" / "python")]
        call([*pip, *python, "install", "--quiet", "--no-deps", "--no-index", *wheels], self.home)
        # The dependencies are those that the tests run on: a path file lends them, behind the rest.
        site = Path(sysconfig.get_path("purelib", vars={"base": str(self.home)}))
        (site / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")

    def run(self, *command: str, where: Path | None = None) -> str:
        return call([str(self.home / "bin" / command[0]), *command[1:]], where or self.home)


def call(command: list[str], where: Path) -> str:
    """Run it away from the checkout. Returns what it printed."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=where, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def pigeon(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_package("pigeon", tmp_path_factory.mktemp("new"), reader=True)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, pigeon: Path) -> Environment:
    environment = Environment(tmp_path_factory.mktemp("clean"))
    environment.install(ROOT, EXAMPLE, pigeon)
    return environment


def test_plugins_are_listed_beside_the_built_in_channels(clean: Environment) -> None:
    listed = {row["kind"] for row in json.loads(clean.run("basvuru", "channel", "list", "--json"))}
    assert {"email", "pigeon", "whatsapp"} <= listed


@pytest.mark.parametrize("kind", ["pigeon", "whatsapp"])
def test_a_plugin_is_described(clean: Environment, kind: str) -> None:
    assert f"[channels.{kind}]" in clean.run("basvuru", "channel", "describe", kind, "--toml")


def test_the_installed_packages_pass_their_tests(clean: Environment, pigeon: Path) -> None:
    for project in (pigeon, EXAMPLE):
        told = clean.run("python", "-m", "pytest", "-p", "no:cacheprovider", where=project)
        assert " passed" in told
        assert "channel contract: checks that do not apply" in told


def test_a_plugin_is_checked_and_read_without_landing(clean: Environment, tmp_path: Path) -> None:
    spool = tmp_path / "pigeon.txt"
    spool.write_text("Birinci başvuru\nİkinci başvuru\n", encoding="utf-8")
    settings = tmp_path / "basvuru.toml"
    settings.write_text(f'[channels.roof]\nkind = "pigeon"\npath = "{spool}"\n', encoding="utf-8")
    options = ["--config", str(settings), "--data", str(tmp_path / "data")]
    clean.run("basvuru", "db", "upgrade", *options)
    assert "ok  channel roof, file" in clean.run("basvuru", "channel", "check", "roof", *options)
    for _ in range(2):  # a dry run keeps nothing, so the second brings the same
        told = clean.run("basvuru", "channel", "read-once", "roof", "--dry-run", *options)
        lines = [json.loads(line) for line in told.splitlines()]
        assert [(line["source_key"], line["kind"]) for line in lines] == [
            ("0", "pigeon"),
            ("17", "pigeon"),
        ]


def test_a_plugins_reader_reads_its_samples(clean: Environment) -> None:
    samples = EXAMPLE / "src" / "basvuru_whatsapp" / "samples"
    told = clean.run("basvuru", "normalize", "--kind", "whatsapp", str(samples))
    read = [json.loads(line) for line in told.splitlines()]
    assert [row["error"] for row in read] == [None] * len(list(samples.iterdir()))
    assert {row["sender"]["phone"] for row in read} == {"+905550001234"}


def test_what_is_posted_to_the_example_becomes_an_application(
    clean: Environment, tmp_path: Path
) -> None:
    """The demo of an installed wheel finds the stand-ins of ours, and that of the plugin."""
    log = tmp_path / "demo.log"
    command = [str(clean.home / "bin" / "basvuru"), "demo", "--start", "--port", str(free_port())]
    command += ["--data", str(tmp_path / "demo"), "--samples", str(tmp_path), "--seconds", "200"]
    alone = {n: v for n, v in os.environ.items() if n != "PYTHONPATH"} | {"PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        demo = subprocess.Popen(command, cwd=tmp_path, env=alone, stdout=out, stderr=out)
    try:
        wait_until(lambda: "whatsapp →" in log.read_text(errors="replace"), "WhatsApp", 180)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(90)
