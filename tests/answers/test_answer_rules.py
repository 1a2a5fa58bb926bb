"""What must be in an answer before it goes, and what must not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from basvuru.office import office
from cases.answers.content import Content, DataSubject, Signatory
from cases.answers.rules import Facts, check, offered_remedies, required_remedies, stops
from cases.answers.shipped import shipped_texts, text_medium
from cases.answers.words import finding
from config.settings import Settings
from storage.standing import Standing

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
OFFICE = office(Settings(company={"address": ("Örnek Caddesi 1",)}), "https://basvuru.example.test")
COMPLAINT = Standing(
    1, "2619943644", "complaint", "in_progress", "email", "mail", "tr", None, NOW, None, None,
    "", "Ayşe Örnekoğlu", "ayse@example.test", "+905550001234",
)  # fmt: skip
REFUSAL = Content(
    "email",
    "tr",
    "rejected",
    "decision",
    "Genel şartların A.5 maddesi bu zararı teminat dışında bırakmaktadır.",
    remedies=("internal", "arbitration", "consumer", "regulator"),
)


def codes(content: Content, standing: Standing = COMPLAINT, **facts) -> set[str]:
    key = (content.template, text_medium(content.medium), content.language)
    given = {"recipient": "ayse@example.test", "now": NOW, **facts}
    found = check(content, Facts(standing, OFFICE, shipped_texts().get(key), **given))
    assert all(finding(one) and finding(one, "en") for one in found)
    return {f"{one.code}:{one.about}" if one.about else one.code for one in found}


def test_a_whole_refusal_may_go():
    assert codes(REFUSAL) == set()


@pytest.mark.parametrize("missing", REFUSAL.remedies)
def test_a_refusal_names_every_outside_remedy(missing):
    left = tuple(one for one in REFUSAL.remedies if one != missing)
    assert codes(replace(REFUSAL, remedies=left)) == {f"remedy:{missing}"}


def test_a_refusal_says_why():
    assert codes(replace(REFUSAL, reasons=" ")) == {"reasons"}
    assert codes(replace(REFUSAL, reasons="Uygun değil.")) == {"reasons_short"}


def test_a_refusal_cannot_be_an_sms_or_public():
    short = replace(REFUSAL, medium="sms", template="answer", remedies=())
    assert "needs_letter:sms" in codes(short)
    assert "needs_letter:reply" in codes(replace(short, medium="reply"))


def test_the_consumer_limit_of_the_year_must_be_known():
    later = NOW + timedelta(days=365)
    assert codes(REFUSAL, now=later) == {"limit:2027"}


def test_an_answer_without_a_type_or_a_recipient_does_not_go():
    assert codes(REFUSAL, replace(COMPLAINT, type="unclassified")) == {"type"}
    assert codes(REFUSAL, recipient="") == {"recipient:email"}


def test_a_representative_gets_nothing_before_somebody_saw_the_authority():
    assert codes(REFUSAL, unchecked_authority=True) == {"authority"}


def test_who_answers_late_is_told_to_say_so_and_may_still_send():
    late = replace(COMPLAINT, legal_due_at=NOW - timedelta(days=1))
    facts = Facts(late, OFFICE, shipped_texts()["decision", "written", "tr"], "a@example.test", NOW)
    found = check(REFUSAL, facts)
    assert [one.code for one in found] == ["late"]
    assert not stops(found)


PUBLIC = Content("reply", "tr", "informed", "answer", "Konuyu incelemek isteriz.")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Konuyu incelemek isteriz.", set()),
        ("Bize 0850 000 00 00 numarasından ulaşın.", set()),
        ("Değerli müşterimiz, inceliyoruz.", {"customer:musterimiz"}),
        ("POLİÇENİZ incelenmektedir.", {"customer:policeniz"}),
        ("Ayşe hanım, inceliyoruz.", {"personal:name"}),
        ("34 ABC 123 plakalı aracı inceliyoruz.", {"personal:plate"}),
        ("T.C. kimlik no 12345678950 ile inceledik.", {"personal:tckn"}),
        ("Sizi 0555 000 12 34 numarasından arayacağız.", {"personal:phone"}),
    ],
)
def test_a_public_reply_says_nothing_personal_and_never_who_is_a_customer(said, expected):
    assert codes(replace(PUBLIC, reasons=said)) == expected


def test_an_sms_carries_no_address_no_person_and_few_parts():
    short = replace(PUBLIC, medium="sms")
    assert codes(replace(short, reasons="Ödemeniz yapıldı.")) == set()
    assert codes(replace(short, reasons="Bkz. www.example.com")) == {"sms_address:www."}
    assert codes(replace(short, reasons="Ayşe, ödemeniz yapıldı.")) == {"personal:name"}
    assert "sms_parts:4" in codes(replace(short, reasons="ş" * 440))


SUBJECT = DataSubject("Ayşe Örnekoğlu", "12345678950", "Örnek Sokak 1", "İşlenen veriler")
DATA = replace(COMPLAINT, type="data_protection")
DATA_ANSWER = Content(
    "email", "tr", "informed", "data_protection", "İşlenen verileriniz ektedir.",
    data_subject=SUBJECT,
)  # fmt: skip


def test_an_answer_to_a_data_request_names_controller_and_applicant():
    assert codes(DATA_ANSWER, DATA) == set()
    assert codes(replace(DATA_ANSWER, data_subject=None), DATA) == {
        "data_subject:name", "data_subject:identity", "data_subject:address",
        "data_subject:subject",
    }  # fmt: skip
    without = replace(DATA_ANSWER, data_subject=replace(SUBJECT, identity=" "))
    assert codes(without, DATA) == {"data_subject:identity"}


def test_a_data_request_is_answered_in_writing_with_the_board_as_remedy():
    by_sms = replace(DATA_ANSWER, medium="sms", template="answer")
    assert "data_medium:sms" in codes(by_sms, DATA)
    refused = replace(DATA_ANSWER, position="rejected", reasons="Beş sözcükten uzun gerekçe budur.")
    assert codes(refused, DATA) == {"remedy:data_board"}
    assert required_remedies("data_protection", "rejected") == ("data_board",)
    assert "arbitration" not in offered_remedies("data_protection", "rejected")


def test_a_letter_has_an_address_and_somebody_who_signs():
    letter = replace(REFUSAL, medium="letter")
    assert codes(letter, recipient="") == {"address", "signatory"}
    signed = replace(letter, address=("Ayşe", "Sokak 1"), signatories=(Signatory("A", "B"),))
    assert codes(signed, recipient="") == set()
