"""What the page behind a contact link says: Turkish first, English second."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["tr", "en"]

CONSENT_VERSION = "2026-1"
"""Changed whenever :func:`consent_text` is: what somebody ticked is kept with it."""

_CONSENT: Mapping[Language, str] = {
    "tr": (
        "Bu başvuruyu yazdığım sosyal medya hesabının, burada verdiğim bilgilerle "
        "ilişkilendirilmesine açık rıza veriyorum. Rızamı dilediğim zaman geri alabilirim; "
        "vermezsem de başvurum incelenir."
    ),
    "en": (
        "I consent to the social media account from which I wrote this application being linked "
        "with the details that I give here. I may withdraw this at any time; without it my "
        "application is examined all the same."
    ),
}

_STATES: Mapping[str, tuple[str, str]] = {
    "open": (
        "Başvuru numaranızı SMS ile gönderebilmemiz için iletişim bilgilerinizi yazınız.",
        "Please give your contact details, so that we can send your application number by SMS.",
    ),
    "used": (
        "Bu bağlantı kullanılmış; iletişim bilgileriniz bize ulaştı.",
        "This link has been used; we have received your contact details.",
    ),
    "expired": (
        "Bu bağlantının süresi dolmuş. Bize yazarak yeni bir bağlantı isteyebilirsiniz; "
        "başvurunuz kayıtlıdır.",
        "This link has expired. Write to us for a new one; your application is recorded.",
    ),
    "unknown": (
        "Bu bağlantı geçerli değil. Adresi eksiksiz açtığınızdan emin olunuz.",
        "This link is not valid. Please make sure that you opened the whole address.",
    ),
    "done": (
        "Teşekkür ederiz. Bilgileriniz {number} numaralı başvurunuza eklendi; numaranızı size "
        "SMS veya e-posta ile gönderiyoruz.",
        "Thank you. Your details were added to your application {number}; we send you the number "
        "by SMS or e-mail.",
    ),
}

_PROBLEMS: Mapping[str, tuple[str, str]] = {
    "no_number": (
        "Bu numara geçerli görünmüyor. Örnek: 0555 000 12 34",
        "This does not look like a telephone number. Example: 0555 000 12 34",
    ),
    "no_mobile": (
        "Bu numaraya SMS gönderilemiyor; lütfen cep telefonu numaranızı yazınız.",
        "No SMS can be sent to this number; please give a mobile number.",
    ),
    "no_address": (
        "Bu e-posta adresi geçerli görünmüyor. Örnek: ad@example.com",
        "This does not look like an e-mail address. Example: name@example.com",
    ),
    "missing": (
        "Cep telefonu numaranızı veya e-posta adresinizi yazınız.",
        "Please give a mobile number or an e-mail address.",
    ),
}


def consent_text(language: Language) -> str:
    """What stands beside the tick that links the account on the network with the person."""
    return _CONSENT[language]


def state(code: str, language: Language, *, number: str = "") -> str:
    """A sentence for a state of :data:`cases.contact_links.State`, or ``done`` after redeeming."""
    return _one(_STATES[code], language).format(number=number)


def problem(code: str, language: Language) -> str:
    """A sentence for a code of :attr:`cases.contacts.BadContact.problems`."""
    return _one(_PROBLEMS[code], language)


def _one(words: tuple[str, str], language: Language) -> str:
    return words[1] if language == "en" else words[0]
