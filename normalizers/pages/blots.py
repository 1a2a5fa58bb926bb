"""Letters that nobody can see: they lie under blots, tape or a thick pen.

What was read around a blot is read surely, and says nothing of what is missing. So the blots are
looked for themselves: solid ink, wider than any stroke of a letter, in lines of text.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from normalizers.ocr.engine import Word
from normalizers.pages import rows
from normalizers.pages.scan import Grey, Scan
from normalizers.pages.unread import INK

LOOK_DPI = 100
"""A blot is seen as well on every second pixel."""
SOLID_INCHES = 0.1
"""Least width of ink that is no letter: strokes of print under 50 points are thinner, and so is
print that ran together."""
BESIDE_INCHES = 0.15
"""How far a line may go on under ink before the first word that was read of it, or after the
last."""

Mask = npt.NDArray[np.bool_]


def hidden(scan: Scan, words: Sequence[Word]) -> float:
    """How much may lie under solid ink in lines of text, as a share of what was read: 0.1 where
    one letter may be hidden for ten that were."""
    if not words:
        return 0.0
    step = max(1, int(scan.resolution / LOOK_DPI))
    solid = _solid(scan.grey[::step, ::step], scan.resolution / step)
    if solid is None:
        return 0.0
    lines = rows.lines_of(words)
    covered = solid & _lines_mask(lines, solid.shape, step, BESIDE_INCHES * scan.resolution)
    read = sum(word.width * line.height for line in lines for word in line.words)
    return float(covered.sum() * step**2 / max(read, 1.0))


def _solid(grey: Grey, dpi: float) -> Mask | None:
    """Where there is ink as wide as it is high: strokes and rules vanish, blots stay. None where
    nothing does, as on nearly every page."""
    across = max(3, round(SOLID_INCHES * dpi))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    cores = cv2.erode((grey < INK).astype(np.uint8), disc)
    return np.asarray(cv2.dilate(cores, disc), np.bool_) if cores.any() else None


def _lines_mask(
    lines: Sequence[rows.Line], shape: tuple[int, ...], step: int, beside: float
) -> Mask:
    mask = np.zeros(shape, np.bool_)
    for line in lines:
        top, bottom = max(0, int(line.top / step)), int(line.bottom / step) + 1
        left = max(0, int((line.left - beside) / step))
        mask[top:bottom, left : int((line.right + beside) / step) + 1] = True
    return mask
