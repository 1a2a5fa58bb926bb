"""Blots, tape, a thick pen: solid ink over letters that nobody can see.

Left on the page it spoils what stands beside it, so it is taken away before reading. And what was
read around it is sure, and says nothing of what is missing: so the ink in lines of text counts as
not read.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from normalizers.ocr.engine import Word
from normalizers.pages import rows
from normalizers.pages.scan import Scan, as_grey
from normalizers.pages.unread import INK

LOOK_DPI = 100
"""A blot is seen as well on every second pixel."""
SOLID_INCHES = 0.1
"""Least width of ink that is no letter: strokes of print under 50 points are thinner, and so is
print that ran together."""
MOST_INCHES = 1.5
"""What is larger is a bar with white letters in it, a picture, or the dark beside the page."""
BESIDE_INCHES = 0.15
"""How far a line may go on under ink before the first word that was read of it, or after the
last."""

Blots = npt.NDArray[np.uint8]
"""1 where a blot is, on every :func:`_step`-th pixel of a page."""


def found(scan: Scan) -> Blots | None:
    """The blots of a prepared page; None where there are none, as on nearly every page."""
    step = _step(scan)
    dpi = scan.resolution / step
    across = max(3, round(SOLID_INCHES * dpi))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across))
    ink = (scan.grey[::step, ::step] < INK).astype(np.uint8)
    cores = cv2.erode(ink, disc)  # strokes and rules vanish
    if not cores.any():
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    cores[(size > MOST_INCHES * dpi)[labels]] = 0
    return as_grey(cv2.dilate(cores, disc)) if cores.any() else None


def without(scan: Scan, blots: Blots | None) -> Scan:
    """The page with paper where the blots are."""
    if blots is None:
        return scan
    rim = cv2.dilate(blots, np.ones((3, 3), np.uint8))
    whole = cv2.resize(rim, (scan.width, scan.height), interpolation=cv2.INTER_NEAREST)
    return scan.with_grey(as_grey(np.where(whole > 0, 255, scan.grey)))


def hidden(scan: Scan, blots: Blots | None, words: Sequence[Word]) -> float:
    """How much may lie under blots in lines of text, as a share of what was read: 0.1 where one
    letter may be hidden for ten that were."""
    if blots is None or not words:
        return 0.0
    step = _step(scan)
    lines = rows.lines_of(words)
    beside = BESIDE_INCHES * scan.resolution
    text = np.zeros(blots.shape, np.bool_)
    for line in lines:
        down = slice(max(0, int(line.top / step)), int(line.bottom / step) + 1)
        left, right = line.left - beside, line.right + beside
        text[down, max(0, int(left / step)) : int(right / step) + 1] = True
    read = sum(word.width * line.height for line in lines for word in line.words)
    return float(blots[text].sum() * step**2 / max(read, 1.0))


def _step(scan: Scan) -> int:
    return max(1, int(scan.resolution / LOOK_DPI))
