"""Postal addresses, and the names above them."""

import pytest

from normalizers.text.identifiers import find


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "Deneme Sokağı No: 31/2 Köyceğiz/Muğla adresindeki konutum",
            "Deneme Sokağı No: 31/2 Köyceğiz/Muğla",
        ),
        (
            "Adres: Örnek Mah. Deneme Cad. No: 3 D: 5\n34710 Kadıköy / İSTANBUL\nTel: yok",
            "Örnek Mah. Deneme Cad. No: 3 D: 5, 34710 Kadıköy / İSTANBUL",
        ),
        (
            "Ankara Mahallesi İzmir Bulvarı No:12 Kat:3 Çankaya Ankara",
            "Ankara Mahallesi İzmir Bulvarı No:12 Kat:3 Çankaya Ankara",
        ),
        ("1453. Sokak No 5 Bornova İzmir", "1453. Sokak No 5 Bornova İzmir"),
        ("Örnek Sitesi B Blok Daire 4 Kocaeli", "Örnek Sitesi B Blok Daire 4 Kocaeli"),
        ("İkametgâh adresim: Deneme Sk. No:7/A 06100 Ulus", "Deneme Sk. No:7/A 06100"),
    ],
)
def test_addresses_are_found_on_one_line(text: str, address: str) -> None:
    (found,) = find(text).address
    assert found.value == address
    assert 0.5 < found.certainty <= 1.0
    assert found.raw in text


@pytest.mark.parametrize(
    "text",
    [
        "Örnek Caddesi üzerinde kaza yaptım",  # a street alone
        "Caddesi sokak",
        "sokak no 5",  # no name
        "Eksper beş gün sonra geldi, İstanbul'dan",
        "Deneme Cad.\n\nNo: 5 İstanbul",  # another paragraph
        "Deneme Cad. Tel: 0216 000 11 22 No: 5",  # beyond a telephone number
        "Örnek Cad. ordu gibi kalabalıktı, van geldi",  # words, not provinces
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert find(text).address == ()


def test_a_name_over_an_address_is_found_and_is_less_certain() -> None:
    letter = "Ali Örnek\nÖrnek Mah. Deneme Cad. No: 3\n34710 Kadıköy / İSTANBUL\n\nKonu: Kasko"
    (name,) = find(letter).name
    assert (name.value, name.certainty) == ("Ali Örnek", 0.7)
    assert find("Kasko Servisi\nDeneme Cad. No: 3 İstanbul").name == ()


def test_the_address_of_a_company_is_not_acted_upon() -> None:
    (found,) = find("ÖRNEK SİGORTA A.Ş.\nDeneme Cad. No: 1 Levent İstanbul").address
    assert found.certainty < 0.5


def test_the_house_number_is_nothing_else_and_the_telephone_stays() -> None:
    found = find("Deneme Cad. No: 3/5 34710 Kadıköy/İstanbul\nTel: 0216 000 11 22")
    assert [phone.value for phone in found.phone] == ["+902160001122"] or found.phone == ()
    assert found.policy == found.claim == found.plate == ()
