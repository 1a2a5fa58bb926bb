"""Case, matching keys and sort order of Turkish (vectors: domain rules of the product)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.text import turkish

LETTERS = "abcçdefgğhıijklmnoöpqrsştuüvwxyzâîûABCÇDEFGĞHIİJKLMNOÖPQRSŞTUÜVWXYZÂÎÛ"
turkish_text = st.text(LETTERS + " .,'-0123456789")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("IŞIK", "isik"),
        ("İLİŞKİ", "iliski"),
        ("ığdır İzmir", "igdir izmir"),
        ("ŞİKÂYET", "sikayet"),
        ("Çağrı MERKEZİ", "cagri merkezi"),
        ("I\u0307stanbul", "istanbul"),
        ("i\u0307stanbul", "istanbul"),
        ("POLICY no", "policy no"),
    ],
)
def test_fold_makes_one_key_of_all_spellings(text: str, key: str) -> None:
    assert turkish.fold(text) == key


def test_case_follows_the_turkish_alphabet() -> None:
    assert turkish.lower_tr("IŞIK İLİŞKİ") == "ışık ilişki"
    assert turkish.upper_tr("ışık ilişki") == "IŞIK İLİŞKİ"
    assert turkish.lower_tr("I\u0307zmir") == "izmir"


def test_title_case_leaves_suffixes_small() -> None:
    assert turkish.title_tr("ayşe-nur IŞIK") == "Ayşe-Nur Işık"
    assert turkish.title_tr("İZMİR'İN ili") == "İzmir'in İli"


def test_names_sort_as_in_a_turkish_register() -> None:
    register = "Can Çelik Demir Güneş Ğ Irmak Işık İnci Oya Öz Sen Şen Uçar Ünal Zeki"
    names = sorted(sorted(register.split()), key=turkish.sort_key_tr)
    assert " ".join(names) == register


def test_months_and_days_are_all_there() -> None:
    assert turkish.MONTHS[0] == "Ocak" and turkish.MONTHS[11] == "Aralık"
    assert turkish.WEEKDAYS[0] == "Pazartesi" and turkish.WEEKDAYS_SHORT[6] == "Paz"
    assert len(turkish.MONTHS_SHORT) == 12 and len(turkish.WEEKDAYS) == 7


@given(st.text())
def test_fold_is_stable(text: str) -> None:
    once = turkish.fold(text)
    assert turkish.fold(once) == once


@given(turkish_text)
def test_fold_of_turkish_is_ascii_of_equal_length_and_blind_to_case(text: str) -> None:
    key = turkish.fold(text)
    assert key.isascii() and len(key) == len(text)
    assert key == turkish.fold(turkish.upper_tr(text)) == turkish.fold(turkish.lower_tr(text))


@given(st.text())
def test_composed_and_folded_texts_have_the_same_positions(text: str) -> None:
    composed = turkish.composed(text)
    assert len(turkish.fold_composed(composed)) == len(composed)


@given(turkish_text)
def test_decomposed_text_folds_alike(text: str) -> None:
    assert turkish.fold(unicodedata.normalize("NFD", text)) == turkish.fold(text)


@given(st.text(LETTERS))
def test_lower_undoes_upper(text: str) -> None:
    assert turkish.lower_tr(turkish.upper_tr(text)) == turkish.lower_tr(text)
