"""What looks like an identifier and is none."""

import time

import pytest

from normalizers.schema import Identifiers
from normalizers.text.identifiers import find


def kinds(text: str, *, ocr: bool = False) -> set[str]:
    found = find(text, ocr=ocr)
    return {kind for kind in Identifiers.model_fields if getattr(found, kind)}


@pytest.mark.parametrize("ocr", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "Sipariş No: 24567890102",
        "Sipariş no: 12345678901",
        "takip numarası 98765432150",
        "K-00012 numaralı ürün",
        "Fatura No: 7540652985",
        "Fatura No: ABC2024000000123",
        "TC Kimlik: 11111111110",
        "TC Kimlik No: 10000000146",
        "T.C. Kimlik No: 24567890103",
        "Tel: 0555 555 55 55",
        "Vergi No: 7540652986",
        "0000000019",
        "IBAN: TR33 0006 1005 1978 6457 8413 62",
        "5684 sayılı Kanun ve 2918 sayılı Kanun",
        "7 gün 24 saat hizmet",
        "%7,5 oranında",
        "32.13.2025",
        "31/2 numaralı daire",
        "toplam 10 AY 2023",
        "15 KM 2024",
        "saat 14:30 - 15:45",
        "sürüm 1.2.3.4",
        "KONU: Sigorta Hasar Servisi",
        "Saygılarımla,\nMüşteri Hizmetleri",
        "1234 5678 9012 3456",
        "3333444455",
        "00000000000",
        "ali@örnek",
        "https://posta.example.test/t/24567890102?tel=05550001234&x=26-1994-3644",
        "@kullanici",
    ],
)
def test_nothing_is_found(text: str, ocr: bool) -> None:
    assert kinds(text, ocr=ocr) == set()


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("20 TL 100 adet", {"amount"}),
        ("12.03.2025 14:30", {"date"}),
        ("05.10.2025 16.11.2025 17.12.2025", {"date"}),
        ("TR330006100519786457841326", {"iban"}),
        ("1.234.567,89 TL", {"amount"}),
        ("Poliçe No: 24567890102", {"policy"}),
        ("poliçem 12.03.2025 tarihinde", {"date"}),
        ("poliçe 12500 TL", {"amount"}),
        ("poliçem 34ABC123 plakalı araç", {"plate"}),
    ],
)
def test_only_one_kind_is_found(text: str, only: set[str]) -> None:
    assert kinds(text) == only


def test_the_middle_of_an_iban_is_nothing_else() -> None:
    assert kinds("TR33 0006 1005 1978 6457 8413 26 Tel yok") == {"iban"}


def _seconds(text: str, *, ocr: bool = False) -> float:
    start = time.process_time()
    find(text, ocr=ocr)
    return time.process_time() - start


MEGABYTES = (
    "1|1 |0|5 |a|A|@|a@|a.|TR|TL |1.|1,|(0|+9|-| |\n|Ad Soyad |poliçe |no |hasar |Saygılarımla\n"
    "|sayılı |ıİ|O1|5550001234 |numaralı dosya |A. |tc |verg 1|a1/|1-|e-posta a b|ad: a |12 bin "
    "|Mah. |A Cad. |A Cad. No: 1 "
)


@pytest.mark.parametrize("ocr", [False, True])
@pytest.mark.parametrize("unit", MEGABYTES.split("|"))
def test_a_megabyte_of_anything_is_done_in_a_second(unit: str, ocr: bool) -> None:
    text = unit * (1_000_000 // len(unit))
    assert _seconds(text, ocr=ocr) < 1.0


@pytest.mark.parametrize(
    "form", ["0{:010d} ", "tel {:010d} ", "+90{:010d} ", "+{:011d} ", "{:011d} "]
)
def test_a_megabyte_of_different_numbers_is_done_in_a_second(form: str) -> None:
    text = "".join(form.format(2_000_000_000 + 7_654_321 * i) for i in range(70_000))
    assert _seconds(text) < 1.0
