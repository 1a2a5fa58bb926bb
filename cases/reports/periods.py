"""Periods of reports: Istanbul days, ISO weeks, calendar months and quarters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PeriodKind = Literal["day", "week", "month", "quarter", "year", "span"]
MONTHS_TR = (
    *("Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran"),
    *("Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"),
)
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def containing(kind: PeriodKind, day: date) -> Period:
    """The period of that kind in which the day lies."""
    if kind == "day":
        return Period(kind, day, day)
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        return Period(kind, first, first + timedelta(days=6))
    length = _MONTHS[kind]
    first = date(day.year, day.month - (day.month - 1) % length, 1)
    return Period(kind, first, _shift(first, length) - DAY)


def span(first: date, last: date) -> Period:
    """Any days."""
    return Period("span", first, last)


def previous(period: Period) -> Period:
    """The period before, of the same kind (of a span: of the same length)."""
    if period.kind == "span":
        return Period("span", period.first - timedelta(days=period.days), period.first - DAY)
    return containing(period.kind, period.first - DAY)


def following(period: Period) -> Period:
    if period.kind == "span":
        return Period("span", period.last + DAY, period.last + timedelta(days=period.days))
    return containing(period.kind, period.last + DAY)


def year_before(period: Period) -> Period:
    """The same period last year: the same weekday for days (52 weeks before), the same ISO week,
    the same month or quarter."""
    if period.kind in ("day", "week", "span"):
        back = timedelta(weeks=52)
        return Period(period.kind, period.first - back, period.last - back)
    return containing(period.kind, _shift(period.first, -12))


def each(kind: PeriodKind, first: date, last: date) -> Iterator[Period]:
    """Every period that begins in these days."""
    period = containing(kind, first)
    while period.first <= last:
        yield period
        period = following(period)


def title(period: Period, language: str = "tr") -> str:
    """22.11.2026; 2026, 47. hafta (16.11.–22.11.2026); Kasım 2026; 2026, 4. çeyrek."""
    first, last, year = period.first, period.last, period.first.year
    months = MONTHS_TR if language == "tr" else MONTHS_EN
    if period.kind == "day":
        return f"{first:%d.%m.%Y}"
    if period.kind == "week":
        iso = first.isocalendar()
        name = f"{iso.week}. hafta" if language == "tr" else f"week {iso.week}"
        return f"{iso.year}, {name} ({first:%d.%m.}–{last:%d.%m.%Y})"
    if period.kind == "month":
        return f"{months[first.month - 1]} {year}"
    if period.kind == "quarter":
        number = (first.month + 2) // 3
        return f"{year}, {number}. çeyrek" if language == "tr" else f"{year}, quarter {number}"
    return str(year) if period.kind == "year" else f"{first:%d.%m.%Y}–{last:%d.%m.%Y}"


def _shift(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
