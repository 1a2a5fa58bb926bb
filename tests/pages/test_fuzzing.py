"""Each fuzzer runs for a few seconds from its kept corpus; ``python -m fuzz.run`` runs longer."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from fuzz.run import CORPUS, NAMES, fuzz
from fuzz.targets import TARGETS


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_corpus_is_read_and_small(name: str) -> None:
    files = sorted((CORPUS / name).iterdir())
    assert files
    assert sum(file.stat().st_size for file in files) < 50_000
    for file in files:
        TARGETS[name](file.read_bytes())


@pytest.mark.slow
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_a_short_run_of_the_fuzzer_finds_nothing(name: str, tmp_path: Path) -> None:
    assert fuzz(name, 5, tmp_path) == []
