"""The text layer of a PDF page: is it there, does it look true, does it say what one sees?"""

import unicodedata
from collections.abc import Sequence

import numpy as np
from PIL import Image
from rapidfuzz import fuzz

from normalizers.ocr.engine import OcrEngine, OcrFailed
from normalizers.pages.document import Layer
from normalizers.pages.gate import likeness
from normalizers.pages.scan import Grey

LIKELY = 0.6
"""Likeness to written text from which a layer is worth checking against the pixels."""
AGREES = 70.0
"""Per cent of likeness between what the layer says and what one reads."""
CHECK_DPI = 200
MARGIN = 14
"""White pixels around each line, as Tesseract likes it."""


def plausible(text: str) -> bool:
    """Whether ``text`` is enough, and reads like a letter or a form."""
    return likeness(text) >= LIKELY


def tidy(text: str) -> str:
    """NFC, ``\\n`` as line end, the hyphens that PDFium marks, no other control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x02", "-")
    text = unicodedata.normalize("NFC", text)
    return "".join(c for c in text if c in "\n\t" or c.isprintable() or c.isspace())


def confirmed(layer: Layer, ocr: OcrEngine) -> bool:
    """Whether reading the pixels of a few lines gives what the layer says.

    An engine that fails, or reads nothing (``null``), cannot contradict, unless there is nothing
    to see.
    """
    crops = [layer.rendered(index) for index in range(len(layer.samples))]
    if not crops:
        return True
    if not any((crop < 128).any() for crop in crops):
        return False
    try:
        words = ocr.words(Image.fromarray(_stacked(crops)), dpi=CHECK_DPI)
    except OcrFailed:
        return True  # it reads like a letter, and nothing better is to be had of this page
    seen = "".join(word.text for word in words)
    said = "".join("".join(layer.samples).split())
    return not seen or fuzz.ratio(seen, said) >= AGREES


def _stacked(crops: Sequence[Grey]) -> Grey:
    width = max(crop.shape[1] for crop in crops)
    padded = [
        np.pad(
            crop,
            ((MARGIN, MARGIN), (MARGIN, MARGIN + width - crop.shape[1])),
            constant_values=255,
        )
        for crop in crops
    ]
    return np.vstack(padded)
