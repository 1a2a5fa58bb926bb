"""Findings, positions, outcomes and media in words, Turkish and English."""

from cases.answers.rules import Finding

_FINDINGS = {
    "type": ("Başvurunun türü belirlenmemiş.", "The application has no type yet."),
    "position": ("Karar seçilmemiş.", "No position is chosen."),
    "reasons": ("Gerekçe yazılmamış.", "There are no reasons."),
    "reasons_short": ("Ret gerekçesi çok kısa.", "The reasons for the refusal are too short."),
    "redress": ("Ret kararında ödeme olamaz.", "A refusal pays nothing."),
    "remedy": ("Başvuru yolu eksik: {about}.", "A remedy is missing: {about}."),
    "remedy_unknown": ("Bilinmeyen başvuru yolu: {about}.", "No such remedy: {about}."),
    "limit": (
        "{about} yılının tüketici hakem heyeti sınırı tanımlı değil.",
        "The consumer committee's limit of {about} is not set.",
    ),
    "needs_letter": (
        "Ret ve kısmen kabul yazılı bildirilmelidir; {about} yetmez.",
        "A refusal needs a letter or a mail; {about} is not enough.",
    ),
    "authority": (
        "Başvuran adına hareket edenin yetkisi doğrulanmamış.",
        "The authority of the representative was not checked.",
    ),
    "personal": ("Kişisel bilgi var: {about}.", "It says something personal: {about}."),
    "customer": (
        "Müşteri olduğunu belli ediyor: “{about}”.",
        "It tells others that somebody is a customer: “{about}”.",
    ),
    "data_medium": (
        "KVKK başvurusuna {about} ile yanıt verilemez.",
        "A data-protection request cannot be answered by {about}.",
    ),
    "data_subject": (
        "KVKK yanıtında eksik: {about}.",
        "The answer to a data-protection request lacks: {about}.",
    ),
    "controller": (
        "Şirketin adresi tanımlı değil ([company] address).",
        "The company's address is not set ([company] address).",
    ),
    "text": ("Bu ortam için metin yok: {about}.", "There is no text for this medium: {about}."),
    "recipient": ("{about} için adres veya numara yok.", "There is no address for {about}."),
    "address": ("Mektubun posta adresi eksik.", "The letter has no postal address."),
    "signatory": ("Mektubu imzalayan belirtilmemiş.", "Nobody signs the letter."),
    "sms_address": (
        "SMS'te internet adresi olamaz: {about}.",
        "No web address in an SMS: {about}.",
    ),
    "sms_reply": ("SMS'e yanıt istenemez: {about}.", "An SMS cannot be answered: {about}."),
    "sms_promotion": ("Tanıtım gibi okunabilir: {about}.", "May read as advertising: {about}."),
    "sms_parts": ("SMS çok uzun: {about} parça.", "The SMS is too long: {about} parts."),
    "outcome": ("Bu sonuç burada seçilemez: {about}.", "This outcome does not fit here: {about}."),
    "why": ("Kapatma nedeni yazılmamış.", "There is no reason for closing it."),
    "retype": (
        "Metin memnuniyetsizlik içeriyor (“{about}”): önce türünü şikâyet olarak değiştirin.",
        "The text voices dissatisfaction (“{about}”): make it a complaint first.",
    ),
    "unanswered": ("Başvurana henüz yanıt verilmemiş.", "The applicant has no answer yet."),
    "told_otherwise": (
        "Başvurana bildirilen karar farklı: {about}.",
        "The applicant was told something else: {about}.",
    ),
    "undelivered": ("Yanıt başvurana ulaşmamış.", "The answer did not reach the applicant."),
    "answer_on_its_way": (
        "Onay veya arama bekleyen bir yanıt var.",
        "An answer waits for approval or for a call.",
    ),
    "late": (
        "Yasal süre geçti: gecikmenin nedeni yanıtta yer almalı.",
        "The legal time is over: the answer should say why.",
    ),
}
OUTCOMES = {
    "accepted": ("kabul", "accepted"),
    "partly": ("kısmen kabul", "accepted in part"),
    "rejected": ("ret", "rejected"),
    "informed": ("bilgi verildi", "informed"),
    "noted": ("not edildi", "noted"),
    "withdrawn": ("geri çekildi", "withdrawn"),
    "out_of_scope": ("kapsam dışı", "out of scope"),
    "duplicate": ("mükerrer", "duplicate"),
    "referred": ("yönlendirildi", "referred"),
}
MEDIA = {
    "email": ("e-posta", "e-mail"),
    "letter": ("mektup", "letter"),
    "sms": ("SMS", "SMS"),
    "phone": ("telefon", "phone"),
    "private": ("özel mesaj", "direct message"),
    "reply": ("herkese açık yanıt", "public reply"),
}
VERDICTS = {
    "accepted": ("kabul etti", "accepted"),
    "rejected": ("kabul etmedi", "not accepted"),
    "no_reply": ("yanıt vermedi", "no reply"),
}


def finding(one: Finding, language: str = "tr") -> str:
    about = {**OUTCOMES, **MEDIA}.get(one.about, (one.about,) * 2)[language != "tr"]
    return _FINDINGS[one.code][language != "tr"].format(about=about)
