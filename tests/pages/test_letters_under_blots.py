"""Blots are taken away before reading; what lay under them counts as not read."""

from collections.abc import Sequence

import numpy as np
import pytest
from peers.letter_images import page
from PIL import Image

from normalizers.ocr.engine import Word
from normalizers.ocr.null import Null
from normalizers.pages import blots, gate
from normalizers.pages.page import read_scan
from normalizers.pages.scan import Grey, Scan

DPI = 200
LINE = [Word("mektup", 100 + 100 * i, 100, 80, 20, 95.0, 1, 1) for i in range(10)]
"""Ten words in a row, from 100 to 1080 across and 100 to 120 down."""


def paper() -> Grey:
    return np.full((600, 1600), 255, np.uint8)


def scan(grey: Grey) -> Scan:
    return Scan(grey, (DPI, DPI))


def hidden(grey: Grey) -> float:
    return blots.hidden(scan(grey), blots.found(scan(grey)), LINE)


def blotted(left: int, top: int, side: int = 80) -> Grey:
    grey = paper()
    grey[top : top + side, left : left + side] = 20
    return grey


def test_white_paper_hides_nothing() -> None:
    assert hidden(paper()) == 0.0
    stained = scan(blotted(400, 70))
    assert blots.hidden(stained, blots.found(stained), []) == 0.0


def test_a_blot_over_one_word_of_ten_hides_a_tenth() -> None:
    assert hidden(blotted(400, 70)) == pytest.approx(0.1, abs=0.02)


def test_a_blot_where_a_line_may_have_begun_counts() -> None:
    assert hidden(blotted(60, 90, 36)) > 0.02


def test_a_blot_that_lies_in_no_line_hides_nothing() -> None:
    assert hidden(blotted(400, 300)) == 0.0
    assert hidden(blotted(1300, 70)) == 0.0


def test_a_blot_is_taken_away_and_what_stands_beside_it_stays() -> None:
    grey = blotted(400, 70)
    grey[100:120, 600:610] = 20  # an upright stroke
    cleaned = blots.without(scan(grey), blots.found(scan(grey))).grey
    assert (cleaned[70:150, 400:480] == 255).mean() > 0.98
    assert (cleaned[100:120, 600:610] == 20).all()


def test_strokes_and_rules_are_no_blots_however_long() -> None:
    grey = paper()
    grey[104:116, :] = 20  # a rule through the line, 1.5 mm thick
    grey[:, 300:312] = 20
    assert blots.found(scan(grey)) is None


def test_a_dark_bar_with_white_letters_is_left_as_it_is() -> None:
    grey = paper()
    grey[90:130, 100:900] = 20
    grey[100:120, 200:800:40] = 255
    assert blots.found(scan(grey)) is None


class Reader(Null):
    """Reads the line, whatever the image shows, and keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[Grey] = []

    def words(self, image: Image.Image, *, dpi: int) -> Sequence[Word]:
        self.shown.append(np.asarray(image))
        return [Word("Sayın", 190 + 120 * i, 195, 120, 50, 95.0, 1, 1) for i in range(8)]


def test_a_letter_under_blots_goes_to_a_person_however_sure_the_engine_is() -> None:
    grey = np.array(page([" ".join(["Sayın"] * 8)], dpi=DPI), np.uint8)
    assert read_scan(scan(grey), Reader()).doubtful < gate.MOST_DOUBTFUL
    for left in range(250, 1000, 150):
        grey[200:236, left : left + 36] = 20
    reader = Reader()
    assert read_scan(scan(grey), reader).doubtful > gate.MOST_DOUBTFUL
    assert (reader.shown[0][206:230, 256:280] > 200).all()
