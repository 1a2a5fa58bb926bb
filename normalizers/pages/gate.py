"""May this reading be trusted? Confidence by characters, and what Turkish text looks like."""

import re
from collections.abc import Sequence

import cv2
import numpy as np

from normalizers.ocr.engine import Word
from normalizers.pages.scan import Grey

VOWELS = frozenset("aeıioöuüâîûAEIİOÖUÜÂÎÛ")
LETTERS = re.compile(r"[A-Za-zÇĞİÖŞÜçğıöşüÂâÎîÛû]")
WORDS = re.compile(r"[^\W\d_]{3,}")
LONG_WORD = 24
LATIN_END = 0x250
USUAL_SIGNS = frozenset("’‘“”–—…•₺€№™−‐‑→✓☐☑■□●○\u2003\u2002\u2009")
PRIVATE_USE = range(0xE000, 0xF900)


def confidence(words: Sequence[Word]) -> float:
    """Mean confidence (0-100) weighted by characters, so that specks hardly count."""
    characters = sum(len(word.text) for word in words)
    total = sum(word.conf * len(word.text) for word in words)
    return total / characters if characters else 0.0


def sure_words(words: Sequence[Word]) -> int:
    """Words of three letters or more that the engine is sure of."""
    return sum(word.conf > 80 and len(word.text) > 2 for word in words)


def likeness(text: str) -> float:
    """0 to 1: how much ``text`` looks like written Turkish (or any Latin) prose and forms.

    Counts letters, vowels in words, words without end, and characters that only a wrong font map
    produces. 0 where there is too little to tell.
    """
    dense = "".join(text.split())
    words = WORDS.findall(text)
    if len(dense) < 25 or len(words) < 4:
        return 0.0
    letters = len(LETTERS.findall(dense)) / len(dense)
    voiced = sum(not VOWELS.isdisjoint(word) for word in words) / len(words)
    endless = sum(len(word) > LONG_WORD for word in words) / len(words)
    strange = sum(map(_is_strange, dense)) / len(dense)
    return min(1.0, max(0.0, min(1.0, letters / 0.55) * voiced - 8 * strange - endless))


def _is_strange(character: str) -> bool:
    code = ord(character)
    if code < 32 or character == "\ufffd" or code in PRIVATE_USE:
        return True
    return code > LATIN_END and character not in USUAL_SIGNS


def coverage(grey: Grey, words: Sequence[Word], dpi: float) -> float:
    """Share of letter-sized ink that lies inside recognised words; 1 where there is little ink."""
    ink = (grey < 110).astype(np.uint8)
    _, _, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    letter = (height > dpi * 0.035) & (height < dpi * 0.25)
    letter &= (width > dpi * 0.01) & (width < dpi * 0.4)
    if letter.sum() < 30:
        return 1.0
    read = np.zeros(grey.shape, bool)
    for word in words:
        rows = slice(max(0, word.top - 2), word.bottom + 2)
        read[rows, max(0, word.left - 2) : word.right + 2] = True
    x, y = centres[1:][letter].astype(int).T
    return float(read[y, x].mean())
