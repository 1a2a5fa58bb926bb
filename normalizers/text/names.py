"""Names of people: behind their label, or under the closing words of a letter."""

import re
from collections.abc import Iterator
from itertools import takewhile

from rapidfuzz import fuzz

from normalizers.text.scan import Hit, Scan
from normalizers.text.turkish import fold, title_tr

_CAPITAL = "A-ZÇĞİÖŞÜÂÎÛ"
_WORD = rf"[{_CAPITAL}][^\W\d_]+(?:[’'\-][{_CAPITAL}]?[^\W\d_]+)?"
_INITIAL = rf"[{_CAPITAL}]\."
_NAME = re.compile(rf"{_WORD}(?:[ \t]{{1,3}}(?:{_INITIAL}[ \t]?)?{_WORD}){{1,3}}(?![\w\-])")
_LABELS = ("ad", "isim", "name surname", "full name", "basvur", "sikayetci", "sigortali", "ismim")
_LABEL = re.compile(
    r"(?:ad[i1l]?\s?(?:ve|/|-|,|&)?\s?soyad[i1l]?|isim\s?(?:ve|/|-|,)?\s?soy ?isim|name surname"
    r"|full name|basvuru sahibi|sikayetci|basvuran|sigortali|adim|ismim)\b"
    r"(?:\s?/\s?unvan\w{0,3})?[ \t:;.|=)*_\-]{0,5}\n?"
)
_SPLIT = re.compile(
    r"adi?[ \t]{0,3}[:;][ \t]{0,3}([^\W\d_]{2,20}(?: [^\W\d_]{2,20})?)\s{1,4}"
    r"soyadi?[ \t]{0,3}[:;][ \t]{0,3}([^\W\d_]{2,25})"
)
_CLOSINGS = (
    "saygi",
    "arz ",
    "sunar",
    "tesekkur",
    "iyi ",
    "hurmet",
    "regards",
    "sincerely",
    "faithfully",
)
_CLOSING = re.compile(
    r"(?:saygilar(?:im(?:la|i))?|saygiyla|arz ederi[mz]|sunari[mz]|tesekkurler|tesekkur ederi[mz]"
    r"|iyi (?:gunler|calismalar)|hurmetle|regards|sincerely|faithfully)\b[ \t,.!;:]{0,4}"
)
_HONORIFIC = re.compile(r"[ \t]{0,8}(?:(?:av|dr|prof|doc|uzm|op|ecz|muh|mim|mr|mrs|ms)\. ?){0,3}")
_LINES_UNDER = 4
_ALIKE = 80
"""Of 100: two readings of one name."""
_MORE = re.compile(r"\w{2}")
_OTHER_WORDS = (
    "ad adi soyad soyadi isim soyisim telefon tel cep gsm faks adres adresi eposta posta mail mobil"
    " tc kimlik vergi plaka police hasar dosya iban imza imzasi tarih konu sayin dogum no numarasi"
    " ek ekler ekleri not genel mudurlugu mudurlugune birimi servisi servis bolge sigorta sigortasi"
    " sigortalilar holding sanayi ticaret limited sirketi anonim bankasi emeklilik hayat musteri"
    " hizmetleri hizmetler yetkili yetkilisi saygilarimla gereginin rica ilgi talep sikayet basvuru"
    " konut trafik kasko dask iletisim web sent gonderilen gonderen kimden kime on from"
)
_NOT_NAMES = frozenset(_OTHER_WORDS.split())


def names(scan: Scan) -> Iterator[Hit]:
    """Names, each word with one capital: labelled ones, those over addresses, signatures. On paper
    a signature runs through the name under it: where that nearly is a labelled name, it is that
    name misread."""
    labelled = [*_split_names(scan), *_labelled(scan), *_above_addresses(scan)]
    yield from labelled
    known = [fold(hit.identifier.value) for hit in labelled]
    for place in scan.places(_CLOSINGS):
        if closing := _CLOSING.match(scan.folded, place):
            for hit in _signature(scan, closing.end()):
                if not (scan.ocr and _nearly(fold(hit.identifier.value), known)):
                    yield hit


def _above_addresses(scan: Scan) -> Iterator[Hit]:
    """The line above a postal address, where it is a name and nothing else."""
    for block in scan.blocks:
        end = scan.text.rfind("\n", 0, block)
        if end > 0 and not scan.text[end:block].strip():
            yield from _name_at(scan, scan.text.rfind("\n", 0, end) + 1, 0.7, line_end=end)


def _nearly(name: str, known: list[str]) -> bool:
    return any(name != other and fuzz.ratio(name, other) >= _ALIKE for other in known)


def _labelled(scan: Scan) -> Iterator[Hit]:
    for place in scan.places(_LABELS):
        if label := _LABEL.match(scan.folded, place):
            yield from _name_at(scan, label.end(), 0.9)


def _split_names(scan: Scan) -> Iterator[Hit]:
    for place in scan.places(("ad:", "ad :", "adi:", "adi :")):
        match = _SPLIT.match(scan.folded, place)
        if match is None:
            continue
        both = " ".join(scan.text[slice(*match.span(g))] for g in (1, 2))
        yield scan.hit((match.start(1), match.end(2)), title_tr(both), 0.9)


def _signature(scan: Scan, at: int) -> Iterator[Hit]:
    """The first of the next lines that is a name and nothing else."""
    for _ in range(_LINES_UNDER):
        end = scan.text.find("\n", at)
        end = len(scan.text) if end < 0 else end
        hits = list(_name_at(scan, at, 0.8, line_end=end))
        if hits:
            yield from hits
            return
        at = end + 1


def _name_at(scan: Scan, at: int, certainty: float, line_end: int | None = None) -> Iterator[Hit]:
    honorific = _HONORIFIC.match(scan.folded, at)
    match = _NAME.match(scan.text, honorific.end() if honorific else at)
    if not match or not scan.is_free(*match.span()):
        return
    words = list(takewhile(_may_be_name, re.finditer(r"\S+", match[0])))
    if len(words) < 2:
        return
    end = match.start() + words[-1].end()
    if line_end is None or not _MORE.search(scan.folded[end:line_end].replace("imza", "")):
        yield scan.hit((match.start(), end), title_tr(" ".join(w[0] for w in words)), certainty)


def _may_be_name(word: re.Match[str]) -> bool:
    return fold(word[0]) not in _NOT_NAMES
