"""The distribution: it owns its names alone, and works where the checkout is not."""

import ast
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("basvuru", "cases", "config", "ingest", "normalizers", "portal", "storage", "workers")
BY_THE_WAY = {"pytest", "pydantic_core"}
"""ingest.testkit is imported by pytest alone; pydantic pins its core, and documents its names."""


def test_nobody_else_brings_a_package_of_our_names() -> None:
    # An installer lets the last one win, in silence, and takes ours along when the other leaves.
    owners = packages_distributions()
    strangers = {room: set(owners[room]) - {"basvuru"} for room in ROOMS if room in owners}
    assert {room: names for room, names in strangers.items() if names} == {}


def imported(file: Path) -> Iterator[str]:
    """The top-level names that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_the_rooms_import_is_asked_for_in_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        entry for group in project.get("optional-dependencies", {}).values() for entry in group
    ]
    asked = {plain(re.split(r"[^\w.-]", entry)[0]) for entry in project["dependencies"] + extras}
    files = [file for room in ROOMS for file in (ROOT / room).rglob("*.py")]
    names = {name for file in files for name in imported(file)}
    owners = packages_distributions()
    strangers = {
        name: owners.get(name, ["is not installed"])
        for name in names - set(ROOMS) - sys.stdlib_module_names - BY_THE_WAY
        if not asked & {plain(owner) for owner in owners.get(name, ())}
    }
    assert strangers == {}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True)
    (found,) = folder.glob("basvuru-*.whl")
    return found


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_rooms(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert len(ours) > len(ROOMS)
    assert ours - packed == set()
    assert {name.split("/")[0] for name in packed if ".dist-info/" not in name} == set(ROOMS)


@pytest.mark.slow
def test_the_installed_wheel_runs_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", str(wheel)]
    subprocess.run(install, check=True)
    # The dependencies are those that the tests run on: a path file lends them, behind the wheel.
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    (site / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")

    where = "import config, basvuru; print(config.__file__, basvuru.__file__)"
    origin = subprocess.run([python, "-c", where], cwd=tmp_path, capture_output=True, check=True)
    assert all(Path(line).is_relative_to(site) for line in origin.stdout.decode().split())
    command = [str(home / "bin" / "basvuru"), "--version"]
    version = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert version.returncode == 0, version.stderr
    assert "0." in version.stdout
