"""Words that the engine was unsure of are read again, with their neighbours, and only replaced by
something surer."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from normalizers.ocr.engine import Word
from normalizers.pages import doubt
from normalizers.pages.scan import Scan

SCAN = Scan(np.full((400, 1200), 255, np.uint8), (200, 200))


def line(*words: tuple[str, float], number: int = 1) -> list[Word]:
    return [
        Word(text, 100 * i, 60 * number, 80, 30, conf, 1, number)
        for i, (text, conf) in enumerate(words)
    ]


class Second:
    """Reads every strip as the given words, and remembers how wide the strips were."""

    name = "second"

    def __init__(self, *texts: str, conf: float = 95.0) -> None:
        self._words = [Word(text, 12 + 90 * i, 14, 70, 30, conf) for i, text in enumerate(texts)]
        self.widths: list[int] = []

    def words(self, image: Image.Image, *, dpi: int) -> Sequence[Word]:
        raise AssertionError("the page is not read again")

    def lines(self, images: Sequence[Image.Image], *, dpi: int) -> Sequence[Sequence[Word]]:
        self.widths += [image.width for image in images]
        return [self._words] * len(images)

    def orientation(self, image: Image.Image) -> int:
        return 0


def test_a_sure_page_is_left_alone() -> None:
    words = line(("Sayın", 96.0), ("Yetkili", 93.0))
    second = Second("never")
    assert doubt.settled(SCAN, words, second) == words
    assert not second.widths


def test_a_doubtful_word_is_read_with_its_neighbours_and_keeps_its_line() -> None:
    words = line(("bir", 96.0), ("iki", 96.0), ("uc", 40.0), ("dört", 96.0), ("beş", 96.0))
    second = Second("iki", "üç", "dört")
    settled = sorted(doubt.settled(SCAN, words, second), key=lambda word: word.left)
    assert [word.text for word in settled] == ["bir", "iki", "üç", "dört", "beş"]
    assert {word.line for word in settled} == {1}
    assert second.widths == [280 + 2 * 4 + 2 * 12]  # three words, margin, white


def test_nothing_less_sure_and_nothing_shorter_replaces_a_word() -> None:
    words = line(("iki", 96.0), ("uc", 80.0), ("dört", 96.0))
    assert doubt.settled(SCAN, words, Second("iki", "üç", "dört", conf=60.0)) == words
    assert doubt.settled(SCAN, words, Second("iki")) == words


def test_a_page_of_nothing_but_doubt_is_not_read_word_by_word() -> None:
    words = [word for number in range(1, 300) for word in line(("?x?", 10.0), number=number)]
    second = Second("never")
    assert doubt.settled(SCAN, words, second) == words
    assert not second.widths


def test_what_both_models_read_alike_is_believed_however_unsure_each_was() -> None:
    words = line(("iki", 96.0), ("Ozkanh", 30.0), ("dört", 96.0))
    same = doubt.settled(SCAN, words, Second("iki", "Ozkanh", "dört", conf=20.0))
    other = doubt.settled(SCAN, words, Second("iki", "Özkanlı", "dört", conf=20.0))
    assert {word.text: word.conf for word in same}["Ozkanh"] == doubt.AGREED
    assert {word.text: word.conf for word in other}["Ozkanh"] == 30.0
