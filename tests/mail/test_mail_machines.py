"""Machine mail: cases 48 to 51 of the list of what real mail does."""

import pytest
from mail_reading import facts, mail, message, multipart, sample

PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"


def kind(data: bytes) -> str:
    found = facts(data)
    assert found.is_automatic or not (found.is_bounce or found.is_auto_reply)
    if found.is_bounce:
        return "bounce"
    if found.is_auto_reply:
        return "auto-reply"
    return "notice" if found.is_automatic else "person"


def from_daemon(
    subject: str, text: str, *headers: str, sender: str = "MAILER-DAEMON@example.test"
) -> bytes:
    lines = [f"From: {sender}", "To: basvuru@sigorta.test", f"Subject: {subject}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + text.encode()


def test_the_samples_are_what_they_are_called() -> None:
    assert kind(sample("geri-donen.eml")) == "bounce"
    assert kind(sample("izin-yaniti.eml")) == "auto-reply"
    for name in ("gmail-yanit.eml", "outlook-yanit.eml", "kmail-alt-yanit.eml", "iletilen.eml"):
        assert kind(sample(name)) == "person"


@pytest.mark.parametrize(
    "subject",
    [
        "Otomatik yanıt: Başvurunuz",
        "OTOMATİK YANIT: Başvurunuz",
        "Otomatik Cevap: Re: Hasar",
        "Automatic reply: Hasar",
        "Auto: Hasar",
        "Out of Office: Hasar",
        "Automatische Antwort: Hasar",
        "Abwesenheitsnotiz: Hasar",
        "Réponse automatique : Hasar",
        "Respuesta automática: Hasar",
        "Risposta automatica: Hasar",
        "Resposta automática: Hasar",
        "Autosvar: Hasar",
        "Автоматический ответ: Hasar",
        "自動返信: Hasar",
    ],
)
def test_auto_replies_are_known_by_their_subject(subject: str) -> None:
    assert kind(mail("Mesajınız alındı.", subject=subject)) == "auto-reply"


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: Hasar",
        "Precedence: auto_reply",
        "X-Apple-Action: VACATION",
    ],
)
def test_auto_replies_are_known_by_their_headers(header: str) -> None:
    assert kind(mail("Mesajınız alındı.", header)) == "auto-reply"


def test_an_absence_notice_without_auto_submitted_is_known_beside_a_machines_header() -> None:
    text = "Şu anda ofis dışındayım, dönüşümde yanıtlayacağım."
    assert kind(mail(text, "Return-Path: <>")) == "auto-reply"
    assert kind(mail(text, "Precedence: bulk")) == "auto-reply"
    assert kind(mail(text)) == "person"


def test_a_person_on_holiday_may_have_an_accident() -> None:
    assert kind(mail("Aracıma çarptılar.", subject="Tatildeyim, aracıma çarptılar")) == "person"
    answer = mail("Yokum.", "In-Reply-To: <1@sigorta.test>", subject="İzindeyim")
    assert kind(answer) == "auto-reply"


@pytest.mark.parametrize(
    "header", ["Precedence: bulk", "Precedence: list", "Auto-Submitted: no", "List-Id: <a.b>"]
)
def test_bulk_and_list_mail_is_not_an_auto_reply(header: str) -> None:
    assert kind(mail("Poliçem hakkında soru.", header)) == "person"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "failure notice",
            "I'm sorry to have to inform you that your message could not be delivered",
        ),
        ("Undelivered Mail Returned to Sender", "<yok@example.test>: Host not found"),
        ("İletiniz teslim edilemedi", "Alıcı bulunamadı."),
        ("Mail delivery failed: returning message to sender", "A message could not be delivered"),
        ("", "This is a permanent error; I've given up."),
        (
            "Delivery Status Notification (Failure)",
            "Delivery to the following recipient failed permanently",
        ),
        ("Unzustellbar: Hasar", "Die Nachricht wurde nicht zugestellt"),
    ],
)
def test_bounces_in_prose_are_known(subject: str, text: str) -> None:
    assert kind(from_daemon(subject, text)) == "bounce"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("failed", "bounce"),
        ("Failed", "bounce"),
        ("error", "bounce"),
        ("delayed", "notice"),
        ("delivered", "notice"),
    ],
)
def test_a_delivery_report_is_what_its_action_says(action: str, expected: str) -> None:
    kind_of_part = "Content-Type: message/delivery-status"
    status = f"{kind_of_part}\n\nReporting-MTA: dns; a\n\nAction: {action}\nStatus: 5.0.0"
    assert (
        kind(multipart(f"{PLAIN}rapor", status, kind="report; report-type=delivery-status"))
        == expected
    )


def test_without_an_action_the_status_decides() -> None:
    for status, expected in (("5.1.1", "bounce"), ("4.4.7", "notice")):
        part = f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nStatus: {status}"
        assert kind(multipart(f"{PLAIN}rapor", part, kind="report")) == expected


@pytest.mark.parametrize(
    "subject",
    [
        "Delivery Status Notification (Delay)",
        "Warning: could not send message for past 4 hours",
        "İletiniz gecikti",
    ],
)
def test_a_delay_notice_is_no_bounce(subject: str) -> None:
    assert kind(from_daemon(subject, "The message could not be delivered yet.")) == "notice"


