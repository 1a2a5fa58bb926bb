"""How much on a page looks like letters, before anybody tries to read them."""

import cv2
import numpy as np
import numpy.typing as npt

from normalizers.pages.prepare.pixels import scaled
from normalizers.pages.scan import Grey, as_grey

COUNT_DPI = 100.0
MARGIN = 0.04
"""Share of the height at every edge that does not count: punch holes, lids, shadows."""
LEAST_SIDE = 32
PAPER = 15
"""Pixels at 50 dpi of the median that finds the paper: wider than any stroke."""
DARK = 0.25
"""Share of the paper's brightness that is missing in ink: print that shows through has 0.11 at the
most, out-of-focus print 0.3, print 0.6."""
DIRT = 150
"""Dark pixels (10 square millimetres) from which it is more than dirt."""


def letter_like(grey: Grey, dpi: float) -> int:
    """Marks of the size of letters, clearly darker than the paper around them."""
    small = _middle(grey, dpi)
    return _count(_marks(small)) if min(small.shape) >= LEAST_SIDE else 0


def has_ink(grey: Grey, dpi: float) -> bool:
    """Whether something was written or printed here, readable or not: more that is dark than dirt
    leaves. What shows through from the back of the sheet is pale."""
    small = _middle(grey, dpi)
    if min(small.shape) < LEAST_SIDE:
        return False
    return int((_contrast(small, _paper(small)) > DARK).sum()) > DIRT


def _middle(grey: Grey, dpi: float) -> Grey:
    small = scaled(grey, COUNT_DPI / dpi)
    edge = max(1, int(small.shape[0] * MARGIN))
    return np.ascontiguousarray(small[edge:-edge, edge:-edge])


def _contrast(small: Grey, paper: Grey) -> npt.NDArray[np.float32]:
    depth = cv2.subtract(paper, small).astype(np.float32)
    return np.asarray(depth / np.maximum(paper, 20), np.float32)


def _paper(small: Grey) -> Grey:
    """At half the size: paper changes slowly, and a wide median is dear."""
    height, width = small.shape
    coarse = cv2.medianBlur(scaled(small, 0.5), PAPER)
    return as_grey(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR))


def _marks(small: Grey) -> Grey:
    paper = _paper(small)
    depth = cv2.subtract(paper, small).astype(np.float32)
    grain = small.astype(np.float32)
    grain -= cv2.GaussianBlur(grain, (0, 0), 1.5)
    noise = 1.4826 * float(np.median(np.abs(grain))) + 0.5
    return ((_contrast(small, paper) > 0.12) & (depth > 5 * noise)).astype(np.uint8)


def _count(marks: Grey) -> int:
    stats = cv2.connectedComponentsWithStats(marks, connectivity=8)[2][1:]
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    area = stats[:, cv2.CC_STAT_AREA]
    return int(((width < 40) & (height < 30) & (height >= 3) & (area >= 5)).sum())
