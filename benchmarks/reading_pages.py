"""How well pages are read: character errors and fields by class, target beside measured.

    python benchmarks/reading_pages.py FOLDER [--classes fax_fine,fax_std] [--engine tesserocr]
                                       [--plain] [--ocrmypdf PROGRAM] [--gate] [--out FOLDER]

FOLDER holds ``docs/``, ``gt/``, ``manifest.jsonl`` and the scorer ``score.py``. ``--plain`` also
reads every page as a tutorial shows (pdf2image at 300 dpi, ``image_to_string``), ``--ocrmypdf``
with that program (Turkish; deskewed, rotated, cleaned where ``unpaper`` is installed), to compare
CPU on the same pages in one run. ``--gate`` makes pages worse by hand (focus, noise, resolution)
and prints which of them the review gate holds back.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pdf2image
import pytesseract
from PIL import Image, ImageSequence
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ingest.contract import RawItem
from normalizers.ocr.engine import OcrEngine
from normalizers.ocr.registry import engine
from normalizers.pages import POST
from normalizers.pages.load import open_document
from normalizers.pages.page import read_scan
from normalizers.pages.prepare import pixels, whiten
from normalizers.pages.scan import Scan
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
REVIEW_BELOW = 85.0
BAD_CER = 0.10
SPOILED = ("office200", "photo", "scan300")

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
            _gate(args.folder, pages, engine(args.engine))


def _lines(file: Path) -> list[Row]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def _compare(args: argparse.Namespace, pages: list[Row], measured: float) -> None:
    if args.plain:
        plain = _cpu(lambda: _read_plainly(args.folder, pages)) / len(pages)
        print(f"plain pytesseract {plain:.2f} s: {measured / plain:.2f} of it, target {CPU_TARGET}")
    if args.ocrmypdf:
        other = _cpu(lambda: _ocrmypdf(args.ocrmypdf, args.folder, pages)) / len(pages)
        print(f"OCRmyPDF {other:.2f} s: {other / measured:.1f} times, target {OCRMYPDF_TARGET}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--classes", default="")
    parser.add_argument("--engine", default="tesserocr")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--ocrmypdf", type=Path)
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def _run(folder: Path, pages: list[Row], out: Path, name: str) -> float:
    """Read, score, and return CPU seconds a page."""
    options = Options(ocr=engine(name))
    rows: list[Row] = []
    seconds = _cpu(lambda: rows.extend(_read_all(folder, pages, options)))
    results = out / "results.jsonl"
    results.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    classes = ",".join({row["cls"] for row in pages})
    command: list[str | Path] = [
        sys.executable,
        folder / "score.py",
        folder,
        results,
        "--classes",
        classes,
    ]
    command += ["--json", out / "scores.json", "--per-page", out / "pages.jsonl"]
    subprocess.run(command, check=True)
    return seconds / len(pages)


def _read_all(folder: Path, pages: list[Row], options: Options) -> Iterator[Row]:
    """Each document once; only the pages that the manifest names count."""
    wanted = {row["page_id"]: row["page"] for row in pages}
    for file in dict.fromkeys(row["file"] for row in pages):
        item = RawItem(source_key=file, kind="post", body=(folder / file).read_bytes())
        message = POST.read(item, options).message
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
        "seconds": page.seconds, "mean_conf": page.mean_conf,
    }  # fmt: skip


def _read_plainly(folder: Path, pages: list[Row]) -> None:
    for file in dict.fromkeys(row["file"] for row in pages):
        for image in _images(folder / file):
            pytesseract.image_to_string(image, lang="tur")


def _ocrmypdf(program: Path, folder: Path, pages: list[Row]) -> None:
    """One job and one thread, so that only CPU is compared; what it refuses costs it nothing."""
    options = ["-l", "tur", "--deskew", "--rotate-pages", "--force-ocr", "-j", "1", "-q"]
    options += ["--clean"] if shutil.which("unpaper") else []
    with TemporaryDirectory() as scratch:
        for file in dict.fromkeys(row["file"] for row in pages):
            target = Path(scratch) / "out.pdf"
            command = [program, *options, "--image-dpi", "200", folder / file, target]
            subprocess.run(command, check=False, stderr=subprocess.DEVNULL)


def _images(file: Path) -> Iterator[Image.Image]:
    if file.suffix == ".pdf":
        yield from pdf2image.convert_from_path(file, dpi=300)
    else:
        with Image.open(file) as image:
            yield from ImageSequence.Iterator(image)


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
    """False fields, blank pages, and whether the review gate lets the right ones pass."""
    false = sum(page["f_fp"] for page in pages) / len(pages)
    print(f"\nfalse fields {false:.3f} a page, target {FALSE_TARGET}")
    for name, score in scores.items():
        if "blank_ok" in score:
            print(f"blank pages found in {name}: {score['blank_ok']} of {score['blank_pages']}")
    read = [page for page in pages if page.get("cer") is not None and page["conf"] is not None]
    for title, group in (
        ("CER > 10 %", [page for page in read if page["cer"] > BAD_CER]),
        ("good", [page for page in read if page["cer"] <= BAD_CER]),
    ):
        sent = sum(page["conf"] < REVIEW_BELOW for page in group)
        print(f"pages, {title}: {sent} of {len(group)} sent to the desk")


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


def _gate(folder: Path, pages: list[Row], ocr: OcrEngine) -> None:
    """Two pages of each kind in ``SPOILED``, as they are and made worse."""
    counts: Counter[tuple[bool, bool]] = Counter()
    for kind in SPOILED:
        for row in [row for row in pages if row["cls"] == kind and not row["blank"]][1:3]:
            truth = (folder / "gt" / f"{row['page_id']}.txt").read_text()
            with closing(open_document((folder / row["file"]).read_bytes(), max_pages=99)) as file:
                scan = file.sheet(row["page"]).scan(300)
            for spoiled in _spoiled(scan):
                read = read_scan(spoiled, ocr)
                bad = _error_rate(truth, read.text) > BAD_CER
                sent = not read.blank and (read.confidence or 0) < REVIEW_BELOW
                counts[bad, sent] += 1
    print(f"\nmade worse, CER > 10 %: {counts[True, True]} of {_both(counts, True)} sent")
    print(f"made worse, good: {counts[False, True]} of {_both(counts, False)} sent")


def _both(counts: Counter[tuple[bool, bool]], bad: bool) -> int:
    return counts[bad, True] + counts[bad, False]


def _spoiled(scan: Scan) -> Iterator[Scan]:
    yield scan
    for sigma in (2.0, 3.5, 5.0):
        yield scan.with_grey(whiten.blur(scan.grey, sigma))
    for sigma in (60, 110):
        noise = np.random.default_rng(5).normal(0, sigma, scan.grey.shape)
        yield scan.with_grey(np.clip(scan.grey + noise, 0, 255).astype(np.uint8))
    for factor in (0.4, 0.3):
        dpi = (scan.dpi[0] * factor, scan.dpi[1] * factor)
        yield replace(scan, grey=pixels.scaled(scan.grey, factor), dpi=dpi)


def _error_rate(truth: str, text: str) -> float:
    """Without the scorer's allowance for lines that may be missing."""
    want, got = " ".join(truth.split()), " ".join(text.split())
    return Levenshtein.distance(want, got) / max(len(want), 1)


if __name__ == "__main__":
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    main()
