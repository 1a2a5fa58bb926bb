"""What applicants are told in writing when their application is recorded."""

from typing import Literal, Protocol

from cases.number import shown
from cases.sms.templates import Purpose, render

_MAIL = {
    "tr": (
        "Sayın ilgili,\n\n"
        "Başvurunuz {number} numarasıyla kaydedilmiştir. İncelememiz tamamlandığında sonucu size "
        "bildireceğiz.\n\n"
        "Başvurunuzla ilgili bizi {phone} numaralı hattan arayabilir veya bu e-postayı "
        "yanıtlayabilirsiniz; başvuru numaranızı belirtmeniz yeterlidir. Başvurular için herhangi "
        "bir ücret alınmaz.\n\n"
        "Saygılarımızla,\n{company}\n"
    ),
    "en": (
        "Dear applicant,\n\n"
        "Your application is recorded under the number {number}. We will inform you of the result "
        "when our examination is complete.\n\n"
        "You may call us on {phone} or answer this mail; please give your application number. "
        "There is no fee for applications.\n\n"
        "Kind regards,\n{company}\n"
    ),
}


class Numbered(Protocol):
    """An application, as far as it is named in a letter."""

    @property
    def number(self) -> str: ...

    @property
    def language(self) -> str: ...


def acknowledgement_text(
    medium: Literal["sms", "email", "none"], one: Numbered, company: str, phone: str
) -> str:
    """The acknowledgement as it is sent; empty where nothing is sent."""
    language: Literal["tr", "en"] = "en" if one.language == "en" else "tr"
    values = {"number": shown(one.number), "phone": phone, "company": company}
    if medium == "sms":
        return render(Purpose.RECEIVED, language, **values)
    return _MAIL[language].format(**values) if medium == "email" else ""


def subject(language: str, number: str) -> str:
    """Subject of mails about an application; the bracket brings answers back into it."""
    said = "We have received your application" if language == "en" else "Başvurunuz alındı"
    return f"{said} [{shown(number)}]"
