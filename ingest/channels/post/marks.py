"""What a page is in a stack of letters: a page, an empty one, or a separator sheet.

The separator is the patch code T, which scan stations print and many scanners know: four black
bars, narrow and wide, 0.08 and 0.20 inch, 0.08 inch apart, 0.80 inch in all (Kodak publication
A-61599). It is found by projection, without OCR: in narrow strips across the page the bars are
runs of black of known length. T reads narrow-wide-narrow-wide; turned upside down it reads as
patch 3, the sign for a new batch, so both count.

A page taken for a separator by mistake would be lost to its letter. So the bars must be solid,
of the right measure, and at least two inches long.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from PIL import Image

PageKind = Literal["page", "blank", "separator"]

SHORT_SIDE = 827
"""Pixels of the shorter side of a page when it is looked at: A4 at 100 dpi."""

NARROW, WIDE = 0.08, 0.20
"""Inches: bars and the spaces between them (spaces are narrow)."""

PATCH_T = (NARROW, WIDE, NARROW, WIDE)

_DPI = 100
_STRIPS = 16
"""Strips across the page, half an inch each: at a skew of 3 degrees a bar moves by a third of a
narrow bar within one."""
_STRIPS_ALIKE = 4
"""Neighbouring strips that must show the code: two inches, the shortest bar that is allowed."""
_BLACK = 96
"""Mean grey of a strip's line up to which it counts as part of a bar; text is far lighter."""
_TOLERANCE = 0.035
"""Inches by which a bar or space may differ: print and scan blur, half of what tells them apart."""

_CELL = 8
_INK = 25
"""Grey levels below the paper at which a cell of 8 by 8 pixels holds a stroke, not a speck."""
_BLANK_CELLS = 3
"""Cells with ink that an empty page may have. "Ek: 1" in ten points has four or five, a signature
dozens, two thousand specks of dust none."""
_MARGIN = 0.08
"""Share of the page at each edge where shadows, staples and punch holes are."""


def kind_of(page: Image.Image) -> PageKind:
    """``page``: grey (mode L), shorter side :data:`SHORT_SIDE` pixels; see :func:`prepared`."""
    if is_separator(page):
        return "separator"
    return "blank" if is_blank(page) else "page"


def prepared(page: Image.Image, dpi: tuple[float, float] = (1, 1)) -> Image.Image:
    """A page as :func:`kind_of` wants it. ``dpi`` squares the pixels of a fax-like scan."""
    grey = page.convert("L")
    width, height = grey.width / (dpi[0] or 1), grey.height / (dpi[1] or 1)
    scale = SHORT_SIDE / min(width, height)
    longest = 4 * SHORT_SIDE  # a till roll is no separator; do not blow it up
    size = (min(round(width * scale), longest), min(round(height * scale), longest))
    return grey.resize(size, Image.Resampling.BOX)


def is_separator(page: Image.Image) -> bool:
    """Whether the page carries a patch T, upright or turned by 90, 180 or 270 degrees."""
    lying = page.resize((_STRIPS, page.height), Image.Resampling.BOX)
    standing = page.resize((page.width, _STRIPS), Image.Resampling.BOX).transpose(
        Image.Transpose.TRANSPOSE
    )
    return _has_code(lying) or _has_code(standing)


def is_blank(page: Image.Image) -> bool:
    """Whether nothing is written on the page; specks, shadows and show-through do not count."""
    x, y = round(page.width * _MARGIN), round(page.height * _MARGIN)
    inner = page.crop((x, y, page.width - x, page.height - y))
    cells = inner.resize((inner.width // _CELL, inner.height // _CELL), Image.Resampling.BOX)
    paper = _paper(cells)
    inked = sum(cells.histogram()[: max(0, paper - _INK)])
    return inked <= _BLANK_CELLS


def _paper(cells: Image.Image) -> int:
    """The grey that most of the page has or exceeds."""
    half, counted = cells.width * cells.height // 2, 0
    for grey, count in enumerate(cells.histogram()):
        counted += count
        if counted > half:
            return grey
    return 255


def _has_code(strips: Image.Image) -> bool:
    """``strips``: one column each. Whether enough neighbours show the code."""
    alike = 0
    for column in range(strips.width):
        line = strips.crop((column, 0, column + 1, strips.height)).tobytes()
        alike = alike + 1 if any(_codes(line)) else 0
        if alike >= _STRIPS_ALIKE:
            return True
    return False


def _codes(line: bytes) -> Iterator[bool]:
    """For each four bars in a row: whether they are a patch T."""
    runs = [(black, len(list(run))) for black, run in groupby(line, lambda grey: grey <= _BLACK)]
    for start in range(len(runs) - 6):
        if runs[start][0]:
            lengths = [length / _DPI for _, length in runs[start : start + 7]]
            yield _is_code(lengths[::2], lengths[1::2])


def _is_code(bars: list[float], spaces: list[float]) -> bool:
    if not all(_near(space, NARROW) for space in spaces):
        return False
    return any(
        all(_near(bar, wanted) for bar, wanted in zip(bars, code, strict=True))
        for code in (PATCH_T, PATCH_T[::-1])
    )


def _near(length: float, wanted: float) -> bool:
    return abs(length - wanted) <= _TOLERANCE
