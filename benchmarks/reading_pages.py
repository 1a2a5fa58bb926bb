"""How well pages are read: character errors and fields by class, target beside measured.

    python benchmarks/reading_pages.py FOLDER [--classes fax_fine,fax_std] [--engine tesserocr]
                                       [--plain] [--ocrmypdf PROGRAM [--sample N]] [--gate]

FOLDER holds ``docs/``, ``gt/``, ``manifest.jsonl`` and the scorer ``score.py``. ``--plain`` also
reads every page as a tutorial shows (pdf2image at 300 dpi, ``image_to_string``), ``--ocrmypdf``
with that program (Turkish; deskewed, rotated, cleaned), to compare CPU on the same pages in one
run; ``--sample`` takes only the first documents of each class for it. ``--gate`` makes pages worse
by chance and prints which of them the review gate holds back.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rapidfuzz import fuzz

sys.path.insert(0, str(Path(__file__).parent))

import reading_gate
import reading_peers

from ingest.contract import RawItem
from normalizers.ocr.engine import OcrEngine
from normalizers.ocr.registry import engine
from normalizers.pages import POST
from normalizers.reader import Options
from normalizers.schema import Page
from normalizers.text import identifiers
from normalizers.text.turkish import lower_tr

TARGETS = {
    "clean300": 0.5, "scan300": 0.5, "office200": 0.5, "dotmat": 0.5, "rot90": 0.5, "rot180": 0.5,
    "lowcon": 0.9, "photo": 0.55, "fax_fine": 2.5, "fax_std": 2.5, "fax_flip": 2.5,
    "fax_hard": 4.5, "duplex": 0.5, "digital": 0.07, "mixed": 0.57, "badlayer": 0.97,
    "brokenfont": 0.11,
}  # fmt: skip
"""Character error rate, per cent."""
FIELD_TARGETS = {"fax_hard": 80.0}
FIELD_TARGET = 98.0
CPU_TARGET = 0.6
"""CPU seconds a page, as a share of plain pytesseract's."""
OCRMYPDF_TARGET = 5.0
"""Pages for one of OCRmyPDF, at the same CPU."""
FALSE_TARGET = 0.05
"""Fields a page that are not on it."""

Row = dict[str, Any]


def main() -> None:
    args = _arguments()
    manifest = [json.loads(line) for line in (args.folder / "manifest.jsonl").open()]
    wanted = set(args.classes.split(",")) if args.classes else {row["cls"] for row in manifest}
    pages = [row for row in manifest if row["cls"] in wanted]
    with TemporaryDirectory() as scratch:
        out = args.out or Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        measured = _run(args.folder, pages, out, args.engine)
        scores = json.loads((out / "scores.json").read_text())
        _table(scores)
        _summary(scores, _lines(out / "pages.jsonl"))
        _misses(pages, _lines(out / "results.jsonl"))
        print(f"\nCPU {measured:.2f} s a page")
        _compare(args, pages, measured)
        if args.gate:
            _gate(args.folder, pages, out, engine(args.engine))


