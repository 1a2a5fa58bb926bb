"""How well pages are read: character errors and fields by class, target beside measured.

    python benchmarks/reading_pages.py FOLDER [--classes fax_fine,fax_std] [--engine tesserocr]
                                       [--plain] [--out FOLDER]

FOLDER holds ``docs/``, ``gt/``, ``manifest.jsonl`` and the scorer ``score.py``. ``--plain`` also
reads every page as a tutorial shows (pdf2image at 300 dpi, ``image_to_string``), to compare CPU.
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

import pdf2image
import pytesseract
from PIL import Image, ImageSequence

from ingest.contract import RawItem
from normalizers.ocr.registry import engine
from normalizers.pages import POST
from normalizers.reader import Options
from normalizers.schema import Page
from normalizers.text import identifiers

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
        _table(json.loads((out / "scores.json").read_text()))
        print(f"CPU {measured:.2f} s a page")
        if args.plain:
            plain = _cpu(lambda: _read_plainly(args.folder, pages)) / len(pages)
            share = measured / plain
            print(f"plain pytesseract {plain:.2f} s; ratio {share:.2f}, target {CPU_TARGET}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--classes", default="")
    parser.add_argument("--engine", default="tesserocr")
    parser.add_argument("--plain", action="store_true")
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


if __name__ == "__main__":
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    main()
