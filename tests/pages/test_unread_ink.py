"""Rows of letters that the engine left out are read again, one by one."""

from collections.abc import Sequence

import numpy as np
from peers.letter_images import LETTER, page
from PIL import Image, ImageDraw

from normalizers.ocr.engine import Word
from normalizers.pages import rows, unread
from normalizers.pages.scan import Scan

DPI = 200
SCAN = Scan(np.array(page(dpi=DPI), np.uint8), (DPI, DPI))


def row_word(row: int, *, conf: float = 95.0) -> Word:
    """One line of the letter as one wide word."""
    top = int(DPI + row * DPI * 0.32)
    inked = np.flatnonzero((SCAN.grey[top : top + 40] < 128).any(axis=0))
    return Word(LETTER[row], DPI - 2, top, int(inked[-1]) - DPI + 6, 40, conf, 1, row + 1)


class Strips:
    """An engine that reads every strip as the same words, and remembers how high they were."""

    name = "strips"

    def __init__(self, *texts: str, conf: float = 90.0) -> None:
        self._words = [
            Word(text, 20 + 60 * i, 14, 50, 20, conf, 1, 1) for i, text in enumerate(texts)
        ]
        self.heights: list[int] = []

    def words(self, image: Image.Image, *, dpi: int) -> Sequence[Word]:
        raise AssertionError("the page is not read again")

    def lines(self, images: Sequence[Image.Image], *, dpi: int) -> Sequence[Sequence[Word]]:
        self.heights += [image.height for image in images]
        return [self._words] * len(images)

    def orientation(self, image: Image.Image) -> int:
        return 0


def test_a_line_that_was_left_out_is_read_and_takes_its_place() -> None:
    words = [row_word(row) for row in range(len(LETTER)) if row != 4]
    ocr = Strips("Aracımın", "onarım", "bedeli")
    text = rows.text_of(rows.in_rows(unread.completed(SCAN, words, ocr))).splitlines()
    assert text[3:6] == [LETTER[3], "Aracımın onarım bedeli", LETTER[5]]
    assert len(text) == len(LETTER)
    assert max(ocr.heights) < 0.32 * DPI  # a strip, not a block: that cuts signatures away


def signed() -> Scan:
    """The letter with a pen stroke through its last line."""
    sheet = page(dpi=DPI)
    top = DPI + 8 * DPI * 0.32
    pen = ImageDraw.Draw(sheet)
    pen.line([(DPI - 20, top + 60), (DPI + 60, top - 50), (DPI + 160, top + 70)], fill=0, width=4)
    return Scan(np.array(sheet, np.uint8), (DPI, DPI))


class SeesInk:
    """An engine that reads a strip by how much ink is on it: little where the pen is gone."""

    name = "sees-ink"

    def words(self, image: Image.Image, *, dpi: int) -> Sequence[Word]:
        raise AssertionError("the page is not read again")

    def lines(self, images: Sequence[Image.Image], *, dpi: int) -> Sequence[Sequence[Word]]:
        inked = [int((np.asarray(image) < 128).any(axis=0).sum()) for image in images]
        self.least = min([*inked, getattr(self, "least", 10_000)])
        texts = ["Ayşe ÖRNEKOĞLU" if ink == self.least else "Mesan" for ink in inked]
        return [[Word(text, 20, 14, 50, 20, 90.0, 1, 1)] for text in texts]

    def orientation(self, image: Image.Image) -> int:
        return 0


def test_a_line_under_a_signature_is_read_without_the_pen() -> None:
    words = [row_word(row) for row in range(len(LETTER)) if row != 8]
    read = unread.completed(signed(), words, SeesInk())
    assert read[-1].text == "Ayşe ÖRNEKOĞLU"


def test_the_pen_goes_and_the_letters_beside_it_stay() -> None:
    scan = signed()
    cleaned = unread.without_pen(scan).grey
    assert (cleaned < 128).sum() < (scan.grey < 128).sum()
    assert np.array_equal(cleaned[: DPI + 400], scan.grey[: DPI + 400])


def test_a_page_that_was_read_is_not_read_again() -> None:
    ocr = Strips("never")
    words = [row_word(row) for row in range(len(LETTER))]
    assert unread.completed(SCAN, words, ocr) == words
    assert not ocr.heights


def test_a_doubtful_word_is_replaced_by_a_better_reading_of_the_same_length() -> None:
    words = [row_word(row) for row in range(len(LETTER)) if row != 8] + [row_word(8, conf=20.0)]
    read = unread.completed(SCAN, words, Strips("Ayşe", "ÖRNEKOĞLU"))
    assert [word.text for word in read[-2:]] == ["Ayşe", "ÖRNEKOĞLU"]
    assert row_word(8, conf=20.0) not in read


def test_a_doubtful_word_stays_where_less_was_read_again_or_nothing_surer() -> None:
    words = [row_word(row) for row in range(len(LETTER)) if row != 8] + [row_word(8, conf=20.0)]
    assert unread.completed(SCAN, words, Strips("Ayşe")) == words
    assert unread.completed(SCAN, words, Strips("Ayşe", "ÖRNEKOĞLU", conf=55.0)) == words


def test_a_drawing_full_of_marks_is_left_alone() -> None:
    many = Scan(np.array(page(LETTER * 3, dpi=DPI), np.uint8), (DPI, DPI))
    ocr = Strips("never")
    assert unread.completed(many, [row_word(0)], ocr) == [row_word(0)]
    assert not ocr.heights
