"""Separator sheets and empty pages, as scanners see them."""

import io
import random

import pytest
from PIL import Image, ImageDraw, ImageFilter
from spool_tools import SAMPLES

from ingest.channels.post.marks import NARROW, WIDE, is_blank, is_separator, kind_of, prepared
from ingest.channels.post.sheet import separator_sheet


def sheet() -> Image.Image:
    return Image.open(io.BytesIO(separator_sheet("png"))).convert("L")


def scanned(page: Image.Image, *, skew: float = 0.0, noise: int = 0) -> Image.Image:
    """Askew, soft, dusty, on greyish paper."""
    page = page.resize((1240, 1754)).point(lambda grey: 40 + grey * 180 // 255)
    page = page.rotate(skew, Image.Resampling.BICUBIC, fillcolor=220)
    page = page.filter(ImageFilter.GaussianBlur(1.2))
    dust, draw = random.Random(7), ImageDraw.Draw(page)
    for _ in range(noise):
        x, y = dust.randrange(page.width), dust.randrange(page.height)
        draw.ellipse((x, y, x + 2, y + 2), fill=60)
    return page


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-2.5, 0.0, 1.0, 2.5])
def test_a_separator_sheet_is_known_however_it_lies(turn: int, skew: float) -> None:
    page = scanned(sheet(), skew=skew, noise=200).rotate(turn, expand=True)
    assert kind_of(prepared(page)) == "separator"


def test_a_separator_sheet_of_another_maker_is_known() -> None:
    """A code of two and a half inches in a corner, as scan stations print it."""
    page = Image.new("L", (2480, 3508), 255)
    draw, top = ImageDraw.Draw(page), 0.4
    for width in (NARROW, WIDE, NARROW, WIDE):
        draw.rectangle((1500, top * 300, 1500 + 750, (top + width) * 300), fill=0)
        top += width + NARROW
    assert is_separator(prepared(page))


def test_bars_with_wide_spaces_are_no_separator() -> None:
    page = Image.new("L", (2480, 3508), 255)
    draw, top = ImageDraw.Draw(page), 0.5
    for width in (NARROW, WIDE, NARROW, WIDE):
        draw.rectangle((150, top * 300, 2330, (top + width) * 300), fill=0)
        top += width + WIDE
    assert not is_separator(prepared(page))


def test_a_fax_like_scan_of_a_separator_is_known() -> None:
    page = sheet().resize((1728, 1146))
    assert is_separator(prepared(page, (204, 98)))


@pytest.mark.parametrize("bars", [(WIDE, NARROW, NARROW, WIDE), (NARROW,) * 4, (WIDE,) * 4])
def test_other_codes_are_no_separators(bars: tuple[float, ...]) -> None:
    page = Image.new("L", (2480, 3508), 255)
    draw, top = ImageDraw.Draw(page), 0.5
    for width in bars:
        draw.rectangle((150, top * 300, 2330, (top + width) * 300), fill=0)
        top += width + NARROW
    assert not is_separator(prepared(page))


@pytest.mark.parametrize("name", ["fax/kasko-odeme.tif", "fax/tesekkur.tif", "post/kvkk.tif",
                                  "post/saglik-itiraz.jpg"])  # fmt: skip
def test_a_letter_is_neither_separator_nor_empty(name: str) -> None:
    page = Image.open(SAMPLES / name)
    for turn in (0, 90, 180):
        assert kind_of(prepared(page.convert("L").rotate(turn, expand=True))) == "page"


def test_a_form_full_of_lines_is_no_separator() -> None:
    page = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(page)
    for y in range(100, 2300, 48):
        draw.line((80, y, 1570, y), 0, 4)
    for x in range(100, 1600, 300):
        draw.line((x, 80, x, 2250), 0, 4)
    assert kind_of(prepared(page)) == "page"


def test_an_empty_page_with_dust_shadow_and_holes_is_empty() -> None:
    page = scanned(Image.new("L", (1240, 1754), 255), noise=1000)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 25, 1754), fill=20)  # the shadow of the edge
    for middle in (640, 1120):  # punch holes, 6 mm wide, 12 mm from the edge
        draw.ellipse((53, middle, 89, middle + 36), fill=30)
    assert is_blank(prepared(page))


def test_show_through_is_no_writing() -> None:
    page = Image.open(SAMPLES / "post/kvkk.tif").convert("L").point(lambda grey: 235 + grey // 20)
    assert is_blank(prepared(page))


def test_a_page_with_nothing_but_a_signature_is_not_empty() -> None:
    page = Image.new("L", (1654, 2339), 255)
    points = [(900 + 12 * n, 1800 + (n * 37) % 60) for n in range(25)]
    ImageDraw.Draw(page).line(points, 40, 5)
    assert not is_blank(prepared(scanned(page)))


def test_a_page_with_one_line_is_not_empty() -> None:
    page = Image.new("L", (2480, 3508), 255)
    ImageDraw.Draw(page).text((300, 400), "Ek: 1", 0, font_size=42)
    assert not is_blank(prepared(page))
