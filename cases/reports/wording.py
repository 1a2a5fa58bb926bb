"""Numbers, days and headings as a reader of a report expects them, Turkish and English."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cases.reports import periods
from config.clock import local

NOTHING = "–"

TITLES: Mapping[str, tuple[str, str]] = {
    "daily": ("Günlük başvuru raporu", "Daily report on applications"),
    "weekly": ("Haftalık başvuru raporu", "Weekly report on applications"),
    "monthly": ("Aylık başvuru raporu", "Monthly report on applications"),
    "quarterly": ("Üç aylık şikâyet bildirimi", "Quarterly return on complaints"),
    "review": ("Yönetim gözden geçirmesi", "Management review"),
}
WORDS: Mapping[str, tuple[str, str]] = {
    "period": ("Dönem", "Period"),
    "made": ("Hazırlanma", "Made"),
    "revision": ("Düzeltme", "Revision"),
    "page": ("Sayfa", "Page"),
    "summary": ("Özet", "Summary"),
    "balance": ("Başvuru dengesi", "Balance of applications"),
    "opening": ("Dönem başı açık", "Open at the start"),
    "received": ("Alınan", "Received"),
    "reopened": ("Yeniden açılan", "Reopened"),
    "closed": ("Kapanan", "Closed"),
    "closing": ("Dönem sonu açık", "Open at the end"),
    "balances": ("Denge tutuyor", "The balance holds"),
    "off_balance": ("DENGE TUTMUYOR", "THE BALANCE DOES NOT HOLD"),
    "figures": ("Göstergeler", "Figures"),
    "figure": ("Gösterge", "Figure"),
    "value": ("Değer", "Value"),
    "of": ("Pay / payda", "Of"),
    "previous": ("Önceki dönem", "Period before"),
    "last_year": ("Geçen yıl", "Last year"),
    "change": ("Değişim", "Change"),
    "total": ("Toplam", "Total"),
    "rest": ("Diğer", "Others"),
    "outcome": ("Kapanış sonuçları", "How applications were closed"),
    "late": (
        "Yasal süresi geçenlerin gecikmesi (iş günü)",
        "How late what is past its legal deadline is (working days)",
    ),
    "unreached": ("Kayıt bildirimi ulaşmayanlar", "Why the number was not announced"),
    "forums": ("Dış mercilere taşınanlar", "Brought before others"),
    "results": ("Dış mercilerde sonuçlananlar", "Decided by others"),
    "by_days": ("İş günü", "Working days"),
    "by_delivery": ("Neden", "Reason"),
    "by_forum": ("Merci", "Before whom"),
    "by_result": ("Sonuç", "Result"),
    "count": ("Adet", "Number"),
    "share": ("Pay", "Share"),
    "redress": ("Telafi", "Redress"),
    "trend": ("Alınan, kapanan ve açık başvurular", "Received, closed and open"),
    "stacked": ("Kanal ve türe göre alınan başvurular", "Received by channel and type"),
    "pareto": ("Kök nedenler (Pareto)", "Root causes (Pareto)"),
    "pareto_line": ("Birikimli pay", "Running share"),
    "ageing": ("Açık başvuruların yaşı (iş günü)", "Age of open applications (working days)"),
    "heat": ("Geliş günü ve saati", "Weekday and hour of receipt"),
    "control": ("Haftalık şikâyet: kontrol grafiği", "Complaints a week: control chart"),
    "durations": ("Çözüm süresi dağılımı (iş günü)", "Working days to closing"),
    "levels": ("Süresinde yapılanlar", "Done in time"),
    "strip": ("Branşa göre çözüm süresi (iş günü)", "Working days to closing by branch"),
    "province": ("İllere göre alınan başvurular", "Received by province"),
    "middle_half": ("Ortadaki yarı (çizgi: yüzde 10–90)", "Middle half (line: 10 to 90 per cent)"),
    "median": ("Ortanca", "Median"),
    "mean": ("Ortalama", "Mean"),
    "limits": ("±3σ sınırları", "±3σ limits"),
    "open": ("Açık", "Open"),
    "glossary": ("Tanımlar", "Definitions"),
    "revised": ("r: önceki raporda farklıydı", "r: was reported otherwise before"),
    "confidential": ("Şirket içi kullanım içindir.", "For use within the company."),
    "none": ("Bu dönemde kayıt yok.", "Nothing in this period."),
    "working_days": ("iş günü", "working days"),
    "hour": ("Saat", "Hour"),
    "week": ("Hafta", "Week"),
    "not_set": ("Belirtilmemiş", "Not set"),
    "actions": ("Düzeltici ve önleyici faaliyetler", "Corrective and preventive actions"),
    "actions_open": ("Açık", "Open"),
    "actions_overdue": ("Süresi geçen", "Overdue"),
    "actions_opened": ("Dönemde açılan", "Opened"),
    "actions_done": ("Dönemde tamamlanan", "Done"),
    "actions_judged": ("Etkinliği ölçülen", "Judged"),
    "actions_effective": ("Etkili bulunan", "Effective"),
    "full_name": ("Ad soyad", "Name"),
    "nobody_named": (
        "Ayarlarda henüz kimse yazılı değil (en az iki kişi)",
        "The settings name nobody yet (at least two persons)",
    ),
    "responsible": ("Şikâyet biriminin sorumluları", "Persons responsible for complaints"),
    "title": ("Unvan", "Title"),
    "phone": ("Telefon", "Phone"),
    "email": ("E-posta", "E-mail"),
    "by_branch": ("Tablo II – Branşlara göre şikâyetler", "Table II – Complaints by branch"),
    "by_agent": ("Tablo III – Aracılara ilişkin şikâyetler", "Table III – About intermediaries"),
    "fingerprint": ("Parmak izi", "Fingerprint"),
}


def word(name: str, language: str) -> str:
    return WORDS[name][language != "tr"]


def number(value: float, decimals: int = 0, language: str = "tr") -> str:
    """1.234,5 in Turkish, 1,234.5 in English; a minus as long as a digit is wide."""
    text = f"{value:,.{decimals}f}".replace("-", "−")
    return text.translate(str.maketrans(",.", ".,")) if language == "tr" else text


def value(amount: float | None, unit: str, language: str = "tr") -> str:
    """A figure with its unit."""
    if amount is None:
        return NOTHING
    turkish = language == "tr"
    match unit:
        case "percent":
            text = number(amount, 1, language)
            return f"%{text}" if turkish else f"{text} %"
        case "money":
            return f"{number(amount / 100, 0, language)} TL"
        case "price":
            return f"{number(amount, 2, language)} TL"
        case "minutes":
            return f"{number(amount, 0, language)} {'dk' if turkish else 'min'}"
        case "working_days":
            return f"{number(amount, 0, language)} {'iş günü' if turkish else 'w. days'}"
        case "points" | "per_case" | "per_1000":
            return number(amount, 2, language)
        case "score":
            return number(amount, 0, language)
        case _:
            return number(amount, 0, language)


def pattern(unit: str, language: str = "tr") -> str:
    """The same as a number format of a spreadsheet, for amounts as :func:`cases.reports.paper`
    scales them."""
    turkish = language == "tr"
    match unit:
        case "percent":
            return '"%"#,##0.0' if turkish else '#,##0.0" %"'
        case "money":
            return '#,##0" TL"'
        case "price":
            return '#,##0.00" TL"'
        case "minutes":
            return f'#,##0" {"dk" if turkish else "min"}"'
        case "working_days":
            return f'#,##0" {"iş günü" if turkish else "w. days"}"'
        case "points" | "per_case" | "per_1000":
            return "#,##0.00"
        case _:
            return "#,##0"


def change(now: float | None, before: float | None, unit: str, language: str = "tr") -> str:
    """The difference: in points for shares and scores, else in per cent of the value before."""
    if now is None or before is None:
        return ""
    if unit in ("percent", "score", "points"):
        points = "puan" if language == "tr" else "pts"
        decimals = {"percent": 1, "points": 2}.get(unit, 0)
        difference = round(now - before, decimals)
        return f"{_sign(difference)}{number(abs(difference), decimals, language)} {points}"
    if not before:
        return ""
    percent = round(100 * (now - before) / before)
    text = number(abs(percent), 0, language)
    return f"{_sign(percent)}%{text}" if language == "tr" else f"{_sign(percent)}{text} %"


def direction(now: float | None, before: float | None, good: str) -> str:
    """``better``, ``worse`` or empty."""
    if not good or now is None or before is None or now == before:
        return ""
    return "better" if (now > before) == (good == "up") else "worse"


def span(low: int, high: int | None) -> str:
    """From and to of a bucket: 2–5, > 15."""
    return f"{low}–{high}" if high is not None else f"> {low - 1}"


def moment(text: str) -> str:
    """An ISO moment as 22.11.2026 14:05, Istanbul."""
    return f"{local(datetime.fromisoformat(text)):%d.%m.%Y %H:%M}"


def title(content: Mapping[str, Any], language: str) -> str:
    """What stands on top of a report."""
    if content["kind"] == "adhoc":
        return str(content["name"])
    return TITLES[content["kind"]][language != "tr"]


def period_title(content: Mapping[str, Any], language: str) -> str:
    given = content["period"]
    first, last = date.fromisoformat(given["first"]), date.fromisoformat(given["last"])
    return periods.title(periods.Period(given["kind"], first, last), language)


def _sign(difference: float) -> str:
    return "+" if difference > 0 else "−" if difference < 0 else "±"
