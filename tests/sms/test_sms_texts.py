"""Texts for applicants, what is done to their letters, and what they must not be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.sms.lint import lint
from cases.sms.mask import mask_phone
from cases.sms.segments import best
from cases.sms.templates import Language, Purpose, render, texts
from cases.sms.transliterate import for_sms, to_ascii

LONGEST = {
    "number": "26-1994-3644",
    "phone": "+90 850 000 00 00",
    "company": "Örnek Sigorta A.Ş.",
}
ALL = [(purpose, language) for purpose in Purpose for language in ("tr", "en")]


@pytest.mark.parametrize(("purpose", "language"), ALL)
def test_every_text_that_we_ship_may_be_sent(purpose: Purpose, language: Language) -> None:
    assert lint(texts()[purpose][language], LONGEST) == []


@pytest.mark.parametrize(("purpose", "language"), ALL)
def test_every_text_that_we_ship_is_one_part(purpose: Purpose, language: Language) -> None:
    text = render(purpose, language, **LONGEST)
    assert best(text).parts == 1
    assert LONGEST["number"] in text
    assert text.endswith(LONGEST["company"])


@pytest.mark.parametrize("purpose", list(Purpose))
def test_without_turkish_letters_every_text_is_still_one_part(purpose: Purpose) -> None:
    assert best(to_ascii(render(purpose, "tr", **LONGEST)), turkish=False).parts == 1


def test_there_is_a_text_for_each_purpose_and_no_other() -> None:
    assert set(texts()) == set(Purpose)


def test_a_company_name_with_a_hat_does_not_double_the_price() -> None:
    text = render(Purpose.RECEIVED, "tr", number="1", phone="2", company="Kârlı Sigorta")
    assert text.endswith("Karlı Sigorta")


GOOD = "{number} numaralı başvurunuz alındı. Bilgi: {phone} {company}"


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        (GOOD + " www.example.test", "address"),
        (GOOD + " ORNEK.COM.TR", "address"),
        (GOOD + " http://example.test/x", "address"),
        (GOOD + " {name}", "personal"),
        (GOOD + " TCKN 12345678950", "personal"),
        (GOOD + " 0555 000 12 34", "personal"),
        (GOOD + " KAMPANYA!", "promotion"),
        (GOOD + " İNDİRİMLİ poliçe", "promotion"),
        (GOOD + " Özel teklif", "promotion"),
        (GOOD + " Lütfen cevap veriniz.", "reply"),
        (GOOD.replace(" {company}", ""), "company"),
        (GOOD.replace("{number} ", ""), "number"),
        (GOOD.replace("başvurunuz", "şikâyetiniz"), "characters"),
        (GOOD + " – bilgi", "characters"),
        (GOOD + " şimdi" * 15, "length"),
        (GOOD + " 😀 bilgi", "length"),
    ],
)
def test_a_text_that_breaks_a_rule_is_found(template: str, rule: str) -> None:
    assert [finding.rule for finding in lint(template, LONGEST)] == [rule]


def test_the_length_is_that_of_the_longest_values() -> None:
    padded = GOOD + " " + "a" * (150 - 1 - len(GOOD.format(**LONGEST)))
    assert lint(padded, LONGEST) == []
    assert [finding.rule for finding in lint(padded + "a", LONGEST)] == ["length"]


def test_the_sample_in_two_parts_is_found() -> None:
    template = (
        "{number} numaralı başvurunuzun incelenebilmesi için ek bilgiye ihtiyaç duyulmaktadır. "
        "Lütfen {phone} numaralı hattan bize ulaşınız. {company}"
    )
    longest = {"number": "26-1994-3644", "phone": "0850 000 00 00", "company": "Ornek Sigorta"}
    [finding] = lint(template, longest)
    assert finding == ("length", "156 of 150 units in turkish-locking")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("şikâyet", "şikayet"),
        ("ÂÎÛâîû", "Aİ" + "Uaiu"),
        ("‘a’ “b” – c — d… 5 ₺\u00a0x", "'a' \"b\" - c - d... 5 TL x"),
        ("s\u0327ikayet", "şikayet"),
    ],
)
def test_costly_letters_are_written_in_cheap_ones(text: str, expected: str) -> None:
    assert for_sms(text) == expected


def test_what_was_made_cheap_has_a_seven_bit_encoding() -> None:
    assert best(for_sms("Şikâyetiniz “26” – alındı… 5 ₺")).encoding != "ucs2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iğdır'da İlişki çözüldü, ŞÜKÛR", "Igdir'da Iliski cozuldu, SUKUR"),
        ("Zoë 漢", "Zoe ?"),
    ],
)
def test_ascii_keeps_what_can_be_read(text: str, expected: str) -> None:
    assert to_ascii(text) == expected


@given(st.text())
def test_ascii_is_ascii_and_doing_it_twice_changes_nothing(text: str) -> None:
    assert to_ascii(text).isascii()
    assert to_ascii(to_ascii(text)) == to_ascii(text)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+905550001233", "+90 555 *** ** 33"),
        ("+4915112345678", "+49 *** 78"),
        ("12", "***"),
        ("", "***"),
    ],
)
def test_a_shown_number_hides_most_of_itself(number: str, shown: str) -> None:
    assert mask_phone(number) == shown
