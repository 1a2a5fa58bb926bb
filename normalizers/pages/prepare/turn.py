"""Sideways pages: text rows make the profile across them sharper than the profile along them."""

import cv2
import numpy as np

from normalizers.pages.prepare.pixels import scaled
from normalizers.pages.prepare.skew import Ink, sharpness
from normalizers.pages.scan import Grey

SEARCH_DPI = 50.0
EDGE = 9
CLEARLY = 1.6
ANGLES = range(-3, 4)


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
    best = max(sharpness(ink, angle) for angle in ANGLES)
    return float(best / (total * total + 1) * ink.shape[0])
