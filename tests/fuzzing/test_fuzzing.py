"""Each fuzzer runs from its kept corpus: a minute for all together, or ``FUZZ_SECONDS``; with
`make test` ten minutes. All in this one file, so that one worker has them and the other goes on."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from fuzz.run import CORPUS, GRACE_SECONDS, NAMES, fuzz
from fuzz.targets import TARGETS

SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
EACH = max(1, SECONDS // len(NAMES))


def test_every_target_has_a_corpus() -> None:
    assert set(TARGETS) == set(NAMES) == {folder.name for folder in CORPUS.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_corpus_is_read_and_small(name: str) -> None:
    files = sorted((CORPUS / name).iterdir())
    assert files
    assert sum(file.stat().st_size for file in files) < 50_000
    for file in files:
        TARGETS[name](file.read_bytes())


@pytest.mark.slow
@pytest.mark.timeout(EACH + GRACE_SECONDS + 30)
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_the_fuzzer_finds_nothing(name: str, tmp_path: Path) -> None:
    found = fuzz(name, EACH, tmp_path)
    assert found == [], [f"{one.kind}: {one.file.read_bytes()[:200]!r}" for one in found]


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
@pytest.mark.slow
def test_the_fuzzer_sees_a_reader_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import dataclasses, normalizers.social as social\n"
        "def read(item, options): raise KeyError('x')\n"
        "social.READER = dataclasses.replace(social.READER, read=read)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path.cwd()}")
    findings = tmp_path / "found"
    findings.mkdir()
    (found,) = fuzz("social", 5, findings)
    assert found.kind == "crash"
