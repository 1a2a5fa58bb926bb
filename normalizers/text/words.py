"""Words by which texts are looked for."""

import re

from normalizers.text.turkish import fold

_WORD = re.compile(r"[^\W_]+")


def words_in(text: str) -> list[str]:
    """Folded words and numbers in their order: ``Çekici-ücreti 34`` has three."""
    return _WORD.findall(fold(text))
