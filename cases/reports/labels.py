"""Codes in words, Turkish and English. Branches, topics, causes and departments are named by the
installation's taxonomy; a code that nobody named is shown as it is."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cases.provinces import name_of
from config import shipped
from storage.engine import Connection
from storage.reporting import taxonomy

Names = Mapping[str, tuple[str, str]]

NOT_SET = ("Belirtilmemiş", "Not set")

_SHIPPED: Mapping[str, Names] = {
    "type": {
        "unclassified": ("Sınıflandırılmamış", "Unclassified"),
        "complaint": ("Şikâyet", "Complaint"),
        "request": ("Talep", "Request"),
        "information": ("Bilgi talebi", "Information"),
        "objection": ("İtiraz", "Objection"),
        "suggestion": ("Öneri", "Suggestion"),
        "thanks": ("Teşekkür", "Thanks"),
        "data_protection": ("KVKK başvurusu", "Data protection"),
    },
    "channel": {
        "phone": ("Telefon", "Phone"),
        "counter": ("Gişe", "Counter"),
        "web": ("Web formu", "Web form"),
        "email": ("E-posta", "E-mail"),
        "fax": ("Faks", "Fax"),
        "fax-mail": ("Faks (e-posta)", "Fax by mail"),
        "post": ("Posta / kargo", "Post and courier"),
        "x": ("X (Twitter)", "X (Twitter)"),
        "facebook": ("Facebook", "Facebook"),
        "instagram": ("Instagram", "Instagram"),
        "linkedin": ("LinkedIn", "LinkedIn"),
        "social": ("Sosyal medya", "Social network"),
        "sms": ("SMS", "SMS"),
        "other": ("Diğer", "Other"),
        "seddk": ("SEDDK / e-Devlet", "SEDDK / e-Devlet"),
        "text": ("Dosya", "File"),
    },
    "outcome": {
        "accepted": ("Kabul", "Accepted"),
        "partly": ("Kısmen kabul", "Accepted in part"),
        "rejected": ("Ret", "Rejected"),
        "informed": ("Bilgi verildi", "Informed"),
        "noted": ("Not edildi", "Noted"),
        "withdrawn": ("Geri çekildi", "Withdrawn"),
        "out_of_scope": ("Kapsam dışı", "Out of scope"),
        "duplicate": ("Mükerrer", "Duplicate"),
        "referred": ("Yönlendirildi", "Referred"),
    },
    "status": {
        "recorded": ("Kayda alındı", "Recorded"),
        "assessed": ("Değerlendirildi", "Assessed"),
        "in_progress": ("İnceleniyor", "In progress"),
        "waiting_applicant": ("Başvuran bekleniyor", "Waiting for the applicant"),
        "answered": ("Cevaplandı", "Answered"),
        "closed": ("Kapandı", "Closed"),
        "duplicate": ("Mükerrer", "Duplicate"),
    },
    "delivery": {
        "no_phone": ("Telefon ve e-posta adresi yok", "Neither phone nor e-mail address"),
        "failed": ("Gönderilemedi veya ulaşmadı", "Could not be sent, or did not arrive"),
        "unknown": ("Ulaşıp ulaşmadığı bilinmiyor", "Not known whether it arrived"),
        "submitting": ("Gönderiliyor", "Being sent"),
        "pending": ("Gönderilmeyi bekliyor", "Waits to be sent"),
    },
    "forum": {
        "arbitration": ("Sigorta Tahkim Komisyonu", "Insurance arbitration"),
        "consumer_board": ("Tüketici Hakem Heyeti", "Consumer board"),
        "court": ("Mahkeme", "Court"),
        "regulator": ("SEDDK", "Regulator"),
        "data_board": ("KVK Kurulu", "Data protection board"),
        "mediation": ("Arabuluculuk", "Mediation"),
    },
    "result": {
        "for_us": ("Lehimize", "For us"),
        "against_us": ("Aleyhimize", "Against us"),
        "partly": ("Kısmen", "In part"),
        "settled": ("Uzlaşma", "Settled"),
        "withdrawn": ("Geri çekildi", "Withdrawn"),
        "dismissed": ("Reddedildi", "Dismissed"),
    },
    "justified": {
        "yes": ("Haklı", "Justified"),
        "partly": ("Kısmen haklı", "Partly justified"),
        "no": ("Haksız", "Not justified"),
    },
    "priority": {
        "1": ("1 – Acil", "1 – Urgent"),
        "2": ("2 – Yüksek", "2 – High"),
        "3": ("3 – Olağan", "3 – Normal"),
        "4": ("4 – Düşük", "4 – Low"),
    },
}
DIMENSIONS: Names = {
    "type": ("Tür", "Type"),
    "channel": ("Kanal", "Channel"),
    "account": ("Kanal hesabı", "Channel account"),
    "branch": ("Branş", "Branch"),
    "topic": ("Konu", "Topic"),
    "priority": ("Öncelik", "Priority"),
    "department": ("Birim", "Department"),
    "province": ("İl", "Province"),
    "agent": ("Aracı", "Intermediary"),
    "cause": ("Kök neden", "Root cause"),
    "cause_department": ("Kök neden birimi", "Department of the cause"),
    "justified": ("Haklılık", "Justified"),
    "outcome": ("Sonuç", "Outcome"),
    "position": ("Karar", "Position"),
    "status": ("Durum", "Status"),
    "weekday": ("Gün", "Weekday"),
    "hour": ("Saat", "Hour"),
    "day": ("Gün", "Day"),
    "week": ("Hafta", "Week"),
    "month": ("Ay", "Month"),
    "quarter": ("Çeyrek", "Quarter"),
    "code": ("Ayrıntı", "Detail"),
}
WEEKDAYS = (
    ("Pzt", "Mon"), ("Sal", "Tue"), ("Çar", "Wed"), ("Per", "Thu"),
    ("Cum", "Fri"), ("Cmt", "Sat"), ("Paz", "Sun"),
)  # fmt: skip
_TABLE_OF = {"cause_department": "department", "position": "outcome"}


@cache
def _departments() -> Names:
    rows = shipped.load("departments")["department"]
    return {row["code"]: (row["name_tr"], row["name_en"]) for row in rows}


def known(connection: Connection) -> Mapping[str, Names]:
    """Dimension -> names of its codes, as the installation calls them today."""
    kinds = ("branch", "topic", "cause")
    return {kind: taxonomy.names(connection, kind) for kind in kinds}


def names(dimension: str, code: Any, ours: Mapping[str, Names] | None = None) -> tuple[str, str]:
    """A code in Turkish and English; ``ours``: what :func:`known` says."""
    if code is None or code == "":
        return NOT_SET
    if dimension == "weekday":
        return WEEKDAYS[int(code)]
    if dimension == "province":
        name = name_of(str(code)) or str(code)
        return name, name
    kind = _TABLE_OF.get(dimension, dimension)
    shipped_names = _departments() if kind == "department" else _SHIPPED.get(kind, {})
    found = (ours or {}).get(kind, {}).get(str(code)) or shipped_names.get(str(code))
    return found or (str(code), str(code))


def used_in(
    content: Mapping[str, Any], ours: Mapping[str, Names]
) -> dict[str, dict[str, list[str]]]:
    """Names of the codes that a report shows: they are kept with it."""
    out: dict[str, dict[str, list[str]]] = {}
    for dimension, code in _codes(content):
        key = "" if code is None else str(code)
        out.setdefault(dimension, {})[key] = list(names(dimension, code, ours))
    return out


def _codes(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    tables = ("tables", "return", "breakdowns")
    for table in (one for name in tables for one in content.get(name, ())):
        yield from ((table["dimension"], row["key"]) for row in table["rows"])
    yield from (("outcome", row["key"]) for row in content["outcomes"])
    yield from (("branch", row["key"]) for row in content["strip"])
    yield from (("cause", row["key"]) for row in content["causes"])
    for row in content["stacked"]:
        yield from ((name, row[name]) for name in ("channel", "type"))


def shown(content: Mapping[str, Any], dimension: str, code: Any, language: str) -> str:
    """A code in the words that were kept with the report."""
    kept = content["labels"].get(dimension, {}).get("" if code is None else str(code))
    return str((kept or names(dimension, code))[0 if language == "tr" else 1])
