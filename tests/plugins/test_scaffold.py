"""``basvuru channel new``: a package that stands on its own at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from basvuru.cli.root import build
from basvuru.scaffold import new_package
from config.errors import ConfigurationError

EXAMPLE = Path(__file__).parents[2] / "examples" / "whatsapp"
RUFF = ["--no-cache", "--select", "E,F,W,I,UP,B,SIM,PTH,N,ARG"]


def run(package: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(package / "src")}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=package,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_says_where_the_package_is(tmp_path: Path) -> None:
    result = CliRunner().invoke(build(), ["channel", "new", "pigeon", "--into", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert str(tmp_path / "basvuru-pigeon") in result.output
    assert (tmp_path / "basvuru-pigeon" / "src" / "basvuru_pigeon" / "channel.py").is_file()


@pytest.mark.parametrize("reader", [False, True])
def test_no_placeholder_is_left_and_a_reader_comes_when_wanted(
    tmp_path: Path, reader: bool
) -> None:
    package = new_package("parcel-desk", tmp_path, reader=reader)
    files = [path for path in package.rglob("*") if path.is_file()]
    assert all("$" not in path.read_text("utf-8") for path in files)
    assert all(".tmpl" not in path.name and "KIND" not in path.name for path in files)
    assert any(path.name == "reader.py" for path in files) is reader
    assert ("basvuru.readers" in (package / "pyproject.toml").read_text("utf-8")) is reader


@pytest.mark.parametrize("kind", ["", "Fax", "a_b", "-a", "a-", "1a", "a b", "../a", "x" * 25])
def test_what_is_no_kind_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ConfigurationError, match="no name for a kind"):
        new_package(kind, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_kind_that_is_installed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="already"):
        new_package("email", tmp_path)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    new_package("pigeon", tmp_path)
    with pytest.raises(ConfigurationError, match="cannot be made"):
        new_package("pigeon", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "reader"), [("none", False), ("q", True), ("a" * 24, True)])
def test_a_new_package_passes_its_own_tests_and_every_check(
    tmp_path: Path, kind: str, reader: bool
) -> None:
    package = new_package(kind, tmp_path, reader=reader)
    tests = run(package, "pytest", "-p", "no:cacheprovider")
    assert tests.returncode == 0, tests.stdout
    for command in (
        ["ruff", "check", *RUFF, "."],
        ["ruff", "format", "--no-cache", "--check", "."],
        ["mypy", "src", "tests", "--cache-dir", str(tmp_path / "mypy")],
    ):
        done = run(package, *command)
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_example_is_sound_in_its_types(tmp_path: Path) -> None:
    done = run(EXAMPLE, "mypy", "src", "tests", "--cache-dir", str(tmp_path))
    assert done.returncode == 0, done.stdout
