"""May this reading be trusted? Confidence by characters, and what Turkish text looks like."""

import re
from collections.abc import Sequence

from normalizers.ocr.engine import Word

VOWELS = frozenset("aeıioöuüâîûAEIİOÖUÜÂÎÛ")
LETTERS = re.compile(r"[A-Za-zÇĞİÖŞÜçğıöşüÂâÎîÛû]")
WORDS = re.compile(r"[^\W\d_]{3,}")
LONG_WORD = 24
LATIN_END = 0x250
USUAL_SIGNS = frozenset("’‘“”–—…•₺€№™−‐‑→✓☐☑■□●○\u2003\u2002\u2009")
PRIVATE_USE = range(0xE000, 0xF900)

DOUBTED = 50.0
"""Confidence under which a word is more likely wrong than right."""
MOST_DOUBTFUL = 0.09
"""Share of a page that may be doubtful: where more is, more than a tenth of the characters tend to
be wrong. Chosen on three letters; of the others it sent 55 of 57 pages with more, and 5 of 188 with
less (``benchmarks/reading_gate.py``, docs/reading.md)."""


def confidence(words: Sequence[Word]) -> float:
    """Mean confidence (0-100) weighted by characters, so that specks hardly count."""
    characters = sum(len(word.text) for word in words)
    total = sum(word.conf * len(word.text) for word in words)
    return total / characters if characters else 0.0


def doubtful(words: Sequence[Word], coverage: float, besides: float) -> float:
    """Share of a page that was not read, or is not to be believed: characters of doubted words,
    letter-sized ink outside all words (``coverage`` is the share of it inside), and ``besides``
    what lies hidden under blots or was read twice. A mean hides a few lines that nobody could read
    among many that everybody can; this does not."""
    characters = sum(len(word.text) for word in words)
    doubted = sum(len(word.text) for word in words if word.conf < DOUBTED)
    return doubted / max(characters, 1) + 1 - coverage + besides


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
