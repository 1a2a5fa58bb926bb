"""How much on a page looks like letters, before anybody tries to read them."""

import cv2
import numpy as np

from normalizers.pages.prepare.pixels import scaled
from normalizers.pages.scan import Grey

COUNT_DPI = 100.0
MARGIN = 0.04
"""Share of the height at every edge that does not count: punch holes, lids, shadows."""


def letter_like(grey: Grey, dpi: float) -> int:
    """Marks of the size of letters, clearly darker than the paper around them."""
    small = scaled(grey, COUNT_DPI / dpi)
    edge = max(1, int(small.shape[0] * MARGIN))
    small = np.ascontiguousarray(small[edge:-edge, edge:-edge])
    if min(small.shape) < 32:
        return 0
    return _count(_marks(small))


def _marks(small: Grey) -> Grey:
    paper = cv2.medianBlur(small, 31)
    depth = cv2.subtract(paper, small).astype(np.float32)
    grain = small.astype(np.float32)
    grain -= cv2.GaussianBlur(grain, (0, 0), 1.5)
    noise = 1.4826 * float(np.median(np.abs(grain))) + 0.5
    contrast = depth / np.maximum(paper, 20)
    return ((contrast > 0.12) & (depth > 5 * noise)).astype(np.uint8)


def _count(marks: Grey) -> int:
    stats = cv2.connectedComponentsWithStats(marks, connectivity=8)[2][1:]
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    area = stats[:, cv2.CC_STAT_AREA]
    return int(((width < 40) & (height < 30) & (height >= 3) & (area >= 5)).sum())
