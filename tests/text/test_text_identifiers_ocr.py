"""OCR confusions are repaired where a check digit or a format proves the reading, only there."""

import pytest

from normalizers.text.identifiers import find


def values(text: str, kind: str, *, ocr: bool = True) -> list[str]:
    return [i.value for i in getattr(find(text, ocr=ocr), kind)]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("tckn", "T.C. Kimlik No: 2456789O1O2", "24567890102"),
        ("tckn", "T.C. Kimlik No: 24S67B90102", "24567890102"),
        ("tckn", "Kimlik No: 2456 7890102", "24567890102"),
        ("vkn", "Vergi No: 754O6S2985", "7540652985"),
        ("iban", "IBAN: TR33 OOO6 1005 1978 6457 8413 26", "TR330006100519786457841326"),
        ("iban", "IBAN TR3 3 0006 1OO5 1978 64S7 8413 26", "TR330006100519786457841326"),
        ("iban", "IBAN: 7R33 0006 1005 1978 6457 8413 26", "TR330006100519786457841326"),
        ("iban", "IBAN TR33 O0006 1005 1978 6457 8413 26", "TR330006100519786457841326"),
        ("phone", "Tel: O555 OOO 12 34", "+905550001234"),
        ("phone", "Cep (0555) 00O I2 34", "+905550001234"),
        ("phone", "+9O 555 000 12 34", "+905550001234"),
        ("plate", "O6A1234 plakalı", "06A1234"),
        ("plate", "34 A8C 123 plakalı aracım", "34ABC123"),
        ("plate", "34 İST 12 plaka", "34IST12"),
        ("date", "O5.1O.2025", "2025-10-05"),
        ("amount", "344.606, 75 TL", "344606.75"),
        ("amount", "344 606,75 TL'nin", "344606.75"),
        ("amount", "452:285,23 TU", "452285.23"),
        ("email", "E-posta: ayse ornek©posta.example.org", "ayse_ornek@posta.example.org"),
        ("email", "e-posta adresim ayse, ornek(dposta.com.ir", "ayse_ornek@posta.com.tr"),
        ("email", "ayse.ornekGposta.example.org", "ayse.ornek@posta.example.org"),
        ("email", "ayşe.örnek@posta. example.org", "ayse.ornek@posta.example.org"),
        ("email", "veli.ornek@posta.com:tr şeklindedir", "veli.ornek@posta.com.tr"),
        ("email", "e-posta: veli.ornek@posta.com tr", "veli.ornek@posta.com.tr"),
        ("email", "velı_ornek@posta,org.ir", "veli_ornek@posta.org.tr"),
        ("email", "adresim velı_ornekĝposta.example.org", "veli_ornek@posta.example.org"),
        ("email", "adresim veli_ornek(oposta.example.org", "veli_ornek@posta.example.org"),
        ("email", "E-posta : veli..ornek@posta.example.org", "veli_ornek@posta.example.org"),
        ("email", "E-posta : veli_.ornek@posta.example.org", "veli_ornek@posta.example.org"),
        ("policy", "nezdinde 310 -2022 -00047185 numaralı poliçe", "310-2022-00047185"),
        ("policy", "Poliçe No: 310- 2022 - 00047185", "310-2022-00047185"),
        ("policy", "Poiiçe No: 4021187330", "4021187330"),
        ("policy", "Poiice No: 4021187330", "4021187330"),
        ("claim", "Hasor Dosya No: H-4410023", "H-4410023"),
        ("claim", "Dosyo No : 2024 /118803", "2024/118803"),
        ("vkn", "Vergl Kimlik No: 7540652985", "7540652985"),
        ("plate", "Sigortalınız 06 KZ\n` 4417 plakalı araç", "06KZ4417"),
        ("iban", "IBAN: TR33 0006 /005 1978 6457 8413 26", "TR330006100519786457841326"),
        ("amount", "bedeli 31 091 ,75TL tutar", "31091.75"),
        ("name", "Ad Soyad * VELİ ÖRNEKÇİ *\nTelefon", "Veli Örnekçi"),
    ],
)
def test_a_proved_repair_is_made_and_is_less_certain(kind: str, text: str, value: str) -> None:
    assert values(text, kind) == [value]
    (found,) = getattr(find(text, ocr=True), kind)
    assert found.certainty <= 1.0 and found.raw in text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("phone", "Tarih: 057072025\nTOROS ÖRNEK A.Ş."),  # the next line's first word
        ("email", "ayse@posta.com, info.example.org"),
        ("email", "Ahmet & Mehmet.com"),
        ("policy", "poliçem 12 - 345 lira"),
        ("claim", "Hazar Dostu: 4021187330"),
        ("vkn", "Sergi Kimlik: 7540652984"),
    ],
)
def test_what_only_looks_like_a_misreading_is_left_alone(kind: str, text: str) -> None:
    expected = ["ayse@posta.com"] if text.startswith("ayse@") else []
    assert values(text, kind) == expected


