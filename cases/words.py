"""What states are called in front of people, Turkish and English."""

_ACKNOWLEDGEMENT = {
    "pending": ("bekliyor", "waiting"),
    "submitting": ("gönderiliyor", "being sent"),
    "accepted": ("gönderildi", "sent"),
    "delivered": ("iletildi", "delivered"),
    "failed": ("iletilemedi", "not delivered"),
    "unknown": ("belirsiz", "unknown"),
    "no_phone": ("ulaşım bilgisi yok", "no way to reach"),
    "suppressed": ("gönderilmedi", "not sent"),
    "met": ("elden bildirildi", "told by a person"),
    "none": ("–", "–"),
}
TYPES = (
    "complaint",
    "request",
    "information",
    "objection",
    "suggestion",
    "thanks",
    "data_protection",
)
"""What an applicant may call an application (docs/life.md)."""
_STATUS = {
    "recorded": ("kaydedildi", "recorded"),
    "duplicate": ("mükerrer", "duplicate"),
}


def acknowledgement(state: str, language: str = "tr") -> str:
    return _ACKNOWLEDGEMENT.get(state, (state, state))[language != "tr"]


def status(state: str, language: str = "tr") -> str:
    return _STATUS.get(state, (state, state))[language != "tr"]
