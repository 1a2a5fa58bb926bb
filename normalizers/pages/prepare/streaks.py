"""Streaks: a dirty scanner glass draws one thin vertical line through the whole fax."""

import numpy as np
import numpy.typing as npt

from normalizers.pages.scan import Grey

MIN_SHARE = 0.45
"""Black share of a column from which it may be a streak; table rules are shorter."""
CONTRAST = 0.25
"""How much blacker than the columns beside it."""
MAX_WIDTH = 4
REACH = 8


def destreak(grey: Grey) -> Grey:
    """Whiten streaks, but not where strokes of letters cross them. Before any rotation."""
    black = grey < 128
    streaks = [group for group in _groups(_suspects(black)) if len(group) <= MAX_WIDTH]
    if not streaks:
        return grey
    out = grey.copy()
    for group in streaks:
        _erase(out, black, int(group[0]), int(group[-1]))
    return out


def _suspects(black: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    share = black.mean(axis=0)
    right, left = np.roll(share, -REACH), np.roll(share, REACH)
    return np.flatnonzero((share > MIN_SHARE) & (share > np.minimum(left, right) + CONTRAST))


def _groups(columns: npt.NDArray[np.intp]) -> list[npt.NDArray[np.intp]]:
    if not len(columns):
        return []
    return np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)


def _erase(out: Grey, black: npt.NDArray[np.bool_], first: int, last: int) -> None:
    first, last = max(0, first - 1), min(out.shape[1] - 1, last + 1)
    left = black[:, max(0, first - 2) : first].any(axis=1)
    right = black[:, last + 1 : last + 3].any(axis=1)
    out[~(left & right), first : last + 1] = 255
