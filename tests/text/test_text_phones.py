"""Telephone numbers: spellings, types, and what an SMS may be sent to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.schema import Identifier, Identifiers
from normalizers.text import phones
from normalizers.text.identifiers import find
from normalizers.text.person import applicant_phone


@pytest.mark.parametrize(
    "raw",
    [
        "0555 111 22 33",
        "05551112233",
        "5551112233",
        "+90 555 111 22 33",
        "00905551112233",
        "(0555) 111-22-33",
        "90 555 1112233",
        "٠٥٥٥١١١٢٢٣٣",
        "+90 (0)555 111 22 33",
        "0555.111.22.33",
        "tel:+905551112233",
        "0555 111 22 33 dahili 12",
        "0555\u00a0111\u00a022\u00a033",
    ],
)
def test_every_spelling_is_the_same_mobile(raw: str) -> None:
    phone = phones.parse(raw)
    assert phone == phones.Phone(raw, "+905551112233", "mobile", can_sms=True, certain=True)


@pytest.mark.parametrize(
    ("raw", "e164", "kind"),
    [
        ("0212 333 44 55", "+902123334455", "fixed"),
        ("0216 333 44 55", "+902163334455", "fixed"),
        ("0392 222 33 44", "+903922223344", "fixed"),
        ("0850 250 00 12", "+908502500012", "voip"),
        ("444 1 244", "+904441244", "uan"),
        ("0800 111 22 33", "+908001112233", "toll_free"),
        ("0900 111 22 33", "+909001112233", "premium"),
    ],
)
def test_other_types_take_no_sms(raw: str, e164: str, kind: str) -> None:
    phone = phones.parse(raw)
    assert phone is not None
    assert (phone.e164, phone.type, phone.can_sms) == (e164, kind, False)


@pytest.mark.parametrize("raw", ["0591 000 00 12", "0561 999 00 12"])
def test_a_mobile_range_the_numbering_plan_does_not_know_is_tried_and_flagged(raw: str) -> None:
    phone = phones.parse(raw)
    assert phone is not None
    assert phone.type == "mobile" and phone.can_sms and not phone.certain


def test_foreign_mobiles_are_allowed() -> None:
    phone = phones.parse("+49 170 0000012")
    assert phone is not None
    assert phone.type == "mobile" and phone.can_sms


@pytest.mark.parametrize(
    "raw",
    ["", "0555", "abc", "0555 ABC DEF", "12.03.2026", "0212 111", "+", "9" * 500, "2619943644"],
)
def test_other_things_are_no_numbers(raw: str) -> None:
    assert phones.parse(raw) is None


def test_numbers_nobody_has_are_dummies() -> None:
    assert phones.is_dummy("+905555555555") and phones.is_dummy("+905320000000")
    assert not phones.is_dummy("+905550001234")


@given(st.text(max_size=80))
def test_parse_never_raises(raw: str) -> None:
    phones.parse(raw)


def _texted(*found: tuple[str, float]) -> Identifiers:
    return Identifiers(
        phone=tuple(Identifier(value=number, raw=number, certainty=sure) for number, sure in found)
    )


def test_the_senders_mobile_comes_first() -> None:
    text = _texted(("+905550001234", 1.0))
    assert applicant_phone(text, "+905550009876") == "+905550009876"


@pytest.mark.parametrize("sender", [None, "+902123334455", "+905555555555", "nonsense"])
def test_else_the_first_sure_mobile_of_the_text(sender: str | None) -> None:
    text = _texted(
        ("+902123334455", 1.0), ("+905550001111", 0.6), ("+905550001234", 0.8), ("+905550005678", 1)
    )
    assert applicant_phone(text, sender) == "+905550001234"


def test_no_mobile_means_no_sms() -> None:
    assert applicant_phone(_texted(("+904441244", 1.0), ("+905550001234", 0.7)), None) is None


LETTER = (
    "Sayın yetkili,\n\nEksperiniz Ali Bey (0555 111 22 33) bir daha dönmedi.\n"
    + "Dosyam üç haftadır bekliyor.\n" * 10
)


def test_a_number_in_the_middle_of_a_sentence_is_not_the_writers():
    assert applicant_phone(find(LETTER), None, LETTER) is None


@pytest.mark.parametrize(
    "own", ["Deneme Kişi\n0555 000 98 76\n", "Cep: 0555 000 98 76\n" + "Son satır.\n" * 12]
)
def test_a_labelled_number_and_one_under_the_letter_are_the_writers(own):
    text = LETTER + own
    assert applicant_phone(find(text), None, text) == "+905550009876"
