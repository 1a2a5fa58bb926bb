"""Resolution: square pixels first, then no more of them than reading needs."""

from dataclasses import replace

import cv2

from normalizers.pages.scan import Grey, Scan, as_grey

SQUARE_ENOUGH = 0.03
"""204 x 196 dpi is square for every purpose; 204 x 98 is not."""

COARSEST = 60.0
"""Dots per inch under which a file does not say its resolution, but that of a screen or nothing."""
LONGEST_PIXEL = 2.5
"""Times its width; faxes have 2.1. More is a lie that would blow the page up."""
MOST_ENLARGED = 12_000_000
"""Pixels up to which a page may be enlarged: A3 at 225 dpi has 10 million. Each costs up to 17
bytes on its way through reading."""

FAX_WIDTHS = {1728: 204.0, 2048: 204.0, 2432: 204.0}
"""Pixels across of A4, B4 and A3 at 8 dots per millimetre (ITU-T T.4), and their dpi."""

A4_INCHES = (8.27, 11.69)


def known(scan: Scan) -> Scan:
    """Fill in a resolution that the file does not say, or says wrongly.

    A fax of class F (RFC 2306) has one of three widths and is 98 or 196 dpi down; other pages are
    taken for A4.
    """
    if scan.bilevel and scan.width in FAX_WIDTHS:
        return replace(scan, dpi=_fax_dpi(scan))
    if _sane(scan.dpi):
        return scan
    short, long = sorted((scan.width, scan.height))
    dpi = min(short / A4_INCHES[0], long / A4_INCHES[1])
    return replace(scan, dpi=(max(dpi, 60.0),) * 2)


def _fax_dpi(scan: Scan) -> tuple[float, float]:
    across, down = scan.dpi
    if _sane(scan.dpi) and abs(across - down) >= 3:
        return scan.dpi
    return (204.0, 98.0 if scan.height < 0.95 * scan.width else 196.0)


def _sane(dpi: tuple[float, float]) -> bool:
    return min(dpi) >= COARSEST and max(dpi) <= LONGEST_PIXEL * min(dpi)


def square(scan: Scan) -> Scan:
    """Stretch the coarser direction until pixels are square."""
    across, down = scan.dpi
    finer = max(across, down)
    if abs(across - down) <= SQUARE_ENOUGH * finer:
        return replace(scan, dpi=(finer, finer))
    size = (round(scan.width * finer / across), round(scan.height * finer / down))
    grey = cv2.resize(scan.grey, size, interpolation=cv2.INTER_CUBIC)
    return replace(scan, grey=as_grey(grey), dpi=(finer, finer))


def enlarged(scan: Scan, target: float) -> Scan:
    """Scale a coarse page to ``target`` dpi, or as near as memory allows."""
    room = (MOST_ENLARGED / max(scan.grey.size, 1)) ** 0.5
    return to_dpi(scan, min(target, scan.resolution * max(room, 1.0)))


def at_most(scan: Scan, limit: float, target: float) -> Scan:
    """Shrink a page of more than ``limit`` dpi to ``target`` dpi."""
    return to_dpi(scan, target) if scan.resolution > limit else scan


def to_dpi(scan: Scan, target: float) -> Scan:
    """Scale a page with square pixels to ``target`` dpi."""
    factor = target / scan.resolution
    return replace(scan, grey=scaled(scan.grey, factor), dpi=(target, target))


def scaled(grey: Grey, factor: float) -> Grey:
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    height, width = grey.shape
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return as_grey(cv2.resize(grey, size, interpolation=way))
