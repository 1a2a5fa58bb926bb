"""Finding identifiers in what people write."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.schema import Identifier, Identifiers
from normalizers.text.identifiers import find, merge

LETTER = """Ankara, 5 Haziran 2025
KONU: Hasar ödemesi
221-2021-00012345 numaralı poliçe ile sigortalıyım; T.C. kimlik numaram
24567890102, cep telefonum (0555) 000 12 34 ve e-posta adresim Ayse_Ornek@Posta.example.test
şeklindedir. 11/09/2024 akşamı 34ABC123 plakalı aracım için 344.606,75 TL'nin iadesini
istedim. H-0008765 sayılı dosyanız. Vergi No: 7540652985, başvurum 26-1994-3644.
Saygılarımla,
Ayşe Işıl ÖRNEK
IBAN: TR33 0006 1005 1978 6457 8413 26
"""


def values(text: str, kind: str, *, ocr: bool = False) -> list[str]:
    return [i.value for i in getattr(find(text, ocr=ocr), kind)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "+905550001234"),
        ("tckn", "24567890102"),
        ("vkn", "7540652985"),
        ("policy", "221-2021-00012345"),
        ("claim", "H-0008765"),
        ("plate", "34ABC123"),
        ("email", "ayse_ornek@posta.example.test"),
        ("iban", "TR330006100519786457841326"),
        ("name", "Ayşe Işıl Örnek"),
        ("amount", "344606.75"),
        ("application_number", "2619943644"),
    ],
)
def test_one_letter_holds_one_of_each(kind: str, value: str) -> None:
    assert values(LETTER, kind) == [value]


def test_dates_come_in_order_and_as_iso() -> None:
    assert values(LETTER, "date") == ["2025-06-05", "2024-09-11"]


def test_raw_and_page_say_where_it_stood() -> None:
    phone = find(LETTER, page=3).phone[0]
    assert phone == Identifier(value="+905550001234", raw="(0555) 000 12 34", page=3, certainty=1.0)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Tel: 0212 333 44 55", "+902123334455"),
        ("tel 0 212 333 44 55", "+902123334455"),
        ("+90 (224) 645 0012", "+902246450012"),
        ("+90 555 000 12 34", "+905550001234"),
        ("+905550001234", "+905550001234"),
        ("0090 555 000 12 34", "+905550001234"),
        ("90 555 000 1234", "+905550001234"),
        ("Cep: 5550001234", "+905550001234"),
        ("cebim 555 000 12 34", "+905550001234"),
        ("0555-000-1234.", "+905550001234"),
        ("0555.000.12.34", "+905550001234"),
        ("Tel:05550001234", "+905550001234"),
        ("Telefon (0555)0001234", "+905550001234"),
        ("٠٥٥٥٠٠٠١٢٣٤", "+905550001234"),
        ("cep telefonum (0555)\n000 12 34 ve", "+905550001234"),
        ("444 1 244 numaralı hat", "+904441244"),
        ("4441244'ü aradım", "+904441244"),
        ("444 12 44", "+904441244"),
        ("0850 250 00 12", "+908502500012"),
        ("0(850)2500012", "+908502500012"),
        ("+49 170 0000012", "+491700000012"),
        ("(212) 333 44 55", "+902123334455"),
        ("Faks: 212 333 44 55", "+902123334455"),
    ],
)
def test_telephone_numbers(text: str, number: str) -> None:
    assert values(text, "phone") == [number]


def test_two_telephone_numbers_with_a_slash_are_two() -> None:
    text = "Tel: 0212 333 44 55/0555 000 12 34"
    assert values(text, "phone") == ["+902123334455", "+905550001234"]


def test_a_bare_mobile_number_is_kept_but_not_sure_enough_for_an_sms() -> None:
    assert find("ulaşın 5550001234").phone[0].certainty < 0.8
    assert find("cep 5550001234").phone[0].certainty == 1.0


@pytest.mark.parametrize("text", ["503-555-0012", "Phone: 503-555-0012", "(503) 555-0012"])
def test_a_number_grouped_as_in_north_america_never_gets_an_sms(text: str) -> None:
    assert all(phone.certainty < 0.8 for phone in find(text).phone)


@pytest.mark.parametrize(
    "text",
    [
        "TC: 24567890102",
        "T.C. Kimlik No : 24567890102",
        "TCKN 24567890102",
        "24567890102 TC kimlik numaralı",
        "24567890102",
        "T.C.\nkimlik numaram 24567890102'dir",
        "Kimlik no: 245 678 901 02",
    ],
)
def test_identity_numbers(text: str) -> None:
    assert values(text, "tckn") == ["24567890102"]


@pytest.mark.parametrize(
    "text",
    [
        "Vergi Kimlik No: 7540652985",
        "Vergi kimlik numaram 7540652985",
        "Vergi Dairesi: Örnek / 7540652985",
        "V.D.: Örnek VKN 754 065 2985",
        "7540652985 vergi numaralı şirketimiz",
        "7540652985 vergi kimlik numaralı şirketimiz",
        "Tax ID: 7540652985",
        "T.C./Vergi No: 7540652985",
    ],
)
def test_tax_numbers(text: str) -> None:
    found = find(text)
    assert [i.value for i in found.vkn] == ["7540652985"]
    assert found.tckn == found.phone == found.application_number == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Poliçe No: 6189228427", "6189228427"),
        ("POLİÇE NO 6189228427", "6189228427"),
        ("poliçe numaram\nKNT1296406/78-9.", "KNT1296406/78-9"),
        ("Poliçe numarası: 998-2021-00035525", "998-2021-00035525"),
        ("Police No 0001234567", "0001234567"),
        ("221-2021-79706 nolu kasko poliçem", "221-2021-79706"),
        ("221-2021-79706 no'lu trafik sigorta poliçesi", "221-2021-79706"),
        ("poliçem (A-1234567)", "A-1234567"),
        ("Policy number: ab-1234567", "AB-1234567"),
        ("Poliçe No: 5550001234", "5550001234"),
        ("Poliçe No: 05550001234", "05550001234"),
    ],
)
def test_policy_numbers(text: str, number: str) -> None:
    found = find(text)
    assert [i.value for i in found.policy] == [number]
    assert found.phone == () and found.tckn == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Hasar Dosya No: H-5898548", "H-5898548"),
        ("Hasar No 2025/32398", "2025/32398"),
        ("dosya numaram 2025/32398", "2025/32398"),
        ("Dosyamın (2025/872460) hangi", "2025/872460"),
        ("2025/32398 sayılı dosya", "2025/32398"),
        ("2025/32398 numaralı hasar dosyası", "2025/32398"),
        ("İhbar no: 1234567", "1234567"),
        ("claim number 2025/32398", "2025/32398"),
    ],
)
def test_claim_numbers(text: str, number: str) -> None:
    assert values(text, "claim") == [number]


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("Plaka: 34 ABC 123", "34ABC123"),
        ("34-abc-123 plakalı", "34ABC123"),
        ("06A1234", "06A1234"),
        ("52 ZR\n6074 plakalı", "52ZR6074"),
        ("plakası 34 İA 1234 olan", "34IA1234"),
    ],
)
def test_number_plates(text: str, plate: str) -> None:
    assert values(text, "plate") == [plate]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("05.10.2025", "2025-10-05"),
        ("5/6/2025 tarihinde", "2025-06-05"),
        ("05-10-2025'te", "2025-10-05"),
        ("2025-10-05", "2025-10-05"),
        ("15 Kasım 2023", "2023-11-15"),
        ("1 ŞUBAT 2024", "2024-02-01"),
        ("7 Ağu 2024", "2024-08-07"),
        ("15 November 2023", "2023-11-15"),
        ("November 15, 2023", "2023-11-15"),
        ("05.10.25", "2025-10-05"),
    ],
)
def test_dates(text: str, date: str) -> None:
    assert values(text, "date") == [date]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("344.606,75 TL'nin", "344606.75"),
        ("1.250 TL", "1250.00"),
        ("1250 TL", "1250.00"),
        ("12,5 TL", "12.50"),
        ("₺1.250,00", "1250.00"),
        ("1,250.50 TL", "1250.50"),
        ("125.394,50\nTL'dir", "125394.50"),
        ("15 bin TL", "15000.00"),
        ("2,5 milyon lira", "2500000.00"),
        ("Tutar 31.091,75", "31091.75"),
    ],
)
def test_amounts(text: str, amount: str) -> None:
    assert values(text, "amount") == [amount]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ad Soyad: IŞIL SARIGÜL", "Işıl Sarıgül"),
        ("Adı Soyadı : Ayşe ŞAHİNOĞLU", "Ayşe Şahinoğlu"),
        ("Adı ve Soyadı Ali Veli Örnek", "Ali Veli Örnek"),
        ("İsim Soyisim: Ali Örnek Telefon: 0555", "Ali Örnek"),
        ("Adı: Ayşe\nSoyadı: Örnek", "Ayşe Örnek"),
        ("Saygılarımla,\nAyşe Örnek", "Ayşe Örnek"),
        ("saygılarımla arz ederim.\n\nAYŞE ÖRNEK\n(imza)", "Ayşe Örnek"),
        ("Saygılarımla\n\nİmza\nAv. Ayşe Örnek", "Ayşe Örnek"),
        ("Saygılarımla, Ayşe Örnek", "Ayşe Örnek"),
        ("Best regards,\nAli Sample", "Ali Sample"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert values(text, "name") == [name]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("[26-1994-3644] hk.", True),
        ("Başvuru No: 2619943644", True),
        ("2619943644 numaralı başvurum", True),
        ("başvurum 26 1994 3644", True),
        ("2619943644", False),
    ],
)
def test_application_numbers_with_their_check_digit(text: str, sure: bool) -> None:
    (found,) = find(text).application_number
    assert found.value == "2619943644" and (found.certainty >= 0.8) is sure


@pytest.mark.parametrize("text", ["26-1994-3645", "Başvuru No: 1919943644", "126-1994-3644"])
def test_application_numbers_that_are_not_ours(text: str) -> None:
    assert values(text, "application_number") == []


def test_merge_keeps_order_and_of_a_repeat_the_surer() -> None:
    first = find("ulaşın 5550001234, 0212 333 44 55", page=1)
    second = find("Cep: 0555 000 12 34", page=2)
    merged = merge([first, second])
    assert [(i.value, i.certainty) for i in merged.phone] == [
        ("+905550001234", 1.0),
        ("+902123334455", 1.0),
    ]
    assert merge([]) == Identifiers()


@given(st.text(max_size=300), st.booleans())
def test_find_never_raises_and_keeps_to_the_schema(text: str, ocr: bool) -> None:
    json.dumps(find(text, ocr=ocr).model_dump())


@given(st.text("0123456789 .-/()+TRIOlS@:\nabpolicehasar", max_size=200), st.booleans())
def test_find_never_raises_on_numbers(text: str, ocr: bool) -> None:
    for kind in Identifiers.model_fields:
        for found in getattr(find(text, ocr=ocr), kind):
            assert 0 < found.certainty <= 1 and found.value
