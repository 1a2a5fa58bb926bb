"""The separator sheet, to be printed and laid between letters before scanning."""

import io
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from ingest.channels.post.marks import NARROW, PATCH_T

_DPI = 300
_A4 = (2480, 3508)
_MARGIN = 0.5
"""Inches of white around the code."""


def separator_sheet(form: Literal["pdf", "png"] = "pdf") -> bytes:
    """An A4 page with the patch code T along its upper and lower edge, as a file."""
    page = Image.new("1", _A4, 1)
    draw = ImageDraw.Draw(page)
    for top in (_MARGIN, _A4[1] / _DPI - _MARGIN - _height()):
        _bars(draw, top)
    _words(draw)
    file = io.BytesIO()
    page.save(file, form, resolution=_DPI, dpi=(_DPI, _DPI))
    return file.getvalue()


def _height() -> float:
    return sum(PATCH_T) + NARROW * (len(PATCH_T) - 1)


def _bars(draw: ImageDraw.ImageDraw, top: float) -> None:
    for width in PATCH_T:
        box = (_MARGIN * _DPI, top * _DPI, _A4[0] - _MARGIN * _DPI - 1, (top + width) * _DPI - 1)
        draw.rectangle(box, fill=0)
        top += width + NARROW


def _words(draw: ImageDraw.ImageDraw) -> None:
    middle = _A4[0] / 2
    draw.text((middle, 1500), "AYIRICI SAYFA", 0, ImageFont.load_default(200), anchor="mm")
    draw.text(
        (middle, 1750), "SEPARATOR SHEET  -  PATCH T", 0, ImageFont.load_default(80), anchor="mm"
    )
