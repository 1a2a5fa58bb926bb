"""Letters that were read as part of two lines stand in the text once."""

import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest
from peers.letter_images import page
from PIL import Image

from normalizers.ocr.engine import Word
from normalizers.ocr.null import Null
from normalizers.pages import gate, twice
from normalizers.pages.page import HEADER, read_scan
from normalizers.pages.scan import Scan


def word(text: str, left: int, line: int, conf: float = 95.0, top: int = 100) -> Word:
    return Word(text, left, top, 80, 30, conf, 1, line)


def test_of_two_words_on_the_same_ink_the_surer_one_stays() -> None:
    first, again, other = word("dosya", 100, 1), word("dosva", 104, 2, 70.0), word("no", 200, 2)
    kept, share = twice.once([first, again, other])
    assert kept == [first, other]
    assert share == pytest.approx(5 / 12)
    assert twice.once([again, other, first])[0] == [other, first]


def test_words_of_one_line_and_words_that_only_touch_all_stay() -> None:
    beside = [word("a", 100, 1), word("b", 104, 1), word("c", 100, 2, top=115)]
    assert twice.once(beside) == (beside, 0.0)
    assert twice.once([]) == ([], 0.0)


def test_the_header_of_a_turned_fax_stands_elsewhere() -> None:
    turned = [word("FAKS", 100, HEADER), word("Sayın", 100, 1)]
    assert twice.once(turned)[0] == turned


def test_a_plan_with_thousands_of_words_fits_into_memory() -> None:
    words = [word("oda", 100 * (i % 50), i // 50, top=40 * (i // 50)) for i in range(3000)]
    tracemalloc.start()
    kept, _ = twice.once([*words, word("oda", 102, 99, 50.0, top=41)])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert kept == words
    assert peak < 60_000_000


class Bent(Null):
    """Reads a line, and a piece of it again as a line of its own."""

    def words(self, image: Image.Image, *, dpi: int) -> Sequence[Word]:
        line = [Word("Sayın", 190 + 120 * i, 195, 120, 50, 95.0, 1, 1) for i in range(8)]
        return [*line, *(Word("Sayın", w.left, 199, 110, 46, 90.0, 1, 2) for w in line[:2])]


def test_a_page_whose_lines_were_read_twice_goes_to_a_person() -> None:
    grey = np.array(page([" ".join(["Sayın"] * 8)], dpi=200), np.uint8)
    read = read_scan(Scan(grey, (200, 200)), Bent())
    assert read.text == " ".join(["Sayın"] * 8)
    assert read.doubtful > gate.MOST_DOUBTFUL
