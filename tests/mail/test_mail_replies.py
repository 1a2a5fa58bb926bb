"""What the sender newly wrote: cases 44 to 47 of the list of what real mail does."""

import time

import pytest
from mail_reading import facts, mail, message, reply, sample

from normalizers.email import reply as reply_module

QUOTE = "\n\n> Sayın müşterimiz,\n> iyi günler.\n"
UNMARKED = "\n\nSayın müşterimiz,\niyi günler.\n"


@pytest.mark.parametrize(
    "attribution",
    [
        "Örnek Sigorta <basvuru@sigorta.test>, 4 Mar 2026 Çar, 16:02 tarihinde şunu yazdı:",
        "Örnek Sigorta <basvuru@sigorta.test>, 4 Mar 2026 Çar, 16:02\ntarihinde şunu yazdı:",
        "Örnek Ltd Şirketi <basvuru@sigorta.test>, 4 Mar 2026\nÇar, 16:02 tarihinde şunu\nyazdı:",
        "4 Mart 2026 Çarşamba 16:02 tarihinde Örnek Sigorta <basvuru@sigorta.test> yazdı:",
        "4 Mart 2026 16:02 tarihinde Örnek Sigorta <\nbasvuru@sigorta.test> yazdı:",
        "Örnek Sigorta <basvuru@sigorta.test> şunları yazdı (4 Mar 2026 16:02):",
        "4 Mar 2026 tarihinde saat 16:02’de Örnek Sigorta <basvuru@sigorta.test> şunları yazdı:",
        '04.03.2026, 16:02, "Örnek Sigorta" <basvuru@sigorta.test>:',
        "4 Mart 2026 Çarşamba 16:02:30 GMT+3 tarihinde, Örnek Sigorta şunu yazdı:",
        "4.03.2026 16:02 tarihinde Örnek Sigorta yazdı:",
        "On Wed, Mar 4, 2026 at 4:02 PM Örnek Sigorta <basvuru@sigorta.test>\nwrote:",
        "Am Mi., 4. März 2026 um 16:02 Uhr schrieb Örnek Sigorta <\nbasvuru@sigorta.test>:",
        "Örnek Sigorta <basvuru@sigorta.test> schrieb am Mi., 4. März 2026, 16:02:",
        "Le mer. 4 mars 2026 à 16:02, Örnek Sigorta <basvuru@sigorta.test> a écrit :",
        "El mié, 4 mar 2026 a las 16:02, Örnek (<basvuru@sigorta.test>) escribió:",
        "Il giorno mer 4 mar 2026 alle ore 16:02 Örnek <basvuru@sigorta.test> ha scritto:",
        "Em qua., 4 de mar. de 2026 às 16:02, Örnek <basvuru@sigorta.test> escreveu:",
        "Op wo 4 mrt 2026 om 16:02 schreef Örnek <basvuru@sigorta.test>:",
        "Den ons. 4. mar. 2026 kl. 16.02 skrev Örnek <basvuru@sigorta.test>:",
        "W dniu 4 marca 2026 16:02 użytkownik Örnek <basvuru@sigorta.test> napisał:",
        "ср, 4 мар. 2026 г. в 16:02, Örnek <basvuru@sigorta.test> написал:",
        "Örnek <basvuru@sigorta.test> kirjoitti 4.3.2026 kello 16.02:",
        "在 2026年3月4日 16:02，Örnek <basvuru@sigorta.test>写道：",
    ],
)
def test_the_line_above_a_quote_is_known_in_many_languages(attribution: str) -> None:
    assert reply(f"Teşekkürler, bekliyorum.\n\n{attribution}{QUOTE}") == "Teşekkürler, bekliyorum."
    assert (
        reply(f"Teşekkürler, bekliyorum.\n\n{attribution}{UNMARKED}") == "Teşekkürler, bekliyorum."
    )


def test_a_line_in_an_unknown_language_counts_when_a_quote_follows() -> None:
    line = "Pada tanggal 4 Mar 2026 pukul 16.02 Örnek <basvuru@sigorta.test> menulis:"
    assert reply(f"Ya.\n\n{line}{QUOTE}") == "Ya."
    assert "menulis" in reply(f"Ya.\n\n{line}{UNMARKED}")


