"""What is done to a text before it is sent, so that one character does not double its price.

Some characters stand in no seven-bit table and force the whole SMS into UCS-2, 70 characters a
part: a hat over a, a curly quote, a dash of a word processor, the lira sign.
"""

import unicodedata

_PLAIN = str.maketrans(
    {
        "â": "a", "î": "i", "û": "u", "Â": "A", "Î": "İ", "Û": "U",
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-",
        "…": "...", "₺": "TL", "\t": " ",
        "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ",
        "\u00ad": None, "\u200b": None, "\u2060": None, "\ufeff": None,
    }
)  # fmt: skip
_TURKISH = str.maketrans("çÇğĞıİöÖşŞüÜ", "cCgGiIoOsSuU")


def for_sms(text: str) -> str:
    """``text`` in the letters that the Turkish tables have, as far as it can be said in them."""
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def to_ascii(text: str) -> str:
    """``text`` for a carrier without Turkish letters: ``Işık`` to ``Isik``.

    Other accents are dropped; what then is still no ASCII becomes ``?``.
    """
    decomposed = unicodedata.normalize("NFKD", for_sms(text).translate(_TURKISH))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return letters.encode("ascii", "replace").decode("ascii")
