"""Photographs: find the sheet of paper on the table and straighten it."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from normalizers.pages.prepare.pixels import A4_INCHES, scaled
from normalizers.pages.scan import Grey, Matrix, Scan, as_grey, as_matrix

SEARCH_SIDE = 500.0
"""Pixels of the longer side while looking."""
STEP = 18.0
"""Least jump in brightness between table and paper."""
LEAST_SIDE = 50
"""Pixels of the shorter side while looking: what is narrower is no photograph of a sheet."""
SIDE_SHARE = 0.38
"""How far into the picture each edge of the sheet is looked for."""
MIN_AREA = 0.35
OUTSIDE = 30
"""Pixels by which a corner may lie outside the picture."""
DPI_RANGE = (150.0, 250.0)

Corners = npt.NDArray[np.float32]
"""4 x 2: top left, top right, bottom right, bottom left, in pixels (x, y)."""
Line = tuple[float, float]
"""(m, c) of x = m*y + c for an upright edge, y = m*x + c for a level one."""
Points = npt.NDArray[np.float64]


def straightened(scan: Scan) -> Scan | None:
    """The sheet alone, as A4 with its resolution; None where no sheet stands out."""
    corners = find_sheet(scan.grey)
    return None if corners is None else _flattened(scan, corners)


def find_sheet(grey: Grey) -> Corners | None:
    """Corners of a bright sheet on a darker ground."""
    factor = SEARCH_SIDE / max(grey.shape)
    if min(grey.shape) * factor < LEAST_SIDE:
        return None
    small = cv2.GaussianBlur(scaled(grey, factor), (0, 0), 1.5).astype(np.float32)
    left, right = _edges(small)
    top, bottom = _edges(np.ascontiguousarray(small.T))
    if left is None or right is None or top is None or bottom is None:
        return None
    corners = np.array(
        [_meet(left, top), _meet(right, top), _meet(right, bottom), _meet(left, bottom)],
        np.float32,
    )
    return corners / np.float32(factor) if _plausible(corners, small.shape) else None


def _edges(small: npt.NDArray[np.float32]) -> tuple[Line | None, Line | None]:
    """The upright edges left and right, where there are any."""
    height, width = small.shape
    reach = 6
    box = cv2.blur(small, (11, 7))
    jump = np.zeros_like(small)
    jump[:, reach:-reach] = box[:, 2 * reach :] - box[:, : -2 * reach]
    rows = np.arange(int(0.12 * height), int(0.88 * height), 3)
    strip = int(SIDE_SHARE * width)
    left = _edge(jump[rows, :strip], rows, 0)
    right = _edge(-jump[rows, width - strip :], rows, width - strip)
    return left, right


def _edge(jump: npt.NDArray[np.float32], rows: npt.NDArray[np.intp], offset: int) -> Line | None:
    at = jump.argmax(axis=1)
    clear = jump[np.arange(len(rows)), at] > STEP
    if clear.mean() < 0.5:
        return None
    return _fit((at[clear] + offset).astype(np.float64), rows[clear].astype(np.float64))


def _fit(x: Points, y: Points) -> Line | None:
    """x = m*y + c through most points (RANSAC, seeded: the same picture, the same line)."""
    if len(x) < 12:
        return None
    chance = np.random.default_rng(0)
    best = np.zeros(len(x), bool)
    for _ in range(120):
        i, j = chance.integers(0, len(x), 2)
        if abs(y[i] - y[j]) < 40:
            continue
        slope = (x[i] - x[j]) / (y[i] - y[j])
        inside = np.abs(x - slope * (y - y[i]) - x[i]) < 3.0
        if abs(slope) <= 0.35 and inside.sum() > best.sum():
            best = inside
    if best.mean() <= 0.55:
        return None
    slope, intercept = np.polyfit(y[best], x[best], 1)
    return float(slope), float(intercept)


def _meet(upright: Line, level: Line) -> tuple[float, float]:
    (m1, c1), (m2, c2) = upright, level
    y = (m2 * c1 + c2) / (1 - m1 * m2)
    return m1 * y + c1, y


def _plausible(corners: Corners, shape: tuple[int, ...]) -> bool:
    height, width = shape
    inside = (corners > -OUTSIDE).all() and (corners < (width + OUTSIDE, height + OUTSIDE)).all()
    convex = cv2.isContourConvex(corners.astype(np.int32))
    return bool(inside and convex and cv2.contourArea(corners) >= MIN_AREA * height * width)


def _flattened(scan: Scan, corners: Corners) -> Scan:
    width = max(_distance(corners, 0, 1), _distance(corners, 3, 2))
    height = max(_distance(corners, 0, 3), _distance(corners, 1, 2))
    seen = min(width, height) / A4_INCHES[0]
    dpi = float(np.clip(seen, *DPI_RANGE))
    short, long = (int(inches * dpi) for inches in A4_INCHES)
    size = (short, long) if height >= width else (long, short)
    view = _view(corners, size)
    page = _warped(scan.grey, view, size, shrink=dpi <= seen)
    return replace(scan.bent(_without_rim(page), as_matrix(np.linalg.inv(view))), dpi=(dpi, dpi))


def _distance(corners: Corners, a: int, b: int) -> float:
    return float(np.linalg.norm(corners[a] - corners[b]))


def _view(corners: Corners, size: tuple[int, int]) -> Matrix:
    """Takes the corners of the sheet to those of a page of ``size``."""
    width, height = size
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return as_matrix(cv2.getPerspectiveTransform(corners, target))


def _warped(grey: Grey, view: Matrix, size: tuple[int, int], *, shrink: bool) -> Grey:
    way = cv2.INTER_AREA if shrink else cv2.INTER_CUBIC
    page = cv2.warpPerspective(grey, view, size, flags=way, borderMode=cv2.BORDER_REPLICATE)
    return as_grey(page)


def _without_rim(page: Grey) -> Grey:
    """Paint the outermost strip, where table shows through, with the paper beside it."""
    rim = max(1, int(0.006 * page.shape[1]))
    for turned in (page, page[::-1], page.T, page.T[::-1]):  # views
        turned[:rim] = turned[rim]
    return page