@pytest.mark.parametrize(
    "block",
    [
        "Kimden: Örnek\nGönderildi: 4 Mart 2026 Çarşamba 16:02\nKime: Ali\nKonu: Hasar",
        "Gönderen: Örnek\nGönderilme Zamanı: 4 Mart 2026 16:02\nKime: Ali\nKonu: Hasar",
        "________________________________\nKimden: Örnek\nTarih: 4 Mart 2026\nKonu: Hasar",
        "*Kimden:* Örnek [mailto:basvuru@sigorta.test]\n*Gönderildi:* 4 Mart\n*Konu:* Hasar",
        "-----Özgün İleti-----\nKimden: Örnek",
        "-----Orijinal Mesaj-----",
        "-------- Original Message --------",
        "-----Ursprüngliche Nachricht-----",
        "From: Örnek\nSent: Wednesday, March 4, 2026 4:02 PM\nTo: Ali\nSubject: Hasar",
        "Von: Örnek\nGesendet: Mittwoch, 4. März 2026 16:02\nAn: Ali\nBetreff: Hasar",
        "De : Örnek\nEnvoyé : mercredi 4 mars 2026 16:02\nÀ : Ali\nObjet : Hasar",
        "Da: Örnek\nInviato: mercoledì 4 marzo 2026 16:02\nA: Ali\nOggetto: Hasar",
        "Van: Örnek\nVerzonden: woensdag 4 maart 2026 16:02\nAan: Ali\nOnderwerp: Hasar",
        "Från: Örnek\nSkickat: den 4 mars 2026 16:02\nTill: Ali\nÄmne: Hasar",
        "Od: Örnek\nWysłano: środa, 4 marca 2026\nDo: Ali\nTemat: Hasar",
        "От: Örnek\nОтправлено: 4 марта 2026\nКому: Ali\nТема: Hasar",
        "发件人: Örnek\n日期: 2026年3月4日\n收件人: Ali\n主题: Hasar",
    ],
)
def test_quoted_header_blocks_end_the_reply(block: str) -> None:
    assert reply(f"Bilginize sunarım.\n\n{block}\n\nSayın müşterimiz") == "Bilginize sunarım."


def test_a_petition_with_date_and_subject_on_top_is_no_quoted_header() -> None:
    text = "Tarih: 05.03.2026\nKonu: Hasar dosyası hakkında\n\nSayın yetkili,\naracım hasarlıdır."
    assert reply(text) == text


def test_a_story_about_what_somebody_wrote_is_no_attribution() -> None:
    text = "05.03.2026 tarihinde temsilciniz bana şunu yazdı:\nödeme yapılacak.\nAma yapılmadı."
    assert reply(text) == text


def test_an_answer_below_the_quote_is_kept() -> None:
    text = (
        "Çarşamba 04 Mart 2026 tarihinde Örnek Sigorta yazdı:\n> Kaza tarihi nedir?\n\n1 Mart 2026."
    )
    assert reply(text) == "1 Mart 2026."


def test_answers_between_quoted_lines_are_kept() -> None:
    assert facts(sample("kmail-alt-yanit.eml")).reply_text.split() == [
        "1",
        "Mart",
        "2026.",
        "Hayır,",
        "yoktu.",
    ]


def test_a_quote_that_somebody_cites_before_writing_stays_with_the_text() -> None:
    assert reply("> Ödeme yapıldı.\n\nHayır, yapılmadı.") == "> Ödeme yapıldı.\n\nHayır, yapılmadı."


def test_the_sender_may_write_on_the_line_of_the_attribution() -> None:
    assert reply("olur On Wed, Mar 4, 2026 at 4:02 PM, a@example.test wrote:\n> x") == "olur"


def test_a_link_that_was_wrapped_out_of_its_quote_is_no_answer() -> None:
    quoted = "> Bkz. (https://example.test/a\n?b=c)\n> son\n(https://example.test/d) >\n> bitti"
    assert reply(f"Tamam.\n\nOn 4 Mar 2026 at 16:02, Ali wrote:\n\n{quoted}") == "Tamam."


@pytest.mark.parametrize("mark", ["-- ", "--", "—", "_______________________"])
def test_a_signature_is_cut_from_the_reply_but_its_numbers_are_the_senders(mark: str) -> None:
    data = mail(f"Merhaba.\n\n{mark}\nAli Veli\n0555 000 12 34\n")
    assert facts(data).reply_text == "Merhaba."
    assert [p.value for p in message(data).identifiers.phone] == ["+905550001234"]


