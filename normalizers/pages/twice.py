"""Ink that was read twice.

Where the lines of a page are bent, one line's strip reaches into the next, and the same letters are
read as part of both. One reading is enough; and where it happened often, the order of the rows
cannot be trusted either.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from normalizers.ocr.engine import Word

SAME = 0.7
"""Share of the smaller of two boxes that both have, from which they hold the same letters."""


def once(words: Sequence[Word]) -> tuple[list[Word], float]:
    """``words`` without those that stand on the same ink as a surer one of another line, and the
    share of the characters that went."""
    same = _on_same_ink(words)
    kept = np.ones(len(words), np.bool_)
    for index in sorted(np.flatnonzero(same.any(axis=1)), key=lambda at: words[int(at)].conf):
        kept[index] = not (same[index] & kept).any()
    out = [word for word, stays in zip(words, kept, strict=True) if stays]
    characters = sum(len(word.text) for word in words)
    left = sum(len(word.text) for word in out)
    return out, 1 - left / characters if characters else 0.0


def _on_same_ink(words: Sequence[Word]) -> npt.NDArray[np.bool_]:
    """Each word against each. Words without a line (a fax's header) stand elsewhere."""
    boxes = np.array([(w.left, w.top, w.right, w.bottom) for w in words], float).reshape(-1, 4).T
    left, top, right, bottom = boxes
    line = np.array([word.line for word in words])
    width = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    height = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    area = (right - left) * (bottom - top)
    shared = width.clip(0) * height.clip(0) > SAME * np.minimum.outer(area, area)
    apart = np.not_equal.outer(line, line) & np.logical_and.outer(line >= 0, line >= 0)
    return np.asarray(shared & apart, np.bool_)
