"""How dates, ages, counts and money look: Istanbul time, Turkish forms first."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from config.clock import local
from portal.web.texts import Language

_MONTHS = {
    "tr": "Ocak|Şubat|Mart|Nisan|Mayıs|Haziran|Temmuz|Ağustos|Eylül|Ekim|Kasım|Aralık",
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
}
_DAYS: Mapping[str, Sequence[str]] = {
    "tr": ("Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_AGES = (
    (90, 1, "sn", "s"),
    (5_400, 60, "dk", "min"),
    (172_800, 3_600, "sa", "h"),
    (float("inf"), 86_400, "gün", "d"),
)


def moment(instant: datetime | None, language: Language = "tr") -> str:
    """``25.11.2026 05:52``; English ``25 Nov 2026 05:52``. A dash for none."""
    return "–" if instant is None else f"{day(instant, language)} {clock(instant)}"


def day(instant: datetime | date | None, language: Language = "tr") -> str:
    """``25.11.2026``; English ``25 Nov 2026``. Takes a moment (Istanbul's day) or a plain day."""
    if instant is None:
        return "–"
    there = _there(instant)
    if language == "tr":
        return f"{there:%d.%m.%Y}"
    return f"{there.day} {_month(there, 'en')[:3]} {there.year}"


def long_day(instant: datetime | date, language: Language = "tr") -> str:
    """``25 Kasım 2026 Çarşamba``; English ``Wednesday 25 November 2026``."""
    there = _there(instant)
    written = f"{there.day} {_month(there, language)} {there.year}"
    name = _DAYS[language][there.weekday()]
    return f"{written} {name}" if language == "tr" else f"{name} {written}"


def _there(instant: datetime | date) -> date:
    return local(instant) if isinstance(instant, datetime) else instant


def _month(there: date, language: Language) -> str:
    return _MONTHS[language].split("|")[there.month - 1]


def clock(instant: datetime) -> str:
    """``05:52``."""
    return f"{local(instant):%H:%M}"


def age(span: timedelta | float | None, language: Language = "tr") -> str:
    """``45 sn``, ``12 dk``, ``3 sa``, ``2 gün``; a dash for none."""
    if span is None:
        return "–"
    seconds = max(0.0, span.total_seconds() if isinstance(span, timedelta) else float(span))
    for limit, divisor, turkish, english in _AGES:
        if seconds < limit:
            return f"{seconds / divisor:.0f} {turkish if language == 'tr' else english}"
    raise AssertionError("the last age has no limit")


def count(number: float, language: Language = "tr", places: int = 0) -> str:
    """``12.345`` and ``1,5``; English ``12,345`` and ``1.5``."""
    english = f"{number:,.{places}f}"
    return english if language == "en" else english.translate(_TURKISH_MARKS)


_TURKISH_MARKS = str.maketrans(",.", ".,")


def share(part: float, language: Language = "tr") -> str:
    """``%12``; English ``12%``. ``part`` is between 0 and 1."""
    return f"%{part * 100:.0f}" if language == "tr" else f"{part * 100:.0f}%"


def money(kurus: int, language: Language = "tr") -> str:
    """Kuruş as lira: ``1.234,50 ₺``."""
    return f"{count(kurus / 100, language, 2)} ₺"


def size(length: int, language: Language = "tr") -> str:
    """Bytes as ``812 B``, ``34 kB``, ``1,2 MB``."""
    if length < 1_000:
        return f"{length} B"
    if length < 1_000_000:
        return f"{count(length / 1_000, language)} kB"
    return f"{count(length / 1_000_000, language, 1)} MB"
