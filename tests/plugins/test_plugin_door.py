"""What a plugin may import: promised by name, light, and enough for a real one."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import basvuru.plugin
import basvuru.testkit
from basvuru.scaffold import new_package

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "whatsapp"
ROOMS = {"basvuru", "cases", "config", "ingest", "normalizers", "portal", "storage", "workers"}
PROMISED = ROOT / "tests" / "plugins" / "promised-names.txt"


def imported_from_us(folder: Path) -> Iterator[str]:
    """Modules of ours that the Python files below a folder import."""
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            yield from (name for name in names if name.partition(".")[0] in ROOMS)


@pytest.mark.parametrize("module", [basvuru.plugin, basvuru.testkit])
def test_every_promised_name_is_there(module: object) -> None:
    promised = module.__all__  # type: ignore[attr-defined]
    assert [name for name in promised if not hasattr(module, name)] == []


def test_a_name_that_was_promised_does_not_go_away_unseen() -> None:
    """A name that is taken off this list needs a line in CHANGELOG.md: see docs/plugins.md."""
    kept = {f"plugin.{name}" for name in basvuru.plugin.__all__}
    kept |= {f"testkit.{name}" for name in basvuru.testkit.__all__}
    assert set(PROMISED.read_text("utf-8").split()) == kept


def test_the_door_brings_neither_tests_nor_daemons_along() -> None:
    heavy = ("pytest", "sqlalchemy", "dramatiq", "fastapi", "cv2")
    code = f"import sys, basvuru.plugin; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_example_is_made_from_what_is_promised_alone() -> None:
    assert set(imported_from_us(EXAMPLE / "src")) == {"basvuru.plugin"}
    assert set(imported_from_us(EXAMPLE / "tests")) <= {"basvuru.plugin", "basvuru.testkit"}


def test_a_new_package_is_made_from_what_is_promised_alone(tmp_path: Path) -> None:
    package = new_package("parcel-desk", tmp_path, reader=True)
    assert set(imported_from_us(package / "src")) == {"basvuru.plugin"}
    assert set(imported_from_us(package / "tests")) == {"basvuru.plugin", "basvuru.testkit"}
