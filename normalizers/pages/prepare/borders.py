"""Dark edges: the scanner's lid where the sheet did not reach."""

import numpy as np

from normalizers.pages.scan import Grey

DEPTH_INCHES = 0.35
DARK = 0.6
"""Of the brightness of the paper."""
MOSTLY = 0.6
PARTLY = 0.4


def without_borders(grey: Grey, dpi: float) -> Grey:
    """Whiten rows and columns near the edges that are mostly dark."""
    depth = int(dpi * DEPTH_INCHES)
    dark = DARK * float(np.median(grey[::8, ::8]))
    out = grey.copy()
    for turned in (out, out[::-1], out.T, out.T[::-1]):  # views: writing reaches ``out``
        share = (turned[:depth] < dark).mean(axis=1)
        if (share > MOSTLY).any():
            turned[:depth][share > PARTLY] = 255
    return np.ascontiguousarray(out)
