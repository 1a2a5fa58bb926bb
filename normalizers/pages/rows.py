"""Words back into rows.

Tesseract reads blocks: of a letterhead, a list of keys and values or a table it gives first the
left column, then the right. A letter is read in rows, so lines that stand side by side are joined
again by where they are, except in text that is really set in two columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median

from normalizers.ocr.engine import Word

OVERLAP = 0.45
"""Share of the lower line's height by which two lines of one row overlap at least."""
COLUMN_SHARE = 0.33
"""Width, as a share of the text's, from which a line may be one of running text in columns."""
RULES = "|¦"
"""The upright rules of a table, which the engine gives as words. As text they would be taken for
a digit 1 in front of the amount beside them."""
LIKE_RULES = frozenset("lIıi1!/\\[](){}")
"""What a rule is taken for, too: then it is higher than the words of its page ..."""
HIGHER = 1.4
"""... by this factor at least; brackets and capitals are not."""
COLUMN_ROWS = 6
"""Pairs of such lines side by side that make two columns."""


@dataclass(slots=True)
class Line:
    """Words that the engine holds for one line, with the box of its small letters."""

    words: list[Word] = field(default_factory=list)
    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        return self.right - self.left

    def beside(self, other: "Line", slack: float = 0.0) -> bool:
        """Same height on the page, and not one over the other."""
        overlap = min(self.bottom, other.bottom) - max(self.top, other.top)
        apart = self.right <= other.left + slack or other.right <= self.left + slack
        return apart and overlap > OVERLAP * min(self.height, other.height)


def in_rows(words: Sequence[Word]) -> list[list[Word]]:
    """The words of a page in the order of reading, row by row."""
    lines = lines_of(without_rules(words))
    if not lines or in_columns(lines):
        return [line.words for line in lines]
    return [[word for line in row for word in line.words] for row in _rows(lines)]


def text_of(rows: Sequence[Sequence[Word]]) -> str:
    """The text of a page, one row a line."""
    return "\n".join(" ".join(word.text for word in row) for row in rows)


def without_rules(words: Sequence[Word]) -> list[Word]:
    """The words that are text."""
    usual = median(word.height for word in words) if words else 0
    return [word for word in words if word.text.strip(RULES) and not _is_rule(word, usual)]


def _is_rule(word: Word, usual: float) -> bool:
    return word.text in LIKE_RULES and word.height > HIGHER * usual and word.height > 3 * word.width


def lines_of(words: Sequence[Word]) -> list[Line]:
    """The engine's lines, with their boxes."""
    by_number: dict[int, list[Word]] = {}
    for word in words:
        by_number.setdefault(word.line, []).append(word)
    return [_line(found) for found in by_number.values()]


def _line(words: list[Word]) -> Line:
    """Medians, not extremes: one bracket or speck must not make the line tall."""
    half = median(word.height for word in words) / 2
    middle = median(word.top + word.height / 2 for word in words)
    left, right = min(word.left for word in words), max(word.right for word in words)
    return Line(
        sorted(words, key=lambda word: word.left), left, right, middle - half, middle + half
    )


def in_columns(lines: Sequence[Line]) -> bool:
    """Whether most lines that stand side by side are wide: running text in two columns."""
    width = max(line.right for line in lines) - min(line.left for line in lines) + 1
    pairs = [(a, b) for a, b in combinations(lines, 2) if a.beside(b, 2)]
    wide = sum(min(a.width, b.width) > COLUMN_SHARE * width for a, b in pairs)
    return wide >= COLUMN_ROWS and wide > 0.5 * len(pairs)


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    slack = 0.5 * median(line.height for line in lines)
    rows: list[list[Line]] = []
    waiting = sorted(lines, key=lambda line: line.middle)
    while waiting:
        row = [waiting[0]]
        for line in waiting[1:]:
            if row[0].beside(line, slack) and all(line.beside(r, slack) for r in row):
                row.append(line)
        taken = {id(line) for line in row}
        waiting = [line for line in waiting if id(line) not in taken]
        rows.append(sorted(row, key=lambda line: line.left))
    return sorted(rows, key=lambda row: sum(line.middle for line in row) / len(row))
