"""Each idea of preparation alone, on pages that show what it is for."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from peers.letter_images import LETTER, fax, page
from PIL import Image

from normalizers.ocr.engine import Word
from normalizers.ocr.null import Null
from normalizers.pages.page import read_scan
from normalizers.pages.prepare import (
    blank,
    borders,
    lost,
    pixels,
    sheet,
    skew,
    specks,
    streaks,
    turn,
    whiten,
)  # fmt: skip
from normalizers.pages.scan import Grey, Scan


def grey(image: Image.Image) -> Grey:
    return np.array(image.convert("L"), np.uint8)


def test_the_pixels_of_a_fax_become_square() -> None:
    scan = pixels.square(Scan(grey(fax()), (204, 98), bilevel=True))
    assert scan.dpi == (204, 204)
    assert scan.height == pytest.approx(11.69 * 204, abs=3)
    assert scan.width == 1728


@pytest.mark.parametrize(("height", "down"), [(1146, 98), (2292, 196)])
def test_a_fax_without_resolution_gets_that_of_its_class(height: int, down: float) -> None:
    scan = Scan(np.full((height, 1728), 255, np.uint8), (0, 0), bilevel=True)
    assert pixels.known(scan).dpi == (204, down)


def test_a_page_without_resolution_is_taken_for_a4() -> None:
    scan = pixels.known(Scan(grey(page(dpi=120)), (0, 0)))
    assert scan.resolution == pytest.approx(120, abs=1)


def test_specks_go_but_dots_of_letters_stay() -> None:
    sheet_ = np.full((60, 60), 255, np.uint8)
    sheet_[20:40, 20:23] = 0  # the stem of an i
    sheet_[15:17, 20:21] = 0  # its dot: two pixels
    sheet_[38:40, 26:27] = 0  # a full stop: two pixels
    sheet_[50:52, 50:51] = 0  # a speck
    clean = specks.despeckle(sheet_)
    assert (clean[15:17, 20] == 0).all()
    assert (clean[38:40, 26] == 0).all()
    assert (clean[50:52, 50] == 255).all()


def test_a_streak_goes_and_the_letters_it_crosses_stay() -> None:
    sheet_ = grey(page(dpi=100))
    sheet_[:, 400:402] = 0
    sheet_[300:304, 380:420] = 0
    clean = streaks.destreak(sheet_)
    assert (clean[600:, 400:402] == 255).all()
    assert (clean[300:304, 380:420] == 0).all()


def test_rows_that_were_lost_are_drawn_again_where_strokes_go_on() -> None:
    whole = grey(fax(lines_per_inch=196))
    garbled = whole.copy()
    for row in range(5, whole.shape[0] - 5, 7):
        garbled[row : row + 2] = 255
    back = lost.healed(garbled)
    missing, wrong = (garbled != whole).sum(), (back != whole).sum()
    assert wrong < 0.5 * missing  # level strokes of two rows are gone for good


def test_rows_between_lines_of_text_stay_white() -> None:
    sheet_ = np.full((60, 60), 255, np.uint8)
    sheet_[10:20, 10:20] = 0  # a letter
    sheet_[23:30, 30:40] = 0  # one of the next line, three rows below
    assert (lost.healed(sheet_) == sheet_).all()
    sheet_[24:29, 30:40] = 255  # five rows: nobody knows what stood there
    assert (lost.healed(sheet_) == sheet_).all()


def test_dark_edges_become_white() -> None:
    sheet_ = grey(page(dpi=100))
    sheet_[:, -20:] = 40
    sheet_[:10] = 60
    assert borders.without_borders(sheet_, 100)[:, -20:].min() == 255


@pytest.mark.parametrize("angle", [-2.5, 0.0, 1.2])
def test_skew_is_measured_to_a_tenth_of_a_degree(angle: float) -> None:
    turned = grey(page(dpi=150).rotate(-angle, fillcolor=255))
    assert skew.skew(turned, 150) == pytest.approx(angle, abs=0.15)


def test_sideways_pages_are_told_from_upright_ones() -> None:
    upright = grey(page(dpi=100))
    assert not turn.sideways(upright, 100)
    assert turn.sideways(np.ascontiguousarray(upright.T), 100)


def test_pages_upside_down_are_told_from_upright_ones() -> None:
    upright = grey(page(dpi=200))
    assert not turn.upside_down(upright, 200)
    assert turn.upside_down(np.ascontiguousarray(upright[::-1, ::-1]), 200)
    assert not turn.upside_down(np.full((2000, 1500), 255, np.uint8), 200)


def test_pale_print_on_shaded_paper_becomes_black_on_white() -> None:
    sheet_ = grey(page(dpi=150, ink=200)).astype(np.float32)
    shade = np.linspace(0.6, 1.0, sheet_.shape[1], dtype=np.float32)
    white = whiten.whiten(whiten.blur((sheet_ * shade).astype(np.uint8), 0.8), 150)
    assert np.percentile(white, 50) == 255
    assert white.min() < 40


def test_print_from_a_worn_ribbon_is_made_thicker_and_no_other() -> None:
    worn = np.array(page(LETTER * 3, dpi=200, ink=165), np.uint8)
    thick = whiten.thickened(worn)
    assert (thick < 200).sum() > 1.2 * (worn < 200).sum()
    for ink in (0, 220):  # black print, and print so pale that its paper is as rough
        other = np.array(page(LETTER * 3, dpi=200, ink=ink), np.uint8)
        assert whiten.thickened(other) is other


@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_an_empty_sheet_has_no_letters(noise: float) -> None:
    chance = np.random.default_rng(1)
    empty = np.clip(235 + noise * chance.standard_normal((1650, 1275)), 0, 255).astype(np.uint8)
    assert blank.marks(empty, 150).letters < 8
    assert blank.marks(grey(page(dpi=150)), 150).letters > 100


def test_the_sheet_on_a_dark_table_is_found_and_straightened() -> None:
    paper = grey(page(dpi=100))
    height, width = paper.shape
    corners = np.array([[90, 60], [850, 110], [880, 1240], [60, 1200]], np.float32)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    table = cv2.warpPerspective(
        paper, cv2.getPerspectiveTransform(flat, corners), (950, 1300), borderValue=70
    )
    found = sheet.find_sheet(np.asarray(table, np.uint8))
    assert found is not None
    assert np.abs(found - corners).max() < 12


class Asked(Null):
    """Remembers at which resolution a page was to be read."""

    def __init__(self) -> None:
        self.dpi: list[int] = []

    def words(self, image: Image.Image, *, dpi: int) -> Sequence[Word]:
        self.dpi.append(dpi)
        return super().words(image, dpi=dpi)


@pytest.mark.parametrize("said", [0.0, 72.0, 96.0])
def test_a_photograph_is_cut_down_to_its_sheet_whatever_resolution_it_claims(said: float) -> None:
    paper = grey(page(dpi=200))
    table = np.pad(paper, ((150, 170), (120, 130)), constant_values=70)
    engine = Asked()
    read_scan(Scan(table, (said, said)), engine)
    assert engine.dpi[0] == pytest.approx(200, abs=4)


def test_no_sheet_is_found_on_a_page_that_fills_the_picture() -> None:
    assert sheet.find_sheet(grey(page(dpi=100))) is None


@pytest.mark.parametrize("shape", [(30_000, 2), (30_000, 40), (40, 30_000)])
def test_no_sheet_is_found_in_a_strip(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    assert sheet.find_sheet(noise) is None


def test_a_long_picture_of_a_screen_is_not_blank() -> None:
    letter = grey(page(dpi=100))
    rolled = np.vstack([letter] + [np.full_like(letter, 255)] * 11)
    seen = blank.marks(rolled, 100)
    assert seen.letters > 0.8 * blank.marks(letter, 100).letters
    assert seen.ink


@pytest.mark.parametrize("dpi", [(60.0, 2400.0), (2400.0, 60.0), (31.0, 31.0)])
def test_a_resolution_that_cannot_be_true_does_not_blow_the_page_up(
    dpi: tuple[float, float],
) -> None:
    for width in (1700, 1728):
        scan = pixels.known(Scan(np.full((2200, width), 255, np.uint8), dpi, bilevel=True))
        assert pixels.square(scan).grey.size < 3 * 2200 * width


def test_a_page_is_enlarged_only_as_far_as_memory_allows() -> None:
    poster = Scan(np.full((3000, 2400), 255, np.uint8), (60.0, 60.0), bilevel=True)
    assert pixels.enlarged(poster, 225.0).grey.size <= pixels.MOST_ENLARGED
    small = Scan(np.full((600, 480), 255, np.uint8), (60.0, 60.0), bilevel=True)
    assert pixels.enlarged(small, 225.0).resolution == 225.0
