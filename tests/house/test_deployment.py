"""What is shipped for operators fits what the product reads."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from config.settings import Settings, load

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
BASVURU = Path(sys.executable).with_name("basvuru")


def shipped() -> str:
    files = [ROOT / "docker-compose.yml", ROOT / "Dockerfile", *UNITS.rglob("*.*")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.is_file())


def is_setting(variable: str) -> bool:
    """Whether ``BASVURU_SECTION__NAME`` (or ``..._FILE``) is something that Settings has."""
    if variable == "BASVURU_CONFIG":  # where the settings file is
        return True
    section, _, name = variable.removeprefix("BASVURU_").lower().partition("__")
    field = Settings.model_fields.get(section)
    if field is None or section == "channels":
        return field is not None
    table: Any = field.annotation
    if not (isinstance(table, type) and issubclass(table, BaseModel)):
        return not name
    return name.removesuffix("_file") in table.model_fields


def commands() -> set[str]:
    """The commands of the product that the image, compose and systemd start, with options."""
    listed = re.findall(r"command: \[((?:[a-z-]+(?:, )?)+)\]|CMD \[\"basvuru\", (.*)\]", shipped())
    units = re.findall(r"^ExecStart=\S+/basvuru (.*)$", shipped(), re.MULTILINE)
    words = [one or other for one, other in listed]
    return {re.sub(r"[,\"]", "", line) for line in words + units}


def test_every_variable_that_is_set_is_a_setting() -> None:
    variables = set(re.findall(r"\bBASVURU_[A-Z_]+", shipped()))
    assert variables
    assert [name for name in sorted(variables) if not is_setting(name)] == []


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_that_is_started_exists(command: str) -> None:
    words = [word for word in command.split() if not word.startswith("-")]
    result = subprocess.run(
        [BASVURU, *words, "--help"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    options = {"--config", *(set(command.split()) - set(words))}
    assert [option for option in options if option not in result.stdout] == []


def test_all_daemons_are_started_by_compose_and_by_systemd() -> None:
    assert {"poll", "work", "work --pages", "schedule", "serve", "db upgrade"} <= commands()


def test_the_sample_settings_are_accepted() -> None:
    settings = load(DEPLOY / "basvuru.toml")
    assert set(settings.channels) == {"web", "phone", "fax", "post"}


def test_the_secrets_that_compose_mounts_are_made_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(DEPLOY / "prepare.sh", tmp_path)
    for _ in range(2):  # the second run keeps what the first one made
        subprocess.run([tmp_path / "prepare.sh"], check=True)
        made = {path.name: path.read_text("utf-8") for path in (tmp_path / "secrets").iterdir()}
    mounted = re.findall(r"\{file: \./deploy/secrets/(\w+)\}", COMPOSE)
    assert set(mounted) == set(made)
    assert made["postgres_password"] in made["database__url"]
    assert made["redis_password"] in made["broker__url"]

    for variable, name in re.findall(r"(BASVURU_\w+_FILE): /run/secrets/(\w+)", COMPOSE):
        monkeypatch.setenv(variable, str(tmp_path / "secrets" / name))
    settings = load()
    assert settings.database.url.get_secret_value() == made["database__url"]
    assert settings.secrets.index_key.get_secret_value() == made["secrets__index_key"]


def test_visitors_are_told_apart_behind_the_published_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [proxies] = re.findall(r"BASVURU_PORTAL__PROXIES: '(.*)'", COMPOSE)
    monkeypatch.setenv("BASVURU_PORTAL__PROXIES", proxies)

    async def who(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse(scope["client"][0])(scope, receive, send)

    behind = ProxyHeadersMiddleware(who, list(load().portal.proxies))
    said = {"X-Forwarded-For": "192.0.2.9, 198.51.100.7"}  # the first one is made up by the visitor
    through = TestClient(behind, client=("172.18.0.1", 5000)).get("/", headers=said)
    assert through.text == "198.51.100.7"
    directly = TestClient(behind, client=("203.0.113.5", 5000)).get("/", headers=said)
    assert directly.text == "203.0.113.5"


def test_compose_holds_no_password_in_the_clear() -> None:
    given = re.findall(r"(\w*(?:PASSWORD|URL|KEY)\w*): (\S+)", COMPOSE)
    assert given
    assert [name for name, value in given if not value.startswith("/run/secrets/")] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    units = tmp_path / "units"
    shutil.copytree(UNITS, units)
    for unit in units.glob("*.service"):  # the command need not be installed where tests run
        text = unit.read_text("utf-8").replace("/opt/basvuru/.venv/bin/basvuru", "/bin/true")
        unit.write_text(text, encoding="utf-8")
    names = [path.name.replace("@", "@1") for path in units.iterdir() if path.is_file()]
    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"},
        cwd=units,
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in result.stderr.splitlines() if "basvuru" in line]
    assert (result.returncode, ours) == (0, [])
