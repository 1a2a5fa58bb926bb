"""The lock files: complete, hashed, and free of addresses."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EVERYTHING = ROOT / "requirements.lock"
RUNTIME = ROOT / "deploy" / "requirements.lock"
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


def pins(path: Path) -> dict[str, str]:
    return dict(PIN.findall(path.read_text(encoding="utf-8")))


def named(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found.group()).lower()


@pytest.mark.parametrize("path", [EVERYTHING, RUNTIME], ids=["everything", "runtime"])
def test_a_lock_file_names_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"^.*(?:://|--index-url|--find-links| @ ).*$", text, re.MULTILINE)


@pytest.mark.parametrize("path", [EVERYTHING, RUNTIME], ids=["everything", "runtime"])
def test_every_pin_has_a_hash(path: Path) -> None:
    entries = path.read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    bare = [line for line in entries if PIN.match(line) and "--hash=sha256:" not in line]
    assert pins(path)
    assert not bare


def test_production_gets_the_versions_that_were_tested() -> None:
    everything = pins(EVERYTHING)
    assert {name: everything.get(name) for name in pins(RUNTIME)} == pins(RUNTIME)


def test_both_locks_have_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {named(entry) for entry in project["project"]["dependencies"]}
    tools = {named(entry) for entry in project["dependency-groups"]["dev"]}
    assert wanted <= pins(RUNTIME).keys()
    assert wanted | tools <= pins(EVERYTHING).keys()
    assert not (tools - wanted) & pins(RUNTIME).keys(), "tools for developers in production"
