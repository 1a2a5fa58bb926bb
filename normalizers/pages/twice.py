"""Ink that was read twice.

Where the lines of a page are bent, one line's strip reaches into the next, and the same letters are
read as part of both. One reading is enough; and where it happened often, the order of the rows
cannot be trusted either.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from normalizers.ocr.engine import Word

SAME = 0.7
"""Share of the smaller of two boxes that both have, from which they hold the same letters."""
AT_ONCE = 256
"""Words that are compared with all others at once: a plan of a whole wall has 10,000."""

Indices = npt.NDArray[np.intp]


def once(words: Sequence[Word]) -> tuple[list[Word], float]:
    """``words`` without those that stand on the same ink as a surer one of another line, and the
    share of the characters that went."""
    same = _on_same_ink(words)
    kept = np.ones(len(words), np.bool_)
    for index in sorted(same, key=lambda at: words[at].conf):
        kept[index] = not kept[same[index]].any()
    out = [word for word, stays in zip(words, kept, strict=True) if stays]
    characters = sum(len(word.text) for word in words)
    left = sum(len(word.text) for word in out)
    return out, 1 - left / characters if characters else 0.0


def _on_same_ink(words: Sequence[Word]) -> Mapping[int, Indices]:
    """The words that stand on the ink of others, by their place, and where those are. Words without
    a line (a fax's header) stand elsewhere."""
    boxes = np.array([(w.left, w.top, w.right, w.bottom) for w in words], float).reshape(-1, 4).T
    left, top, right, bottom = boxes
    line = np.array([word.line for word in words])
    area = (right - left) * (bottom - top)
    found: dict[int, Indices] = {}
    for start in range(0, len(words), AT_ONCE):
        of = slice(start, start + AT_ONCE)
        width = np.minimum.outer(right[of], right) - np.maximum.outer(left[of], left)
        height = np.minimum.outer(bottom[of], bottom) - np.maximum.outer(top[of], top)
        shared = width.clip(0) * height.clip(0) > SAME * np.minimum.outer(area[of], area)
        shared &= np.not_equal.outer(line[of], line)
        shared &= np.logical_and.outer(line[of] >= 0, line >= 0)
        for index in np.flatnonzero(shared.any(axis=1)):
            found[start + int(index)] = np.flatnonzero(shared[index])
    return found
