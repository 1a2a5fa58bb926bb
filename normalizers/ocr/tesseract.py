"""Tesseract as a child process of its own for every page: it may crash, and nothing else does."""

import csv
import os
from collections.abc import Callable, Sequence
from io import StringIO
from tempfile import NamedTemporaryFile
from typing import TypeVar

import pytesseract
from PIL.Image import Image

from normalizers.ocr.engine import OcrFailed, Word
from normalizers.ocr.languages import installed_languages, second_model

PAGE, LINE = 3, 7
"""Tesseract's ``--psm`` for a page with blocks of text, and for one line alone."""

ORIENTATION_SURE = 2.0
"""Below this confidence Tesseract's orientation detection is a guess."""

_WORD_LEVEL = "5"  # of page, block, paragraph, line, word in the TSV

T = TypeVar("T")


class Tesseract:
    """Through pytesseract, which starts ``tesseract`` and reads the TSV that it writes.

    ``page_seconds`` is the longest that one page may take.
    """

    name = "tesseract"

    def __init__(self, languages: str = "tur", *, page_seconds: float = 120.0) -> None:
        self._languages = languages
        self._seconds = page_seconds
        # One core a page: Tesseract's own threads take four times the CPU for the same page.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")

    def words(self, image: Image, *, dpi: int) -> Sequence[Word]:
        return self._pages(image, self._languages, dpi, PAGE).get(1, [])

    def lines(self, images: Sequence[Image], *, dpi: int) -> Sequence[Sequence[Word]]:
        """All in one child, as the pages of one file: it loads its model once."""
        if not images:
            return []
        model = second_model(self._languages, installed_languages())
        with NamedTemporaryFile(suffix=".tif") as file:
            images[0].save(file, "TIFF", save_all=True, append_images=images[1:])
            file.flush()
            pages = self._pages(file.name, model, dpi, LINE)
        return [pages.get(number, []) for number in range(1, len(images) + 1)]

    def _pages(
        self, image: Image | str, model: str, dpi: int, segmentation: int
    ) -> dict[int, list[Word]]:
        config = f"--psm {segmentation} --oem 1 --dpi {dpi}"
        tsv = _guarded(
            lambda: pytesseract.image_to_data(
                image, lang=model, config=config, timeout=self._seconds
            )
        )
        return parse_tsv(tsv)

    def orientation(self, image: Image) -> int:
        try:
            found = _guarded(
                lambda: pytesseract.image_to_osd(
                    image, timeout=self._seconds, output_type=pytesseract.Output.DICT
                )
            )
        except OcrFailed:
            return 0  # Tesseract ends with an error when there are too few letters to tell
        return int(found["rotate"]) if found["orientation_conf"] >= ORIENTATION_SURE else 0


def _guarded(run: Callable[[], T]) -> T:
    """Run ``run`` and turn every way in which the child can fail into OcrFailed."""
    try:
        return run()
    except pytesseract.TesseractNotFoundError:
        raise OcrFailed("tesseract is not installed") from None
    except pytesseract.TesseractError as error:
        raise OcrFailed(f"tesseract ended with status {error.status}") from None
    except UnicodeDecodeError:
        raise OcrFailed("tesseract wrote text that is not UTF-8") from None
    except RuntimeError:  # what pytesseract raises when the time is up
        raise OcrFailed("tesseract took too long") from None
    except (OSError, ValueError, KeyError) as error:
        raise OcrFailed(f"tesseract could not be used ({type(error).__name__})") from None


def parse_tsv(tsv: str) -> dict[int, list[Word]]:
    """Words by page (from 1) out of Tesseract's TSV (columns: ``tesseract --help-extra``)."""
    rows = csv.DictReader(StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE)
    lines: dict[tuple[str, ...], int] = {}
    pages: dict[int, list[Word]] = {}
    for row in rows:
        text = (row.get("text") or "").strip()
        if row.get("level") != _WORD_LEVEL or not text:
            continue
        place = tuple(row[f"{part}_num"] for part in ("page", "block", "par", "line"))
        line = lines.setdefault(place, len(lines) + 1)
        pages.setdefault(int(row["page_num"]), []).append(_word(row, text, line))
    return pages


def _word(row: dict[str, str], text: str, line: int) -> Word:
    left, top, width, height = (int(row[key]) for key in ("left", "top", "width", "height"))
    return Word(text, left, top, width, height, float(row["conf"]), int(row["block_num"]), line)
