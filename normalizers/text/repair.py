"""Bytes to text, and text that was once decoded wrongly back to what was written.

Turkish comes as UTF-8, as cp1254 (labelled ISO-8859-9, ISO-8859-1, ASCII or not at all), and now
and then as cp857 from old machines. Nothing here raises and no byte vanishes: what no charset
explains becomes U+FFFD, and whoever needs the truth has the raw bytes.
"""

import codecs
import re
import unicodedata

import chardet
import ftfy

_ASCII = bytes(range(128))
_HIGH = bytes(range(128, 256))
_HIGH_1254 = "çğıöşüÇĞİÖŞÜâîûÂÎÛ".encode("cp1254")
_HIGH_857 = "çğıöşüÇĞİÖŞÜâîÂÎ".encode("cp857")
_ONLY_TURKISH_1254 = "ğışĞİŞ".encode("cp1254")
_ONLY_TURKISH_857 = "ğışĞİŞ".encode("cp857")
_MARKS_1254 = "€‚„…‘’“”•–—™ ¡©«®°±²³´µ·»½".encode("cp1254")
"""Marks that say nothing about the language."""

_SAME = {
    "latin5": "cp1254",
    "iso8859-9": "cp1254",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
"""Codec to its superset, which is what senders mean (WHATWG Encoding Standard)."""
_NAMES = {
    "x-mac-turkish": "mac_turkish",
    "x-macturkish": "mac_turkish",
    "x-cp1254": "cp1254",
    "windows-turkish": "cp1254",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "unicode-1-1-utf-7": "utf-7",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "utf-8mb4": "utf-8",
    "ibm-857": "cp857",
}
_NOT_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs"}
_SEVEN_BIT = re.compile(r"utf-7|iso2022_\w+|hz")
_WESTERN = {"cp1252", "cp1254", "iso8859-15", "utf-8", "cp850", "cp437"}
"""Labels that programs put on whatever they have: evidence in the bytes weighs more."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 20_000
_ENOUGH = 4
"""Bytes above ASCII from which statistics say more than our own prejudice."""


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """(text, charset used). Never raises; unmappable bytes become U+FFFD.

    In this order: a byte order mark; a declared 7-bit charset; UTF-8; evidence of Turkish; what was
    declared; UTF-8 with a few foreign bytes; what statistics say; cp1254.
    """
    label = _codec(declared)
    for charset in _strict_candidates(data, label):
        text = _strictly(data, charset)
        if text is not None:
            return text, "utf-8" if charset == "utf-8-sig" else charset
    return _leniently(data, label)


def _strict_candidates(data: bytes, label: str | None) -> list[str]:
    boms = [charset for bom, charset in _BOMS if data.startswith(bom)][:1]
    if boms or (label and _SEVEN_BIT.fullmatch(label)):
        return [*boms, *([label] if label else []), "utf-8"]
    if data.isascii() and not (label or "").startswith(("utf-16", "utf-32")):
        return ["utf-8"]
    rest = [label] if label else []
    if label is None or label in _WESTERN:
        rest = [*_turkish_evidence(data), *rest]
    return ["utf-8", *rest]


def _strictly(data: bytes, charset: str) -> str | None:
    try:
        text = data.decode(charset)
    except (UnicodeError, LookupError, ValueError):
        return None  # the next candidate is tried
    if charset.startswith(("utf-16", "utf-32")) and not _looks_like_text(text):
        return None
    return text


def _looks_like_text(text: str) -> bool:
    sample = text[:_SAMPLE]
    odd = sum(unicodedata.category(c) in {"Cn", "Co", "Cs"} for c in sample)
    return odd * 20 <= len(sample)


def _codec(declared: str | None) -> str | None:
    """Python's name of a declared charset, widened to its superset; None for an unknown one."""
    name = (declared or "").strip().strip("\"'").lower()[:60]
    name = _NAMES.get(name) or name
    try:
        found = codecs.lookup(name).name
        # Refuses codecs that are not charsets, as base64 and zlib; four bytes, since Python does
        # not ask for none, and a UTF-32 letter has four.
        b"    ".decode(found, "replace")
    except (LookupError, ValueError, UnicodeError):
        return None  # as if none had been declared
    return None if found in _NOT_CHARSETS else _SAME.get(found, found)


def _turkish_evidence(data: bytes) -> list[str]:
    """cp1254 or cp857 when most letters above ASCII are Turkish in it, and one is only Turkish."""
    high = data.translate(None, _ASCII)
    letters = high.translate(None, _MARKS_1254)
    if _share(letters, _HIGH_1254) >= 0.8 and _count(letters, _ONLY_TURKISH_1254):
        return ["cp1254"]
    if _share(high, _HIGH_857) >= 0.8 and _count(high, _ONLY_TURKISH_857):
        return ["cp857"]
    return []


def _count(data: bytes, of: bytes) -> int:
    return len(data) - len(data.translate(None, of))


def _share(data: bytes, of: bytes) -> float:
    return _count(data, of) / len(data) if data else 0.0


def _leniently(data: bytes, label: str | None) -> tuple[str, str]:
    mixed = data.decode("utf-8", "surrogateescape")
    if len(_STRAY.findall(mixed)) * 2 <= len(_LETTER.findall(mixed)):
        return _STRAY.sub(_as_1254, mixed), "utf-8"
    for charset in (label, _statistics(data)):
        if charset and charset not in _WESTERN:
            text = data.decode(charset, "replace")
            if text.count("\ufffd") * 20 <= len(text):
                return text, charset
    return data.decode("cp1254", "replace"), "cp1254"


def _statistics(data: bytes) -> str | None:
    sample = data[:_SAMPLE]
    if _count(sample, _HIGH) < _ENOUGH:
        return None
    guess = _codec(chardet.detect(sample)["encoding"])
    return None if guess and guess.startswith("utf-") else guess


_STRAY = re.compile("[\udc80-\udcff]")
_LETTER = re.compile("[^\0-\x7f\udc80-\udcff]")


def _as_1254(stray: re.Match[str]) -> str:
    return stray[0].encode("utf-8", "surrogateescape").decode("cp1254", "replace")


_CONFIG = ftfy.TextFixerConfig(
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_line_breaks=False,
    remove_control_chars=False,
)
_PLAIN = r"\x00-\x7fçğıöşüÇĞİÖŞÜâîûÂÎÛ€₺‘’“”„«»–—…•·°²³§©®\xa0\u200b-\u200f\ufeff"
_ODD = re.compile(rf"[^{_PLAIN}]|â€|Â[^\w\s]|Â\xa0")
"""What ordinary Turkish text does not hold: the sign that something may be wrong."""
_UTF8_PAIRS = {
    letter.encode().decode(charset): letter
    for letter in "çğışöüÇĞİŞÖÜ"
    for charset in ("latin-1", "sloppy-windows-1252")
}
_UTF8_PAIR = re.compile("|".join(map(re.escape, _UTF8_PAIRS)))
"""What ftfy leaves in short texts, as ``Åžikayet``: pairs that are no syllable in any language."""
_TURKISH_AS_LATIN1 = str.maketrans("ðýþÐÝÞ", "ğışĞİŞ")
_LATIN1_TURKISH = re.compile("[ðýþÐÝÞ]")
_ICELANDIC = re.compile("[áéíóúæÁÉÍÓÚÆ]")


def repair_mojibake(text: str) -> str:
    """Text as it was written, where it had been decoded with a wrong charset; else unchanged.

    UTF-8 read as cp1252, Latin-1 or cp1254 is mended by ftfy, and cp1254 read as cp1252 or
    Latin-1 (``þikâyet``) letter by letter. A change is kept only when less is odd after it.
    """
    if text.isascii() or not (odd := _ODD.findall(text)):
        return text
    fixed = _UTF8_PAIR.sub(lambda m: _UTF8_PAIRS[m[0]], ftfy.fix_text(text, _CONFIG))
    better = fixed if len(_ODD.findall(fixed)) < len(odd) else text
    return _undo_latin1(better)


def _undo_latin1(text: str) -> str:
    marks = len(_LATIN1_TURKISH.findall(text))
    if not marks or len(_ICELANDIC.findall(text)) >= marks:
        return text
    return text.translate(_TURKISH_AS_LATIN1)
