"""A page's words in rows, the doubted ones marked, and where they stand on the picture of it."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from normalizers.schema import Page, PlacedWord

DOUBTED = 70
"""Confidence under which a word is marked for a person to look at."""


class Shown(NamedTuple):
    """A word of the text: ``start`` and ``end`` in it, and its box in per mille of the picture."""

    text: str
    doubted: bool
    start: int
    end: int
    left: int
    top: int
    width: int
    height: int


def rows(page: Page) -> list[list[Shown]]:
    """The words of a page as its text has them, one row a line; empty where they have no places."""
    out, at = [], 0
    for _, words in groupby(page.words, key=lambda word: word.row):
        row = list(_row(words, at, page.rotation))
        at = row[-1].end + 1
        out.append(row)
    return out


def doubted(page: Page) -> list[Shown]:
    return [word for row in rows(page) for word in row if word.doubted]


def _row(words: Iterator[PlacedWord], at: int, turned: int) -> Iterator[Shown]:
    for word in words:
        left, top, right, bottom = (round(1000 * value) for value in _box(word, turned))
        end = at + len(word.text)
        place = left, top, max(right - left, 1), max(bottom - top, 1)
        yield Shown(word.text, word.conf < DOUBTED, at, end, *place)
        at = end + 1


def _box(word: PlacedWord, turned: int) -> tuple[float, float, float, float]:
    """The box after the picture was turned clockwise."""
    left, top, right, bottom = word.left, word.top, word.right, word.bottom
    if turned == 90:
        return 1 - bottom, left, 1 - top, right
    if turned == 180:
        return 1 - right, 1 - bottom, 1 - left, 1 - top
    if turned == 270:
        return top, 1 - right, bottom, 1 - left
    return left, top, right, bottom