@pytest.mark.parametrize("part", ["message/feedback-report", "message/disposition-notification"])
def test_complaints_and_receipts_are_notices(part: str) -> None:
    data = multipart(f"{PLAIN}rapor", f"Content-Type: {part}\n\nVersion: 1", kind="report")
    assert kind(data) == "notice"


@pytest.mark.parametrize(
    "subject", ["Please confirm your message", "[Challenge] Hasar", "Okundu: Hasar", "Read: Hasar"]
)
def test_challenges_and_receipts_in_prose_are_notices(subject: str) -> None:
    assert kind(mail("Lütfen onaylayın.", subject=subject)) == "notice"


@pytest.mark.parametrize(
    "value",
    [
        "auto-generated",
        "auto-generated (cron)",
        "Auto-Generated; type=report",
        "auto-notified; owner-email=a",
        "x-extension",  # RFC 3834 §5: an extension says no less that no person sent it
        "yes",
    ],
)
def test_generated_mail_is_a_notice(value: str) -> None:
    found = facts(mail("Rapor.", f"Auto-Submitted: {value}"))
    assert found.is_automatic and found.is_generated
    assert not found.is_auto_reply and not found.is_bounce


@pytest.mark.parametrize("value", ["no", "No", "no (a person)", "no; x=1", ""])
def test_what_says_it_is_not_automatic_is_a_persons(value: str) -> None:
    assert kind(mail("Poliçem hakkında soru.", f"Auto-Submitted: {value}")) == "person"


def test_generated_mail_about_a_matter_of_ours_opens_an_application_without_an_answer() -> None:
    header = "Auto-Submitted: auto-generated"
    about = message(mail("Bir müşteri yazdı. Hasar Dosya No: H-4410023", header))
    assert not about.is_machine and about.is_unattended
    report = message(mail("Yedekleme tamamlandı.", header))
    assert report.is_machine and report.is_unattended
    away = message(mail("Hasar Dosya No: H-4410023", "Auto-Submitted: auto-replied"))
    assert away.is_machine, "an answer by a machine is never a matter"


UNSUBSCRIBE = "List-Unsubscribe: <mailto:cik@example.test>"


@pytest.mark.parametrize(
    "headers",
    [
        (UNSUBSCRIBE, "Precedence: bulk"),
        (UNSUBSCRIBE, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
        (UNSUBSCRIBE, "Feedback-ID: 1:a:b"),
    ],
)
def test_a_newsletter_is_known_and_no_machine(headers: tuple[str, ...]) -> None:
    found = message(mail("Bu ayın fırsatları", *headers))
    assert found.mail and found.mail.is_bulk and not found.is_machine
    assert found.is_unattended


@pytest.mark.parametrize(
    "headers",
    [
        ("Precedence: bulk",),
        (UNSUBSCRIBE,),
        (UNSUBSCRIBE, "Precedence: list", "List-Post: <mailto:basvuru@sigorta.test>"),
        (UNSUBSCRIBE, "Precedence: bulk", "In-Reply-To: <1@sigorta.test>"),
    ],
)
def test_what_comes_through_a_group_is_no_newsletter(headers: tuple[str, ...]) -> None:
    found = message(mail("Eksper gelmedi.", *headers))
    assert found.mail and not found.mail.is_bulk and not found.is_unattended


def test_a_complaint_that_looks_like_a_newsletter_is_acknowledged() -> None:
    found = message(mail("34 ABC 123 plakalı aracım", UNSUBSCRIBE, "Precedence: bulk"))
    assert found.mail and found.mail.is_bulk and not found.is_unattended


def test_a_person_who_attaches_or_quotes_a_bounce_is_no_machine() -> None:
    bounce = "From: MAILER-DAEMON@a.test\nSubject: failure notice\n\nUser unknown"
    returned = f"Content-Type: message/rfc822\n\n{bounce}"
    assert kind(multipart(f"{PLAIN}Bu iletiyi aldım, bakar mısınız?", returned)) == "person"
    forwarded = mail("> failure notice\n> 550 5.1.1 user unknown", subject="Fwd: failure notice")
    assert kind(forwarded) == "person"


def test_a_customer_whose_parcel_was_not_delivered_is_no_bounce() -> None:
    data = mail("Kargom teslim edilemedi, evrak iade edildi.", subject="Poliçem teslim edilemedi")
    assert kind(data) == "person"


def test_a_scanner_that_bounces_under_its_own_name_needs_proof() -> None:
    text = "Your message could not be delivered: 550 5.1.1 user unknown"
    assert kind(mail(text, subject="Mail could not be delivered")) == "bounce"
    assert (
        kind(mail("It could not be delivered.", subject="Mail could not be delivered")) == "person"
    )
    still = f"{text}. Delivery attempts will continue to be made."
    assert kind(mail(still, subject="Delivery failure notification")) == "notice"


def test_postmasters_are_people_when_they_write_like_people() -> None:
    data = from_daemon(
        "Kasko teklifi", "Merhaba, teklif istiyoruz.", sender="postmaster@example.test"
    )
    assert kind(data) == "person"
