"""The words of a text layer, where they stand on the page: as those that were read, so that a page
can be shown with its text over it whatever the text came from."""

import ctypes
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from normalizers.pages.layer import tidy
from normalizers.pages.scan import Box
from normalizers.schema import PlacedWord

MOST_CHARACTERS = 50_000
"""A page with more is no letter: it keeps its text, and its words have no places."""
FINE = 10_000
"""Steps that a page is divided into, across and down."""
SURE = 100
"""Confidence of a word that nobody had to read."""


class Character(NamedTuple):
    """``box`` in points of the page, left, bottom, right, top; None where none was drawn."""

    text: str
    box: Box | None


def placed(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> tuple[PlacedWord, ...]:
    """Row by row, in the order of the layer; none where there are too many."""
    count = textpage.count_chars()
    if count > MOST_CHARACTERS:
        return ()
    characters = [_character(textpage, index) for index in range(count)]
    return tuple(
        PlacedWord(text, number, *on_page(page, box), SURE)
        for number, row in enumerate(in_rows(characters), 1)
        for text, box in row
    )


def text_of(words: Sequence[PlacedWord]) -> str:
    """The text of a page that is made of ``words``."""
    rows = groupby(words, key=lambda word: word.row)
    return "\n".join(" ".join(word.text for word in row) for _, row in rows)


def in_rows(characters: Sequence[Character]) -> list[list[tuple[str, Box]]]:
    """Words with their boxes: characters between white space, rows between line ends."""
    lines = groupby(characters, key=lambda character: character.text == "\n")
    rows = [list(_words(list(line))) for is_end, line in lines if not is_end]
    return [row for row in rows if row]


def _words(line: Sequence[Character]) -> Iterator[tuple[str, Box]]:
    for is_space, run in groupby(line, key=lambda character: character.text.isspace()):
        word = list(run)
        text = tidy("".join(character.text for character in word))
        if text and not is_space:
            yield text, _around([character.box for character in word if character.box])


def _around(boxes: Sequence[Box]) -> Box:
    if not boxes:
        return 0.0, 0.0, 0.0, 0.0
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _character(textpage: pdfium.PdfTextPage, index: int) -> Character:
    code = pdfium_c.FPDFText_GetUnicode(textpage.raw, index)
    box = pdfium_c.FS_RECTF()
    drawn = pdfium_c.FPDFText_GetLooseCharBox(textpage.raw, index, box) and box.right > box.left
    return Character(chr(code), (box.left, box.bottom, box.right, box.top) if drawn else None)


def on_page(page: pdfium.PdfPage, box: Box) -> Box:
    """Fractions of the page as one sees it, turned and cut as it says."""
    x, y = zip(*(_seen(page, box[i], box[j]) for i, j in ((0, 1), (2, 3))), strict=True)
    return min(x), min(y), max(x), max(y)


def _seen(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, FINE, FINE, 0, x, y, across, down)
    return _fraction(across.value), _fraction(down.value)


def _fraction(steps: int) -> float:
    return min(max(steps / FINE, 0.0), 1.0)
