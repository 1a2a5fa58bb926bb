"""Ink that nobody read: rows of letters outside all words, read again one by one.

Tesseract drops a whole line when a signature or a stamp touches it, and now and then a line that
stands alone. The letters beside the signature are still there: a strip as high as they are cuts
most of the signature away, and reads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from normalizers.ocr.engine import OcrEngine, Word
from normalizers.pages import gate, strips
from normalizers.pages.scan import Grey, Scan
from normalizers.pages.strips import Strip

INK = 110
LETTER_HEIGHT = (0.035, 0.25)
LETTER_WIDTH = (0.01, 0.4)
"""Inches, from and to: what counts as a letter."""
GAP = 0.14
"""Inches between letters of one strip."""
LEAST_LETTERS = 3
MOST_STRIPS = 12
"""A page with more unread strips than this is a drawing or a form of rules."""
MARGIN = 0.03
"""Inches above and below the letters: accents."""
DOUBTED = 50.0
"""Words under this confidence do not count as read."""
BELIEVED = 60.0
"""Confidence from which a strip's reading is taken."""

Boxes = npt.NDArray[np.int32]
"""n x 4: left, top, width, height."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Letter-sized marks of a page, and which of them lie inside words."""

    boxes: Boxes
    read: npt.NDArray[np.bool_]

    def coverage(self) -> float:
        """Share that was read; 1 where there is too little to tell."""
        return float(self.read.mean()) if len(self.read) >= 30 else 1.0


def letters(scan: Scan, words: Sequence[Word]) -> Letters:
    """Find the letter-sized marks of a cleaned page."""
    _, stats, centres = _components(scan)
    boxes = np.asarray(stats[1:, : cv2.CC_STAT_AREA], np.int32)
    width, height = boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT]
    fits = _between(height, LETTER_HEIGHT, scan.resolution)
    fits &= _between(width, LETTER_WIDTH, scan.resolution)
    x, y = centres[1:][fits].astype(int).T
    return Letters(boxes[fits], _word_mask(scan.grey, words)[y, x])


@lru_cache(maxsize=1)
def _components(scan: Scan) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Labels, boxes and centres of the marks of a page. Asked for three times a page, and dear."""
    ink = (scan.grey < INK).astype(np.uint8)
    _, labels, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return labels, stats, centres


def _between(
    size: npt.NDArray[np.int32], inches: tuple[float, float], dpi: float
) -> npt.NDArray[np.bool_]:
    return (size > inches[0] * dpi) & (size < inches[1] * dpi)


def _word_mask(grey: Grey, words: Sequence[Word]) -> npt.NDArray[np.bool_]:
    mask = np.zeros(grey.shape, bool)
    for word in words:
        rows = slice(max(0, word.top - 2), word.bottom + 2)
        mask[rows, max(0, word.left - 2) : word.right + 2] = True
    return mask


def completed(scan: Scan, words: Sequence[Word], ocr: OcrEngine) -> list[Word]:
    """``words``, and what a second look at the unread strips adds or replaces.

    Raises: OcrFailed.
    """
    sure = [word for word in words if word.conf >= DOUBTED]
    found = letters(scan, sure)
    missed = list(_strips(scan, found.boxes[~found.read]))
    if len(missed) > MOST_STRIPS:
        return list(words)
    first = 1 + max((word.line for word in words), default=0)
    out = list(words)
    for number, (strip, read) in enumerate(
        zip(missed, _read(scan, missed, ocr), strict=True), first
    ):
        doubted = [word for word in out if word.conf < DOUBTED and _inside(word, strip)]
        if _is_better(read, doubted):
            out = [word for word in out if word not in doubted]
            line = _line_at(out, strip) or number
            out += [replace(word, line=line) for word in read]
    return out


def _read(scan: Scan, missed: Sequence[Strip], ocr: OcrEngine) -> list[list[Word]]:
    """What is believed of each strip: as it stands, or, where a pen crosses it, without the pen,
    whichever gives more. Letters that the pen touches go with it; the others are read."""
    crossed = [number for number, strip in enumerate(missed) if _is_crossed(scan, strip)]
    cleaned = without_pen(scan) if crossed else scan
    again = strips.read(cleaned, [missed[number] for number in crossed], ocr)
    best = [_believed(words) for words in strips.read(scan, missed, ocr)]
    for number, words in zip(crossed, again, strict=True):
        best[number] = max(best[number], _believed(words), key=_weight)
    return best


def _believed(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if word.conf >= DOUBTED]


def _weight(words: Sequence[Word]) -> float:
    return gate.confidence(words) * _characters(words)


def _is_crossed(scan: Scan, strip: Strip) -> bool:
    """Whether ink goes on above or below the strip: no letter of it does."""
    left, top, right, bottom = strip
    edges = scan.grey[[top, bottom - 1], left:right]
    return bool((edges < INK).any())


def without_pen(scan: Scan) -> Scan:
    """The page without marks that are higher than letters: signatures, frames, rules."""
    labels, stats, _ = _components(scan)
    tall = stats[:, cv2.CC_STAT_HEIGHT] > LETTER_HEIGHT[1] * scan.resolution
    tall[0] = False  # the paper
    pen = cv2.dilate(tall[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    grey = scan.grey.copy()
    grey[pen] = 255
    return scan.with_grey(grey)


def _is_better(new: Sequence[Word], old: Sequence[Word]) -> bool:
    """More certain, and not merely by reading less."""
    least = max(LEAST_LETTERS, 0.8 * _characters(old))
    return gate.confidence(new) >= BELIEVED and _characters(new) >= least


def _characters(words: Sequence[Word]) -> int:
    return sum(character.isalnum() for word in words for character in word.text)


def _line_at(words: Sequence[Word], strip: Strip) -> int | None:
    """The line that a strip was missing from: it begins before the strip, and goes on after it."""
    spans: dict[int, list[Word]] = {}
    for word in words:
        if word.top < (strip[1] + strip[3]) / 2 < word.bottom:
            spans.setdefault(word.line, []).append(word)
    for line, members in spans.items():
        if min(w.left for w in members) < strip[0] and max(w.right for w in members) > strip[2]:
            return line
    return None


def _strips(scan: Scan, boxes: Boxes) -> Iterator[Strip]:
    """Unread letters that stand side by side."""
    mask = np.zeros(scan.grey.shape, np.uint8)
    reach = int(GAP * scan.resolution)
    for left, top, width, height in boxes:
        mask[top : top + height, max(0, left - reach) : left + width + reach] = 1
    _, labels = cv2.connectedComponents(mask, connectivity=4)
    middle = (boxes[:, 1] + boxes[:, 3] // 2, boxes[:, 0] + boxes[:, 2] // 2)
    of = labels[middle]
    for label in np.unique(of):
        group = boxes[of == label]
        if len(group) >= LEAST_LETTERS:
            yield _around(scan, group)


def _around(scan: Scan, group: Boxes) -> Strip:
    margin = int(MARGIN * scan.resolution)
    top = int(np.percentile(group[:, 1], 25)) - margin
    bottom = int(np.percentile(group[:, 1] + group[:, 3], 75)) + margin
    left = int(group[:, 0].min()) - 2 * margin
    right = int((group[:, 0] + group[:, 2]).max()) + 2 * margin
    return max(0, left), max(0, top), min(scan.width, right), min(scan.height, bottom)


def _inside(word: Word, strip: Strip) -> bool:
    left, top, right, bottom = strip
    x, y = word.left + word.width / 2, word.top + word.height / 2
    return left <= x <= right and top - word.height <= y <= bottom + word.height
