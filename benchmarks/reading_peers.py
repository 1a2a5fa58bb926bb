"""Others that read the same pages: plain pytesseract, as a tutorial shows it, and OCRmyPDF."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pdf2image
import pypdfium2
import pytesseract
from PIL import Image, ImageSequence

SKIPPED = "[OCR skipped on page"
"""What OCRmyPDF writes for pages that it left as they were: then the layers of its PDF count."""
OPTIONS = ("-l", "tur", "--deskew", "--rotate-pages", "--clean", "--skip-text", "-j", "1", "-q")
"""``--skip-text``: what has a text layer keeps it, which is both faster and what people do."""
LONGEST = 600.0
"""Seconds for one document."""


def read_plainly(files: Sequence[Path]) -> None:
    """pdf2image at 300 dpi, then ``image_to_string``: one page after the other."""
    for file in files:
        for image in _images(file):
            pytesseract.image_to_string(image, lang="tur")


def _images(file: Path) -> Iterator[Image.Image]:
    if file.suffix == ".pdf":
        yield from pdf2image.convert_from_path(file, dpi=300)
    else:
        with Image.open(file) as image:
            yield from ImageSequence.Iterator(image)


def ocrmypdf(program: Path, files: Sequence[Path], cores: int = 2) -> dict[str, str]:
    """Text by page id (``NAME#INDEX``). As many documents side by side as there are cores, one job
    and one thread each, which is what it does best; what it refuses has no text."""
    with TemporaryDirectory() as scratch, ThreadPoolExecutor(cores) as threads:
        work = [(program, file, Path(scratch) / str(n)) for n, file in enumerate(files)]
        found = threads.map(lambda one: _convert(*one), work)
        return {page: text for pages in found for page, text in pages.items()}


def _convert(program: Path, file: Path, scratch: Path) -> dict[str, str]:
    scratch.mkdir()
    target, sidecar = scratch / "out.pdf", scratch / "out.txt"
    command = [program, *OPTIONS, "--image-dpi", "200", "--sidecar", sidecar, file, target]
    path = os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST, env=path, check=False)
    except subprocess.TimeoutExpired:
        return {}  # read by nobody, at the cost of all that time: that is its result
    if done.returncode or not target.exists():
        return {}
    layers, read = _layers(target), sidecar.read_text(encoding="utf-8").split("\f")
    if len(read) < len(layers) or any(text.lstrip().startswith(SKIPPED) for text in read):
        read = layers
    return {f"{file.name}#{n}": text for n, text in enumerate(read[: len(layers)])}


def _layers(file: Path) -> list[str]:
    document = pypdfium2.PdfDocument(file)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
