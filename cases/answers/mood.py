"""What a text voices, by its words: pure. Narrow on purpose: a wrong guess costs a person."""

import re

from normalizers.text.turkish import fold

_DISSATISFIED = (
    "sikayet", "magdur", "memnun degil", "memnuniyetsiz", "kabul etmiyor", "itiraz", "haksiz",
    "rezalet", "skandal", "yetersiz", "ilgisiz", "cevap alamad", "donus yapilmad", "dava ac",
    "tuketici hakem", "tahkim", "oyaliyor", "oyalan", "bikt", "yeter artik", "hala bekliyor",
    "complain", "unacceptable", "disappoint", "not satisfied", "dissatisfied", "terrible",
    "lawsuit",
)  # fmt: skip
"""Words of dissatisfaction (EIOPA: a complaint is an expression of it), folded."""

_THANKS = re.compile(
    r"\b(?:cok |simdiden )?tesekk?ur(?:ler|u)?\b|\btsk(?:ler)?\b|\bsag ?ol(?:un|asiniz)?\b"
    r"|\bminnettar\w*|\bthank(?:s| you)\b|\bmany thanks\b"
)
_COURTEOUS = (
    "tamam tamamdir ok okay anladim bilginize bilginiz bilgi ilginiz ilgi alakaniz icin ederim"
    " ederiz cok iyi gunler calismalar aksamlar saygilar saygilarimla saygilarimizla merhaba selam"
    " sayin yetkili ve size sizlere emegi gecenlere kolay gelsin bilgilendirme bilgilendirmeniz"
    " yardim yardiminiz yardimlariniz donus donusunuz cevap cevabiniz hizli guzel sorun cozuldu"
    " elinize saglik herkese hepinize for your help the answer reply you very much dear all kind"
    " best regards"
)
_COURTESY = frozenset(_COURTEOUS.split())
_WORD = re.compile(r"[a-z]+")
_MOST = 25
"""Words beyond which nobody only says thanks."""


def voices_dissatisfaction(text: str) -> list[str]:
    """Words of dissatisfaction that stand in the text."""
    key = fold(text)
    return [word for word in _DISSATISFIED if word in key]


def only_thanks(text: str) -> bool:
    """Whether a text does nothing but thank: short, with a word of thanks, and otherwise made of
    courtesies, apart from a name at its end."""
    key = fold(text).strip()
    if not _THANKS.search(key) or voices_dissatisfaction(text) or "?" in text:
        return False
    rest = [w for w in _WORD.findall(_THANKS.sub(" ", key)) if w not in _COURTESY]
    return len(_WORD.findall(key)) <= _MOST and len(rest) <= 3
