"""What lies under a blot was not read: around it everything is sure, so the blots are counted."""

import numpy as np
import pytest

from normalizers.ocr.engine import Word
from normalizers.pages import blots
from normalizers.pages.scan import Grey, Scan

DPI = 200
LINE = [Word("mektup", 100 + 100 * i, 100, 80, 20, 95.0, 1, 1) for i in range(10)]
"""Ten words in a row, from 100 to 1080 across and 100 to 120 down."""


def paper() -> Grey:
    return np.full((600, 1600), 255, np.uint8)


def hidden(grey: Grey) -> float:
    return blots.hidden(Scan(grey, (DPI, DPI)), LINE)


def blotted(left: int, top: int, side: int = 80) -> Grey:
    grey = paper()
    grey[top : top + side, left : left + side] = 20
    return grey


def test_white_paper_hides_nothing() -> None:
    assert hidden(paper()) == 0.0
    assert blots.hidden(Scan(blotted(400, 70), (DPI, DPI)), []) == 0.0


def test_a_blot_over_one_word_of_ten_hides_a_tenth() -> None:
    assert hidden(blotted(400, 70)) == pytest.approx(0.1, abs=0.02)


def test_a_blot_where_a_line_may_have_begun_counts() -> None:
    assert hidden(blotted(60, 90, 36)) > 0.02


def test_a_blot_that_lies_in_no_line_hides_nothing() -> None:
    assert hidden(blotted(400, 300)) == 0.0
    assert hidden(blotted(1300, 70)) == 0.0


def test_strokes_and_rules_are_no_blots_however_long() -> None:
    grey = paper()
    grey[104:116, :] = 20  # a rule through the line, 1.5 mm thick
    grey[:, 300:312] = 20
    assert hidden(grey) == 0.0


def test_pale_ink_hides_nothing_that_whitening_has_not_taken_away() -> None:
    grey = paper()
    grey[70:150, 400:480] = 160
    assert hidden(grey) == 0.0
