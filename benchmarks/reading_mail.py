"""How well and how fast mail is read: figures beside targets.

``reading_mail.py FOLDER`` reads every mail below a folder. Where the folder holds ``score.py``,
``truth.jsonl`` and ``files.txt``, the scorer judges the results, and its figures are printed with
the targets of ``docs``; else only times are.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ingest.contract import RawItem
from normalizers.email import read
from normalizers.ocr.engine import OcrEngine
from normalizers.reader import Options

TARGETS = {
    "parsed %": 100.0,
    "CORE": 99.0,
    "reply texts exact": 48.0,
    "bounce precision": 0.99,
    "bounce recall": 0.98,
    "auto-reply F1": 0.90,
}
SLOWEST_MS = 1000.0


class Measured(NamedTuple):
    path: Path
    seconds: float
    result: dict[str, Any]


class NoOcr:
    """Mail needs none."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="mails, or fixtures with a scorer")
    parser.add_argument("--misses", default="0", help="how many misses the scorer shows for each field")
    parser.add_argument("--results", type=Path, help="keep the results (JSON lines) here")
    parser.add_argument("--rounds", type=int, default=1, help="read everything so often; the best time counts")
    arguments = parser.parse_args()
    paths = list(_mails(arguments.folder))
    measured = [_measure(path, arguments.rounds) for path in paths]
    _print_times(measured)
    if (arguments.folder / "score.py").is_file():
        _score(arguments.folder, measured, arguments.misses, arguments.results)
    return 0


def _mails(folder: Path) -> Iterable[Path]:
    listed = folder / "files.txt"
    if listed.is_file():
        return [folder / line for line in listed.read_text().splitlines() if line]
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _measure(path: Path, rounds: int) -> Measured:
    item = RawItem(str(path), "email", path.read_bytes())
    options = Options(ocr=NoOcr())  # type: ignore[arg-type]
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        reading = read(item, options)
        best = min(best, time.process_time() - start)
    return Measured(path, best, reading.message.flat())


def _print_times(measured: list[Measured]) -> None:
    total = sum(m.seconds for m in measured)
    print(f"{len(measured)} mails, {total:.2f} s CPU, {1000 * total / len(measured):.3f} ms a mail, "
          f"{len(measured) / total:.0f} mails/s")
    for m in sorted(measured, key=lambda m: -m.seconds)[:5]:
        print(f"  {1000 * m.seconds:8.1f} ms  {m.path}")


def _score(folder: Path, measured: list[Measured], misses: str, keep: Path | None) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        results = keep or Path(scratch) / "results.jsonl"
        lines = (json.dumps({**m.result, "path": str(m.path.relative_to(folder))}) for m in measured)
        results.write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, str(folder / "score.py"), str(results), "--subset", str(folder / "files.txt"), "--misses", misses]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    sys.exit(main())
