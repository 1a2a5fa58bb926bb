"""Which of our two languages a text is in, by letters and common words."""

import re
from typing import Literal

from normalizers.text.turkish import fold

_LOOKED_AT = 4000
_WORD = re.compile(r"[a-z]+")
_TURKISH_LETTERS = re.compile(r"[ğışĞİŞ]")
_TURKISH_WORDS = (
    "ve bir bu icin ile de da mi ne cok daha gibi ama olarak olan kadar sonra once her ben biz siz"
    " sayin merhaba selam iyi gunler tesekkurler tesekkur saygilar saygilarimla lutfen rica ederim"
    " ederiz var yok degil evet hayir nasil neden sikayet talep basvuru police hasar odeme tarih"
    " numarasi hakkinda tarafindan tarafima bana size sizin benim ekte bilgi konu istiyorum adet"
    " aracim numaram telefon iptal tl"
)
_ENGLISH_WORDS = (
    "the and of to is are was were be been for in on at by with this that it you your i we my our"
    " me have has had not no yes please thank thanks dear hello hi regards sincerely kind best"
    " about from would could can will do does did an as if but or they there here what when which"
    " how policy claim payment complaint request attached refund"
)
_TURKISH = frozenset(_TURKISH_WORDS.split())
_ENGLISH = frozenset(_ENGLISH_WORDS.split())


def language(text: str) -> Literal["tr", "en", ""]:
    """``tr``, ``en``, or ``""`` when the text says neither (other language, too short, a tie).

    Looks at the first 4,000 characters.
    """
    head = text[:_LOOKED_AT]
    words = _WORD.findall(fold(head))
    turkish = sum(w in _TURKISH for w in words) + len(_TURKISH_LETTERS.findall(head))
    english = sum(w in _ENGLISH for w in words)
    if turkish == english or max(turkish, english) * 12 < len(words):
        return ""
    return "tr" if turkish > english else "en"
