"""Skew: the angle at which the rows of text are sharpest against the gaps between them."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from normalizers.pages.prepare.pixels import scaled
from normalizers.pages.scan import Grey, Scan, as_grey, as_matrix

SEARCH_DPI = 75.0
LIMIT = 5.0
WORTH = 0.15
"""Degrees below which turning blurs more than it helps."""
EDGE = 8
FEW_INKED = 200.0

Ink = npt.NDArray[np.float32]
Profile = npt.NDArray[np.float32]
Places = npt.NDArray[np.float32]


def levelled(scan: Scan, limit: float = LIMIT) -> Scan:
    """Turn the page by its skew, up to ``limit`` degrees either way."""
    angle = skew(scan.grey, scan.resolution, limit)
    return scan if abs(angle) < WORTH else _rotated(scan, angle)


def _rotated(scan: Scan, degrees: float) -> Scan:
    """Turn counter-clockwise about the middle; what comes in from outside is paper."""
    size = (scan.width, scan.height)
    paper = float(np.percentile(scan.grey[::8, ::8], 75))
    turn = cv2.getRotationMatrix2D((scan.width / 2, scan.height / 2), degrees, 1)
    grey = cv2.warpAffine(scan.grey, turn, size, flags=cv2.INTER_CUBIC, borderValue=paper)
    back = np.linalg.inv(np.vstack([turn, [0.0, 0.0, 1.0]]))
    return scan.bent(as_grey(grey), as_matrix(back))


def skew(grey: Grey, dpi: float, limit: float = LIMIT) -> float:
    """Degrees counter-clockwise that level the text; 0 on an empty page."""
    ink = _ink(grey, dpi)
    if ink.sum() < FEW_INKED:
        return 0.0
    rough, exact = inked(_halved(ink)), inked(ink)
    coarse = max(np.arange(-limit, limit + 0.01, 0.5), key=lambda a: sharpness(rough, a))
    fine = np.arange(coarse - 0.4, coarse + 0.41, 0.1)
    return float(max(fine, key=lambda a: sharpness(exact, a)))


def _halved(ink: Ink) -> Ink:
    """At half the size: enough to find the angle roughly."""
    half = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return np.asarray(half, np.float32)


class Inked(NamedTuple):
    """The inked pixels of a page: where they are, from its middle, and how black."""

    height: int
    x: Places
    y: Places
    weight: Profile


def inked(ink: Ink) -> Inked:
    height, width = ink.shape
    at = np.flatnonzero(ink)
    y, x = np.divmod(at, width)
    return Inked(
        height,
        (x - width / 2).astype(np.float32),
        (y - height / 2).astype(np.float32),
        ink.ravel()[at],
    )


def sharpness(ink: Inked, degrees: float) -> float:
    """Sum of squared steps of the row profile after turning by ``degrees``.

    A profile needs no picture: every inked pixel moves by as much as its column says, and shares
    its ink between the two rows that it comes to lie on.
    """
    angle = np.deg2rad(degrees)
    row = ink.y * np.float32(np.cos(angle)) - ink.x * np.float32(np.sin(angle))
    row = np.clip(row + np.float32(ink.height / 2), 0, ink.height - 2)
    upper = row.astype(np.intp)
    lower_share = ink.weight * (row - upper)
    profile = np.bincount(upper, ink.weight - lower_share, ink.height)
    profile += np.bincount(upper + 1, lower_share, ink.height)
    return float((np.diff(profile[1:-1]) ** 2).sum())


def _ink(grey: Grey, dpi: float) -> Ink:
    """0 or 1 at :data:`SEARCH_DPI`, without the outermost pixels (edges are straight, too)."""
    small = scaled(grey, SEARCH_DPI / dpi)
    paper = cv2.medianBlur(small, 21) if min(small.shape) > 40 else small
    depth = cv2.subtract(paper, small)
    ink = (depth > max(12, int(depth.max() * 0.3))).astype(np.float32)
    ink[:EDGE] = ink[-EDGE:] = 0
    ink[:, :EDGE] = ink[:, -EDGE:] = 0
    return ink
