"""How a page stands, told from the profile of its ink.

Rows of text make the profile across them sharper than the one along them; and within a row more
ink stands above the small letters (capitals, ``t``, ``k``, dots, accents) than hangs below them.
"""

import cv2
import numpy as np

from normalizers.pages.prepare.pixels import scaled
from normalizers.pages.prepare.skew import Ink, Profile, inked, sharpness
from normalizers.pages.scan import Grey

SEARCH_DPI = 50.0
EDGE = 9
CLEARLY = 1.6
ANGLES = range(-3, 4)
ROW_DPI = 150.0
ROW_HEIGHT = (8, 60)
"""Pixels at :data:`ROW_DPI`, least and most."""
LEAST_ROWS = 4
HANGS = -0.1
"""Upright letters give 0.0 to 0.5, letters upside down -0.3 to -0.6, capitals alone about 0."""


def sideways(grey: Grey, dpi: float) -> bool:
    """Whether the text runs down or up the page. Which of the two, this cannot tell."""
    small = scaled(grey, SEARCH_DPI / dpi)
    depth = cv2.subtract(cv2.medianBlur(small, 15), small).astype(np.float32)
    depth[depth < max(10.0, float(depth.max()) * 0.25)] = 0
    ink = depth[EDGE:-EDGE, EDGE:-EDGE]
    if min(ink.shape) < 2:
        return False
    return _rows(np.ascontiguousarray(ink.T)) > CLEARLY * _rows(ink)


def _rows(ink: Ink) -> float:
    """How much the page looks like rows, whatever its size and blackness."""
    total = float(ink.sum())
    pixels = inked(ink)
    best = max(sharpness(pixels, angle) for angle in ANGLES)
    return float(best / (total * total + 1) * ink.shape[0])


def upside_down(grey: Grey, dpi: float) -> bool:
    """Whether the letters of a levelled page hang from their rows. False when unsure."""
    small = scaled(grey, ROW_DPI / dpi)
    edge = int(0.04 * small.shape[0])
    profile = (small[edge : small.shape[0] - edge] < 128).sum(axis=1).astype(np.float32)
    rows = [row for row in _bands(profile) if ROW_HEIGHT[0] <= len(row) <= ROW_HEIGHT[1]]
    above, below = np.sum([_beside_core(row) for row in rows] or [(0.0, 0.0)], axis=0)
    leaning = (above - below) / (above + below + 1)
    return len(rows) >= LEAST_ROWS and bool(leaning < HANGS)


def _bands(profile: Profile) -> list[Profile]:
    """Runs of lines with ink; a few specks are none."""
    inked = profile > max(2.0, 0.02 * float(profile.max(initial=0)))
    starts = np.flatnonzero(np.diff(inked.astype(np.int8))) + 1
    bands = np.split(profile, starts)
    return [band for band in bands[int(not inked[:1].any()) :: 2] if band.max(initial=0) > 15]


def _beside_core(band: Profile) -> tuple[float, float]:
    """Ink above and below the small letters, where a row is blackest."""
    core = np.flatnonzero(band > 0.5 * band.max())
    return float(band[: core[0]].sum()), float(band[core[-1] + 1 :].sum())