def test_a_signature_mark_on_the_first_line_starts_the_message() -> None:
    assert reply("-- \nMerhaba, dosyam ne oldu?") == "--\nMerhaba, dosyam ne oldu?"


@pytest.mark.parametrize("rule", ["-----", "=====", "*****", "_____"])
def test_a_ruled_line_between_paragraphs_cuts_nothing(rule: str) -> None:
    lines = "\n".join(f"Satır {i}." for i in range(20 if rule == "_____" else 2))
    text = f"Birinci konu.\n{rule}\n{lines}"
    assert reply(text) == text


def test_a_ruled_line_within_a_long_text_cuts_nothing() -> None:
    text = "Birinci konu.\n-----\n" + "\n".join(f"Satır {i}." for i in range(20))
    assert reply(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "iPhone’umdan gönderildi",
        "iPad'imden gönderildi",
        "Android için Outlook’u edinin",
        "Sent from my iPhone",
    ],
)
def test_the_lines_of_phones_are_cut(line: str) -> None:
    assert reply(f"Tamam.\n\n{line}\n") == "Tamam."


def test_code_fences_keep_what_looks_like_marks() -> None:
    text = "Kod:\n\n```\n# başlık\n----\n> alıntı değil\n```\n\nSon."
    assert reply(text) == text


def test_a_forwarded_mail_is_kept_and_its_sender_can_be_found() -> None:
    result = message(sample("iletilen.eml"))
    assert "Bilginize sunarım" in facts(sample("iletilen.eml")).reply_text
    assert "Poliçemin iptalini istiyorum" in facts(sample("iletilen.eml")).reply_text
    assert "ayse.deneme@example.test" in [e.value for e in result.identifiers.email]


def test_a_forwarded_mail_without_a_word_of_the_sender_is_kept_whole() -> None:
    text = (
        "Kimden: Ayşe <a@example.test>\nTarih: 4 Mart 2026\nKonu: Şikâyet\n\nPoliçem iptal edilsin."
    )
    assert reply(text, subject="Şikâyet") == text


def test_a_forwarded_mail_quoted_in_an_answer_is_cut() -> None:
    forwarded = "---------- Forwarded message ----------\nFrom: A <a@example.test>\n\nx"
    text = f"Bu konuda yazmıştım.\n\n{forwarded}"
    assert reply(text) == "Bu konuda yazmıştım."


def test_numbers_in_a_quoted_mail_are_not_the_senders() -> None:
    found = message(sample("gmail-yanit.eml")).identifiers
    assert [p.value for p in found.phone] == ["+905550001234"]
    assert [p.value for p in found.plate] == ["34ABC123"]


def test_the_application_number_is_read_from_the_subject() -> None:
    found = message(sample("gmail-yanit.eml")).identifiers
    assert [n.value for n in found.application_number] == ["2619943644"]


def test_an_outlook_answer_in_html_is_told_from_what_it_quotes() -> None:
    text = facts(sample("outlook-yanit.eml")).reply_text
    assert text.startswith("Sayın yetkili,")
    assert "1.250,00 TL" in text
    assert "incelenmektedir" not in text
    assert "gizli" not in text
    assert "Dosyanız incelenmektedir" in message(sample("outlook-yanit.eml")).text


def test_a_mail_of_nothing_but_quotes_says_nothing_new() -> None:
    assert reply("> eski\n> metin") == ""


@pytest.mark.parametrize(
    "line",
    [
        "a",
        ">",
        "--",
        "On 1 2 3 4 5 wrote",
        "Kimden: x",
        "On Wed, Mar 4, 2026 at 4:02 PM, a@example.test wrote:",
        "a@b.test 1.1.2026 " * 20,
        "```",
        "http://" * 50,
        "> (http",
        "_" * 300,
        "From: a@example.test",
    ],
)
def test_the_time_grows_with_the_length_and_not_with_its_square(line: str) -> None:
    text = "\n".join([line] * (400_000 // (len(line) + 1)))
    start = time.process_time()
    reply_module.split(text, "Re: x")
    assert time.process_time() - start < 3
