"""What we say on a network that a post reached us: Turkish first, English second.

In public: nothing personal, no link, and short enough for the shortest network (X counts 280). In
private: the one-time link over which the applicant gives a number for the SMS.
"""

from collections.abc import Mapping
from typing import Literal

Language = Literal["tr", "en"]

CONTACT_LINK = "{contact_link}"
"""Stands in a stored text for the address of a contact link, which is made when the text is sent,
so that its token is never stored."""

_PUBLIC: Mapping[Language, str] = {
    "tr": (
        "Merhaba, mesajınızı {number} numarasıyla kaydettik. Güvenliğiniz için kimlik, poliçe ve "
        "telefon bilgilerinizi burada paylaşmayınız; lütfen bize özel mesajla veya {phone} "
        "numaralı hattımızdan ulaşınız. {company}"
    ),
    "en": (
        "Hello, we have recorded your message as {number}. For your safety please do not post "
        "identity, policy or telephone numbers here; write to us in a private message or call "
        "{phone}. {company}"
    ),
}

_PRIVATE: Mapping[Language, str] = {
    "tr": (
        "Merhaba, mesajınızı {number} numarasıyla kaydettik. Numaranızı SMS ile gönderebilmemiz "
        "ve size ulaşabilmemiz için iletişim bilgilerinizi 14 gün geçerli, tek kullanımlık şu "
        "bağlantıdan iletiniz: " + CONTACT_LINK + " {company}"
    ),
    "en": (
        "Hello, we have recorded your message as {number}. Please give us your contact details "
        "over this link, so that we can send you the number by SMS and reach you. It works once, "
        "within 14 days: " + CONTACT_LINK + " {company}"
    ),
}


def acknowledgement(
    language: Language, *, private: bool, number: str, phone: str, company: str
) -> str:
    """The text as it is stored; ``number`` as people read it."""
    text = (_PRIVATE if private else _PUBLIC)[language]
    for name, value in (("number", number), ("phone", phone), ("company", company)):
        text = text.replace(f"{{{name}}}", value)
    return text
