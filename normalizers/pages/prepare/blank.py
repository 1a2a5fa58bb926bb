"""How much on a page looks like letters, before anybody tries to read them."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from normalizers.pages.prepare.pixels import scaled
from normalizers.pages.scan import Grey, as_grey

COUNT_DPI = 100.0
MARGIN = 0.04
"""Share of the height at every edge that does not count: punch holes, lids, shadows ..."""
TALLEST = 1.5
"""... for as many widths as a sheet is high at the most: a long picture of a screen has no wider
edges for being long."""
LEAST_SIDE = 32
PAPER = 15
"""Pixels at 50 dpi of the median that finds the paper: wider than any stroke."""
DARK = 0.25
"""Share of the paper's brightness that is missing in ink: print that shows through has 0.11 at the
most, out-of-focus print 0.3, print 0.6."""
DIRT = 150
"""Dark pixels (10 square millimetres) from which it is more than dirt."""

Shares = npt.NDArray[np.float32]


class Marks(NamedTuple):
    """What is on a page before anybody reads it.

    ``letters`` counts marks of the size of letters, clearly darker than the paper around them.
    ``ink``: something was written or printed here, readable or not; there is more that is dark
    than dirt leaves, and what shows through from the back of the sheet is pale.
    """

    letters: int
    ink: bool


def marks(grey: Grey, dpi: float) -> Marks:
    """The marks of a page, away from its edges."""
    small = _middle(grey, dpi)
    if min(small.shape) < LEAST_SIDE:
        return Marks(0, ink=False)
    contrast = _contrast(small)
    dark = int((contrast > DARK).sum())
    return Marks(_count(_standing_out(small, contrast)), ink=dark > DIRT)


def _middle(grey: Grey, dpi: float) -> Grey:
    small = scaled(grey, COUNT_DPI / dpi)
    height, width = small.shape
    edge = max(1, int(min(height, TALLEST * width) * MARGIN))
    return np.ascontiguousarray(small[edge:-edge, edge:-edge])


def _contrast(small: Grey) -> Shares:
    """Share of the paper's brightness that is missing. The paper is found at half the size: it
    changes slowly, and a wide median is dear."""
    height, width = small.shape
    coarse = cv2.medianBlur(scaled(small, 0.5), PAPER)
    paper = as_grey(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR))
    depth = cv2.subtract(paper, small).astype(np.float32)
    return np.asarray(depth / np.maximum(paper, 20), np.float32)


def _standing_out(small: Grey, contrast: Shares) -> Grey:
    """1 where it is darker than paper, shadow and noise."""
    grain = small.astype(np.float32)
    grain -= cv2.GaussianBlur(grain, (0, 0), 1.5)
    noise = 1.4826 * float(np.median(np.abs(grain[::2, ::2]))) + 0.5
    brightness = max(20.0, float(np.median(small[::4, ::4])))
    return ((contrast > 0.12) & (contrast > 5 * noise / brightness)).astype(np.uint8)


def _count(marks: Grey) -> int:
    stats = cv2.connectedComponentsWithStats(marks, connectivity=8)[2][1:]
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    area = stats[:, cv2.CC_STAT_AREA]
    return int(((width < 40) & (height < 30) & (height >= 3) & (area >= 5)).sum())
