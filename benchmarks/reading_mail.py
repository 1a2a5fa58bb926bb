"""How well and how fast mail is read: measured figures beside targets.

``reading_mail.py FOLDER`` reads every mail below a folder. Where the folder holds a scorer
(``score.py``) with its list of mails (``files.txt``), the scorer judges the results; otherwise
only times are shown. Times are CPU times of reading alone, the best of the rounds.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from ingest.contract import RawItem
from normalizers.email import read
from normalizers.ocr.engine import OcrEngine
from normalizers.reader import Options

CORE_FIELDS = [
    "parsed",
    "subject",
    "from_addr",
    "from_name",
    "message_id",
    "date",
    "text",
    "att_names",
    "att_bytes",
]


class Measured(NamedTuple):
    path: Path
    seconds: float
    result: dict[str, Any]


class Line(NamedTuple):
    """One row of the table. ``at_most``: smaller is better."""

    what: str
    target: float
    measured: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        return self.measured <= self.target if self.at_most else self.measured >= self.target


def _imap_tools(measured: list[Measured], rounds: int) -> Iterator[Line]:
    """The same mails in the same run, by the reader that most programs use."""
    if find_spec("imap_tools") is None:
        _say("imap-tools is not installed: speed is not compared (pip install imap-tools)")
        return
    other, total = import_module("imap_tools").MailMessage, 0.0
    for one in measured:
        data, best = one.path.read_bytes(), float("inf")
        for _ in range(rounds):
            start = time.process_time()
            mail = other.from_bytes(data)
            _ = (mail.subject, mail.from_values, mail.to_values, mail.date, mail.text, mail.html)
            _ = [(file.filename, file.content_type, file.payload) for file in mail.attachments]
            best = min(best, time.process_time() - start)
        total += best
    ours = sum(one.seconds for one in measured)
    _say(f"imap-tools: {len(measured) / total:.0f} mails/s")
    yield Line("speed, times imap-tools", 0.7, total / ours)


class NoOcr:
    """Mail needs none: any use would be an AttributeError."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="mails, or mails with a scorer")
    parser.add_argument("--rounds", type=int, default=1, help="times each mail is read")
    parser.add_argument("--results", type=Path, help="keep the results (JSON lines) here")
    parser.add_argument("--misses", default="0", help="misses of each field that are shown, or all")
    parser.add_argument(
        "--check", action="store_true", help="exit code 1 if a target of quality is missed"
    )
    arguments = parser.parse_args()
    measured = [_measure(path, arguments.rounds) for path in _mails(arguments.folder)]
    times, quality = list(_times(measured)), list[Line]()
    times += _imap_tools(measured, arguments.rounds)
    if (arguments.folder / "score.py").is_file():
        quality = list(_score(arguments.folder, measured, arguments.misses, arguments.results))
    for line in times + quality:
        mark = "ok" if line.met else "MISSED"
        _say(f"{line.what:32} target {line.target:9.3f}   measured {line.measured:9.3f}   {mark}")
    return 1 if arguments.check and not all(line.met for line in quality) else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _mails(folder: Path) -> Iterable[Path]:
    listed = folder / "files.txt"
    if listed.is_file():
        return [folder / line for line in listed.read_text(encoding="utf-8").splitlines() if line]
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _measure(path: Path, rounds: int) -> Measured:
    engine: OcrEngine = NoOcr()  # type: ignore[assignment]
    item, options = RawItem(str(path), "email", path.read_bytes()), Options(ocr=engine)
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        reading = read(item, options)
        best = min(best, time.process_time() - start)
    return Measured(path, best, reading.message.flat())


def _times(measured: list[Measured]) -> Iterator[Line]:
    total = sum(m.seconds for m in measured)
    _say(f"{len(measured)} mails in {total:.2f} s CPU: {len(measured) / total:.0f} mails/s")
    for m in sorted(measured, key=lambda m: -m.seconds)[:5]:
        _say(f"  {1000 * m.seconds:8.1f} ms  {m.path}")
    yield Line("mean time of a mail, ms", 0.9, 1000 * total / len(measured), at_most=True)
    yield Line("longest time of a mail, ms", 1000, 1000 * max(m.seconds for m in measured), True)


def _score(
    folder: Path, measured: list[Measured], misses: str, keep: Path | None
) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as scratch:
        results, figures = keep or Path(scratch) / "results.jsonl", Path(scratch) / "figures.json"
        lines = ({**m.result, "path": str(m.path.relative_to(folder))} for m in measured)
        results.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        command: list[str | Path] = [sys.executable, folder / "score.py", results]
        command += ["--subset", folder / "files.txt", "--misses", misses, "--json", figures]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        _say(done.stdout)
        scored = json.loads(figures.read_text(encoding="utf-8"))
    yield from _quality(scored["fields"])
    yield from _flags(scored["flags"])


def _quality(fields: dict[str, Any]) -> Iterator[Line]:
    yield Line("parsed, %", 100, 100 * fields["parsed"]["micro"])
    core = [100 * fields[name]["macro"] for name in CORE_FIELDS if name in fields]
    yield Line("CORE, mean of nine fields", 99, sum(core) / len(core))
    if "reply_exact" in fields:
        yield Line("reply texts exact, %", 75, 100 * fields["reply_exact"]["micro"])
    if "reply_rules" in fields:
        yield Line("Turkish replies by rule, %", 100, 100 * fields["reply_rules"]["micro"])


def _flags(flags: dict[str, dict[str, int]]) -> Iterator[Line]:
    precision, recall = _rates(flags["is_bounce"])
    yield Line("bounces, precision", 0.99, precision)
    yield Line("bounces, recall", 0.98, recall)
    precision, recall = _rates(flags["is_auto_reply"])
    yield Line("auto-replies, F1", 0.9, 2 * precision * recall / ((precision + recall) or 1))


def _rates(counts: dict[str, int]) -> tuple[float, float]:
    """Precision and recall; keys are ``expected->got``."""
    right = counts.get("True->True", 0)
    wrong, missed = counts.get("False->True", 0), counts.get("True->False", 0)
    return right / ((right + wrong) or 1), right / ((right + missed) or 1)


if __name__ == "__main__":
    sys.exit(main())
