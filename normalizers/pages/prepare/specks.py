"""Specks of a telephone line: removed by size and loneliness, never by a median.

A median of 3 x 3 eats the dots of ``i`` and ``ö`` and the thin strokes of a fax.
"""

import cv2
import numpy as np

from normalizers.pages.scan import Grey

SPECK_PIXELS = 3
DOT_REACH = (9, 17)
"""Pixels across and down (both ways together) within which a speck near a real mark is taken for
a full stop or the dot of an ``i``: on a thin fax these are no larger than specks."""


def despeckle(grey: Grey, largest: int = SPECK_PIXELS) -> Grey:
    """Whiten black components of at most ``largest`` pixels that stand alone."""
    black = (grey < 128).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(black, connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= largest
    small[0] = False
    if not small.any():
        return grey
    in_speck = small[labels]
    marks = ((black > 0) & ~in_speck).astype(np.uint8)
    near = cv2.dilate(marks, np.ones(DOT_REACH[::-1], np.uint8)) > 0
    company = np.zeros(count, bool)
    company[labels[in_speck & near]] = True
    out = grey.copy()
    out[in_speck & ~company[labels]] = 255
    return out