def _lines(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def _compare(args: argparse.Namespace, pages: list[Row], measured: float) -> None:
    if args.plain:
        files = _files(args.folder, pages)
        plain = _cpu(lambda: reading_peers.read_plainly(files)) / len(pages)
        print(f"plain pytesseract {plain:.2f} s: {measured / plain:.2f} of it, target {CPU_TARGET}")
    if args.ocrmypdf:
        _against_ocrmypdf(args, pages)


def _files(folder: Path, pages: list[Row]) -> list[Path]:
    return [folder / file for file in dict.fromkeys(row["file"] for row in pages)]


def _against_ocrmypdf(args: argparse.Namespace, pages: list[Row]) -> None:
    """Both on the same documents: all, or the first of each class where a sample is asked for.

    Time on two cores is CPU time halved: both put one document on each, and neither waits. That
    does not depend on what else the machine does.
    """
    some = [row for row in pages if row["file"] in _sample(pages, args.sample)]
    print(f"\nOCRmyPDF (tur, deskew, rotate-pages, clean) on {len(some)} of {len(pages)} pages")
    print(f"{'class':12}{'s/page':>8}{'ours':>8}{'times':>8}{'CER %':>8}{'ours':>8}")
    totals = [0.0, 0.0]
    for kind in dict.fromkeys(row["cls"] for row in some):
        mine = [row for row in some if row["cls"] == kind]
        theirs, ours = (_measured(args, mine, read) for read in (_by_ocrmypdf, _by_us))
        totals[0] += theirs[0]
        totals[1] += ours[0]
        mark = "" if ours[1] <= theirs[1] else "  more errors"
        print(
            f"{kind:12}{theirs[0] / len(mine):8.2f}{ours[0] / len(mine):8.2f}"
            f"{theirs[0] / ours[0]:8.1f}{theirs[1] * 100:8.2f}{ours[1] * 100:8.2f}{mark}"
        )
    rates = [2 * len(some) / total for total in totals]
    print(f"pages/s on two cores: {rates[0]:.2f} against our {rates[1]:.2f}, "
          f"{totals[0] / totals[1]:.1f} times, target {OCRMYPDF_TARGET}")  # fmt: skip


def _sample(pages: list[Row], each: int) -> set[str]:
    by_class: dict[str, list[str]] = {}
    for row in pages:
        files = by_class.setdefault(row["cls"], [])
        if row["file"] not in files:
            files.append(row["file"])
    return {file for files in by_class.values() for file in files[: each or None]}


def _measured(
    args: argparse.Namespace, pages: list[Row], read: Callable[..., list[Row]]
) -> tuple[float, float]:
    """(CPU seconds, character error rate) on these pages."""
    rows: list[Row] = []
    seconds = _cpu(lambda: rows.extend(read(args, pages)))
    with TemporaryDirectory() as scratch:
        return seconds, _scored(args.folder, pages, rows, Path(scratch))[pages[0]["cls"]]["cer"]


def _by_us(args: argparse.Namespace, pages: list[Row]) -> list[Row]:
    return list(_read_all(args.folder, pages, Options(ocr=engine(args.engine))))


def _by_ocrmypdf(args: argparse.Namespace, pages: list[Row]) -> list[Row]:
    found = reading_peers.ocrmypdf(args.ocrmypdf, _files(args.folder, pages))
    return [
        {"page_id": row["page_id"], "text": found.get(row["page_id"], ""), "fields": []}
        for row in pages
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--classes", default="")
    parser.add_argument("--engine", default="tesserocr")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--ocrmypdf", type=Path)
    parser.add_argument("--sample", type=int, default=0, help="documents a class; 0: all")
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def _run(folder: Path, pages: list[Row], out: Path, name: str) -> float:
    """Read, score, and return CPU seconds a page."""
    options = Options(ocr=engine(name))
    rows: list[Row] = []
    seconds = _cpu(lambda: rows.extend(_read_all(folder, pages, options)))
    _scored(folder, pages, rows, out)
    return seconds / len(pages)


def _scored(folder: Path, pages: list[Row], rows: list[Row], out: Path) -> dict[str, Row]:
    """What the scorer of the folder says, by class; its files stay in ``out``."""
    results = out / "results.jsonl"
    results.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    classes = ",".join({row["cls"] for row in pages})
    command: list[str | Path] = [sys.executable, folder / "score.py", folder, results]
    command += ["--classes", classes, "--only-present"] if len(rows) == len(pages) else [
        "--classes", classes]  # fmt: skip
    command += ["--json", out / "scores.json", "--per-page", out / "pages.jsonl"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found: dict[str, Row] = json.loads((out / "scores.json").read_text())
    return found


def _read_all(folder: Path, pages: list[Row], options: Options) -> Iterator[Row]:
    """Each document once; only the pages that the manifest names count."""
    wanted = {row["page_id"]: row["page"] for row in pages}
    for file in dict.fromkeys(row["file"] for row in pages):
        item = RawItem(source_key=file, kind="post", body=(folder / file).read_bytes())
        message = POST.read(item, options).message
        if message.needs_review:
            print("to the reading desk:", file)
        for problem in filter(None, (message.error, *message.warnings)):
            print(file, problem)
        for page in message.pages or ():
            page_id = f"{Path(file).name}#{page.page - 1}"
            if page_id in wanted:
                yield _result(page_id, page)


def _result(page_id: str, page: Page) -> Row:
    """Identifiers of the page alone: those of the message name each value once."""
    found = identifiers.find(page.text, page=page.page, ocr=page.mean_conf is not None)
    fields = [
        {"type": kind, "value": identifier.value} for kind, each in found for identifier in each
    ]
    return {
        "page_id": page_id, "text": page.text, "fields": fields,
        "seconds": page.seconds, "mean_conf": page.mean_conf, "review": page.poor or page.blank,
    }  # fmt: skip


def _cpu(work: Callable[[], None]) -> float:
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    """CPU seconds of this process and of the children that ended."""
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _table(scores: dict[str, Row]) -> None:
    print(f"\n{'class':12}{'CER %':>8}{'target':>8}{'fields %':>10}{'target':>8}")
    for name, score in scores.items():
        if "cer" not in score:
            continue
        fields = score.get("field_recall", 1.0) * 100
        met = score["cer"] * 100 <= TARGETS[name]
        print(
            f"{name:12}{score['cer'] * 100:8.2f}{TARGETS[name]:8.2f}{fields:10.1f}"
            f"{FIELD_TARGETS.get(name, FIELD_TARGET):8.1f}  {'' if met else 'above'}"
        )


def _summary(scores: dict[str, Row], pages: list[Row]) -> None:
    """False fields, blank pages."""
    false = sum(page["f_fp"] for page in pages) / len(pages)
    print(f"\nfalse fields {false:.3f} a page, target {FALSE_TARGET}")
    for name, score in scores.items():
        if "blank_ok" in score:
            print(f"blank pages found in {name}: {score['blank_ok']} of {score['blank_pages']}")


def _misses(pages: list[Row], results: list[Row]) -> None:
    """Each field that was not found, and whether reading or finding is to blame."""
    read = {row["page_id"]: row for row in results}
    print("\nfields missed:")
    for page in pages:
        row = read.get(page["page_id"], {"text": "", "fields": []})
        found = {(field["type"], lower_tr(field["value"])) for field in row["fields"]}
        for field in page["fields"]:
            if (field["type"], lower_tr(field["value"])) not in found:
                print(f"{page['cls']:11} {field['type']:7} {_cause(field['raw'], row['text'])}")


def _cause(raw: str, text: str) -> str:
    best = fuzz.partial_ratio_alignment(raw, text)
    if best is None or best.score < 60:
        return f"not read: {raw}"
    seen = text[best.dest_start : best.dest_end]
    return f"read, not found: {raw}" if seen == raw else f"misread: {raw} as {seen}"


def _gate(folder: Path, pages: list[Row], out: Path, ocr: OcrEngine) -> None:
    """The review gate (:mod:`reading_gate`) on the pages as they were read, and made worse."""
    sent = {row["page_id"]: row["review"] for row in _lines(out / "results.jsonl")}
    chose = reading_gate.chosen(pages)
    as_they_come = [
        reading_gate.Judged(row["cls"], name in chose, row["cer"], sent[name])
        for row in _lines(out / "pages.jsonl")
        if not row["blank"] and (name := row["page_id"]) in sent
    ]
    reading_gate.print_table(as_they_come, list(reading_gate.made_worse(folder, pages, ocr)))


if __name__ == "__main__":
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    main()
