"""The subject line of a letter that has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.schema import MailFacts, Message
from normalizers.text.subject import LONGEST, made_from


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (
            "Muğla\nKonu : Kasko hasarımın eksik ödenmesi\nSayın Yetkili,",
            "Kasko hasarımın eksik ödenmesi",
        ),
        ("KONU. Yol yardım hizmeti\nx", "Yol yardım hizmeti"),
        ("“KONU: Su basması\nx", "Su basması"),
        (
            "ÖRNEK SİGORTA A.Ş.\nSayın Yetkili,\nPoliçemin iptali hk.\nSizden",
            "Poliçemin iptali hk.",
        ),
        ("Ödenmeyen hasar hakkında\nBekliyorum efendim.", "Ödenmeyen hasar hakkında"),
        (
            "Merhaba,\n\n34 ABC 123 plakalı aracımın hasarı ödenmedi. Üç haftadır bekliyorum.",
            "34 ABC 123 plakalı aracımın hasarı ödenmedi",
        ),
        (
            "ÖRNEK SİGORTA A.Ş. Genel Müdürlüğüne\nTarih: 05.03.2026\nSayın Ali Örnek,\n"
            "Eksper raporu bana hâlâ\nulaşmadı. Gereğini rica ederim.",
            "Eksper raporu bana hâlâ ulaşmadı",
        ),
        ("iyi günler kaskom iptal edildi neden", "iyi günler kaskom iptal edildi neden"),
        ("Ad Soyad: Ali\nTel: 0555 000 12 34", ""),
        ("", ""),
    ],
)
def test_a_subject_is_made(text: str, subject: str) -> None:
    assert made_from(text) == subject


def test_long_numbers_do_not_get_into_lists() -> None:
    made = made_from("Kimliğim 24567890102, IBAN TR330006100519786457841326 ödeme yapın.")
    assert made == "Kimliğim …, IBAN … ödeme yapın"


def test_a_long_sentence_is_cut_between_words() -> None:
    made = made_from("Eksper raporu " + "henüz ulaşmadı ve " * 20)
    assert len(made) <= LONGEST and made.endswith("…") and " …" not in made


def test_the_subject_of_a_mail_stays_its_own() -> None:
    text = "Konu: Başka bir şey"
    assert (
        Message(source="a", kind="email", text=text, mail=MailFacts(subject="Hasar")).subject
        == "Hasar"
    )
    assert Message(source="a", kind="email", text=text, mail=MailFacts()).subject == "Başka bir şey"
    assert Message(source="a", kind="post", text=text).subject == "Başka bir şey"


@given(st.text(max_size=400))
def test_any_text_has_one_line_for_a_subject(text: str) -> None:
    made = made_from(text)
    assert len(made) <= LONGEST and "\n" not in made
