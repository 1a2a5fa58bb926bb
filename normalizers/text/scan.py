"""What the finders of identifiers share: a text under two views, what is taken, and labels."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from normalizers.schema import Identifier
from normalizers.text import confusions
from normalizers.text.turkish import composed, fold_composed

Label = Literal[
    "phone", "tckn", "vkn", "policy", "claim", "application", "iban", "plate", "other", ""
]

_BEFORE, _AFTER = 40, 48
_LABELS = re.compile(
    r"\b(?:(?P<phone>tel|cep|gsm|fax|faks|mobil|whatsapp|iletisim|irtibat|phone|hat\b|hatt)"
    r"|(?P<tckn>t\.? ?c\b|tck|tckimlik|kimlik|vatandas)"
    r"|(?P<vkn>vergi(?:\s?kimlik)?|tax (?:id|no|num)|vkn|v\.k\.n|v\.d\b|vd\b)"
    r"|(?P<policy>polic)"
    r"|(?P<claim>hasar|dosya|ihbar|claim)"
    r"|(?P<application>basvuru|application)"
    r"|(?P<iban>iban|hesap)"
    r"|(?P<plate>plaka|plate)"
    r"|(?P<other>siparis|order|takip|tracking|barkod|fatura|invoice|dekont|referans|ref\b|seri|sase"
    r"|motor|imei|kart|abone|tesisat|musteri (?:no|num)|uavt|adres kod|fis\b|sicil|mersis|evrak"
    r"|belge|ticket|serial|islem|kargo|gonderi|protokol|sozlesme|makbuz|sorgu|onay kod))"
)
_NAMED_AFTER = re.compile(
    r"\W{0,3}(?:vergi (?:kimlik )?|t\.?c\.? (?:kimlik )?|kimlik )?"
    r"(?:numarali|nolu|no['’]?lu|sayili|no)\b"
)
_NUMBERED = re.compile(r"(?:\bno|\bnr|num\w{0,8}|kodu?|\bid|#|\bsayisi)\W{0,3}\Z")
_LINK = re.compile(r"\S{1,2000}")
_WIDE_DIGITS = re.compile(r"[٠-٩۰-۹０-９]")
_DIGIT = re.compile(r"[0-9]")


_LABEL_WORDS = (
    *("hasar", "dosya", "plaka", "vergi", "posta", "soyad", "adres", "ihbar"),
    *("kimlik", "police", "telefon", "sigortali", "tazminat"),
)
_LABELLING = re.compile(
    r"\b[a-z0-9|!]{5,12}(?=\s{0,2}(?:[:=*]|n[o0]\b|num|dosya\b|kimlik|dair|adres))"
)


def _as_label(word: re.Match[str]) -> str:
    """A label with one letter misread; only where a label can stand, and of the same length, since
    positions must stay what they are."""
    return next((label for label in _LABEL_WORDS if _one_off(word[0], label)), word[0])


def _one_off(word: str, label: str) -> bool:
    if len(word) != len(label):
        return False
    return sum(a != b for a, b in zip(word, label, strict=True)) == 1


class Pattern:
    r"""A form in two spellings: ``\d`` is an ASCII digit, or whatever OCR takes for one."""

    def __init__(self, form: str) -> None:
        self.clean = re.compile(form.replace(r"\d", "[0-9]"))  # twice as fast as a Unicode digit
        self.ocr = re.compile(form.replace(r"\d", confusions.DIGIT))


class Hit(NamedTuple):
    """One find: where it starts, and what it is."""

    start: int
    identifier: Identifier


@dataclass(slots=True)
class Scan:
    """One text being searched. Positions in ``folded`` are positions in ``text``."""

    text: str
    folded: str
    page: int | None = None
    ocr: bool = False
    has_digits: bool = True
    taken: bytearray = field(default_factory=bytearray)
    """One byte a character, 1 where something was found: cheap however much was."""
    blocks: list[int] = field(default_factory=list)
    """Where postal addresses begin: the line above may be a name."""

    @classmethod
    def of(cls, text: str, page: int | None, ocr: bool) -> "Scan":
        plain = composed(text)
        if _WIDE_DIGITS.search(plain):
            plain = _WIDE_DIGITS.sub(lambda m: str(int(m[0])), plain)
        has_digits = bool(_DIGIT.search(plain))
        folded = fold_composed(plain)
        if ocr:
            folded = _LABELLING.sub(_as_label, folded)
        return cls(plain, folded, page, ocr, has_digits, bytearray(len(plain)))

    def matches(self, pattern: Pattern) -> Iterator[re.Match[str]]:
        """Matches of a form that no earlier finder has taken, in order."""
        compiled = pattern.ocr if self.ocr else pattern.clean
        for match in compiled.finditer(self.text):
            if self.is_free(*match.span()):
                yield match

    def places(self, words: Iterable[str]) -> list[int]:
        """Where one of these folded words begins a word, in order: much faster than a regular
        expression that starts with alternatives."""
        found = set()
        for word in words:
            at = self.folded.find(word)
            while at >= 0:
                if at == 0 or not self.folded[at - 1].isalnum():
                    found.add(at)
                at = self.folded.find(word, at + len(word))
        return sorted(found)

    def is_free(self, start: int, end: int) -> bool:
        """No earlier, stronger finder has explained any of it."""
        return self.taken.find(1, start, end) < 0

    def take(self, start: int, end: int) -> None:
        self.taken[start:end] = b"\1" * (end - start)

    def take_links(self) -> None:
        """Numbers in web addresses name pages, not people."""
        for place in self.places(("http://", "https://", "www.")):
            if link := _LINK.match(self.text, place):
                self.take(*link.span())

    def label(self, start: int, end: int) -> Label:
        """What the words around call the number: "X numaralı poliçe" counts most, then the nearest
        label before it."""
        if _NAMED_AFTER.match(self.folded, end):
            after = _LABELS.search(self.folded, end, end + _AFTER)
            if after:
                return after.lastgroup  # type: ignore[return-value]  # the groups are the labels
        label: Label = ""
        for before in _LABELS.finditer(self.folded, max(0, start - _BEFORE), start):
            label = before.lastgroup  # type: ignore[assignment]  # the groups are the labels
        return label

    def is_numbered(self, start: int) -> bool:
        """Directly behind "no:", "numarası" or the like: its label is no accident."""
        return bool(_NUMBERED.search(self.folded, max(0, start - 16), start))

    def hit(self, span: tuple[int, int], value: str, certainty: float) -> Hit:
        """Take the span, and say what stands there."""
        self.take(*span)
        raw = self.text[slice(*span)]
        return Hit(span[0], Identifier(value=value, raw=raw, page=self.page, certainty=certainty))
