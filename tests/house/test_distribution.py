"""The distribution: it owns its names alone, and works where the checkout is not."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("basvuru", "cases", "config", "ingest", "normalizers", "portal", "storage", "workers")


def test_nobody_else_brings_a_package_of_our_names() -> None:
    # An installer lets the last one win, in silence, and takes ours along when the other leaves.
    owners = packages_distributions()
    strangers = {room: set(owners[room]) - {"basvuru"} for room in ROOMS if room in owners}
    assert {room: names for room, names in strangers.items() if names} == {}


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
