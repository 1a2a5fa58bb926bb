"""Strips of a page: one line, or a piece of one, cut out and read on its own."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from normalizers.ocr.engine import OcrEngine, Word
from normalizers.pages.scan import Scan

PAD = 12
"""White pixels around a strip, as Tesseract likes it."""

Strip = tuple[int, int, int, int]
"""left, top, right, bottom in pixels."""


def around(scan: Scan, words: Sequence[Word], margin: float) -> Strip:
    """The strip that holds ``words``, with ``margin`` inches on every side."""
    more = int(margin * scan.resolution)
    left, top = min(word.left for word in words) - more, min(word.top for word in words) - more
    right = max(word.right for word in words) + more
    bottom = max(word.bottom for word in words) + more
    return max(0, left), max(0, top), min(scan.width, right), min(scan.height, bottom)


def read(scan: Scan, strips: Sequence[Strip], ocr: OcrEngine) -> list[list[Word]]:
    """The words of each strip, where they stand on the page. Raises: OcrFailed."""
    if not strips:
        return []
    images = [_cut(scan, strip) for strip in strips]
    read = ocr.lines(images, dpi=round(scan.resolution))
    return [
        [_moved(word, strip) for word in words] for strip, words in zip(strips, read, strict=True)
    ]


def _cut(scan: Scan, strip: Strip) -> Image.Image:
    left, top, right, bottom = strip
    return Image.fromarray(np.pad(scan.grey[top:bottom, left:right], PAD, constant_values=255))


def _moved(word: Word, strip: Strip) -> Word:
    return replace(word, left=word.left + strip[0] - PAD, top=word.top + strip[1] - PAD)
