"""Where two texts differ, word by word, for people who have to see it at a glance. Pure.

Words are compared folded: capitals, Turkish letters typed without their marks and the punctuation
around a word are no difference. Both texts are bounded before they are compared.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from normalizers.text.turkish import fold

LONGEST = 20_000
"""Characters of a text that are compared; what stands behind them is shown, and not marked."""

_PARTS = re.compile(r"\s+|\S+")
_AROUND = ".,;:!?…\"'“”‘’()[]«»-–—"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text. ``differs``: the other text does not have it there."""

    text: str
    differs: bool = False


def differences(a: str, b: str) -> tuple[list[Stretch], list[Stretch]]:
    """Both texts whole, in stretches that agree and stretches that do not."""
    mine, theirs = _PARTS.findall(a[:LONGEST]), _PARTS.findall(b[:LONGEST])
    words = [[i for i, part in enumerate(one) if not part.isspace()] for one in (mine, theirs)]
    keys = [
        [_key(parts[i]) for i in places]
        for parts, places in zip((mine, theirs), words, strict=True)
    ]
    only: tuple[set[int], set[int]] = (set(), set())
    for step in Indel.opcodes(*keys):
        if step.tag != "equal":
            only[0].update(words[0][step.src_start : step.src_end])
            only[1].update(words[1][step.dest_start : step.dest_end])
    return _stretches(mine, only[0], a[LONGEST:]), _stretches(theirs, only[1], b[LONGEST:])


def _key(word: str) -> str:
    return fold(word).strip(_AROUND) or word


def _stretches(parts: Sequence[str], only: set[int], rest: str) -> list[Stretch]:
    """Neighbours of one kind as one; the blank between two that differ goes with them."""
    marks = [i in only for i in range(len(parts))]
    for i, part in enumerate(parts[1:-1], 1):
        if part.isspace():
            marks[i] = marks[i - 1] and marks[i + 1]
    out: list[Stretch] = []
    for part, differs in zip([*parts, rest], [*marks, False], strict=True):
        if out and out[-1].differs == differs:
            out[-1] = Stretch(out[-1].text + part, differs)
        elif part:
            out.append(Stretch(part, differs))
    return out