def test_millions_in_one_piece_are_lira_and_kurus_where_all_other_sums_are_set_apart() -> None:
    page = "Cam 31.091,75 TL\nFar 452.285,23 TL\nÇekici 25255472 TL"
    assert values(page, "amount") == ["31091.75", "452285.23", "252554.72"]
    assert find(page, ocr=True).amount[2].certainty == 0.5
    assert values(page, "amount", ocr=False)[2] == "25255472.00"
    assert values("Çekici 25255472 TL", "amount") == ["25255472.00"]
    assert values("Cam 31.091,75 TL, far 4.285,23 TL, cam 50000 TL", "amount")[2] == "50000.00"


def test_a_signature_that_nearly_is_the_labelled_name_is_not_a_second_person() -> None:
    page = "Saygılarımla,\nVELİ ÖRNEMÇİ\nAd Soyad: VELİ ÖRNEKÇİ"
    assert values(page, "name") == ["Veli Örnekçi"]
    assert values(page, "name", ocr=False) == ["Veli Örnemçi", "Veli Örnekçi"]
    other = "Saygılarımla,\nZEYNEP BAŞKA\nAd Soyad: VELİ ÖRNEKÇİ"
    assert values(other, "name") == ["Zeynep Başka", "Veli Örnekçi"]


def test_half_a_signature_is_no_name() -> None:
    assert values("Saygılarımla,\nVeli Ayş& ÖRNEKÇİ\nTelefon", "name") == []


def test_without_ocr_nothing_is_repaired() -> None:
    assert values("T.C. Kimlik No: 2456789O1O2", "tckn", ocr=False) == []
    assert values("IBAN: TR33 OOO6 1005 1978 6457 8413 26", "iban", ocr=False) == []


def test_a_repaired_number_is_less_certain_than_a_clean_one() -> None:
    repaired = find("T.C. Kimlik No: 2456789O1O2", ocr=True).tckn[0].certainty
    clean = find("T.C. Kimlik No: 24567890102", ocr=True).tckn[0].certainty
    assert repaired < clean == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "T.C. Kimlik No: 24567890103",  # wrong as it stands: a digit is never changed to fit
        "T.C. Kimlik No: 24567B9010Z3",
        "T.C. Kimlik No: SOSOlSOSOlO",  # a word, not a number
        "T.C. Kimlik No: 1lllllllll0",
    ],
)
def test_no_identity_number_is_made_up(text: str) -> None:
    assert values(text, "tckn") == []


def test_of_an_iban_one_digit_is_mended_when_one_number_alone_passes() -> None:
    text = "IBAN: TR33 0006 1005 1978 6457 8413 28"  # a 6 read as 8
    (found,) = find(text, ocr=True).iban
    assert found.value == "TR330006100519786457841326" and found.certainty < 0.8
    assert find(text).iban == ()


def test_words_of_look_alike_letters_are_no_numbers() -> None:
    text = "Biz bol soslu IZGARA GOBIT SOBASI sigligi ZILLI BOS. Gel abi TOZ OL"
    assert not any(getattr(find(text, ocr=True), kind) for kind in type(find(text)).model_fields)
