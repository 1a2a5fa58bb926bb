"""``make bench-reading``: every target of reading, mail and pages, beside what was measured.

    python benchmarks/bench_reading.py [FOLDER] [--ocrmypdf PROGRAM] [--whole]

FOLDER holds ``mail/`` and ``ocr/`` with their scorers (``../shared/fixtures`` by default). Where it
is not there, this says so, and only the time of the project's own samples is measured.
OCRmyPDF is slow: two documents a class unless ``--whole``; it is found on the path, or named.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FIXTURES = HERE.parent.parent / "shared" / "fixtures"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FIXTURES)
    parser.add_argument("--ocrmypdf", type=Path, default=shutil.which("ocrmypdf"))
    parser.add_argument("--whole", action="store_true", help="every document for OCRmyPDF, too")
    args = parser.parse_args()
    mail, ocr = args.folder / "mail", args.folder / "ocr"
    if not (mail / "score.py").is_file() or not (ocr / "score.py").is_file():
        print(f"No fixtures in {args.folder}: quality is not measured, only time, on samples/mail.")
        return _run("reading_mail.py", HERE.parent / "samples" / "mail")
    print("== Mail\n", flush=True)
    failed = _run("reading_mail.py", mail, "--rounds", "3", "--misses", "all")
    print("\n== Pages\n", flush=True)
    options = ["--plain", "--gate"]
    if args.ocrmypdf:
        options += ["--ocrmypdf", str(args.ocrmypdf), "--sample", "0" if args.whole else "2"]
    else:
        print("OCRmyPDF is not installed: it is not compared (--ocrmypdf PROGRAM).\n", flush=True)
    return failed or _run("reading_pages.py", ocr, *options)


def _run(script: str, *arguments: str | Path) -> int:
    return subprocess.run([sys.executable, HERE / script, *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
