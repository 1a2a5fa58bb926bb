"""Lost lines: what a bad telephone line garbled arrives as white rows through the letters."""

import numpy as np
import numpy.typing as npt

from normalizers.pages.scan import Grey

MOST_ROWS = 3
"""Rows lost together that are drawn again; more hide what was there."""

Black = npt.NDArray[np.bool_]


def healed(grey: Grey) -> Grey:
    """Strokes go on through rows that are white all across, where they do above and below. Rows
    between lines of text stay white: there nothing goes on. Before any rotation."""
    black = grey < 128
    gaps = _gaps(black)
    if not gaps:
        return grey
    out = grey.copy()
    for first, end in gaps:
        above, below = black[first - 1], black[end]
        out[first:end, (above & _wider(below)) | (below & _wider(above))] = 0
    return out


def _gaps(black: Black) -> list[tuple[int, int]]:
    """(first, end) of few white rows between rows with ink."""
    inked = np.flatnonzero(black.any(axis=1))
    first, end = inked[:-1] + 1, inked[1:]
    few = (end > first) & (end - first <= MOST_ROWS)
    return list(zip(first[few].tolist(), end[few].tolist(), strict=True))


def _wider(row: Black) -> Black:
    """A pixel to either side: strokes lean."""
    out = row.copy()
    out[1:] |= row[:-1]
    out[:-1] |= row[1:]
    return out
