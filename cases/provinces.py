"""The 81 provinces by their number, as on plates and in the statistics."""

from collections.abc import Mapping
from functools import cache

from normalizers.text.turkish import fold, sort_key_tr

PROVINCES = [
    "Adana",
    "Adıyaman",
    "Afyonkarahisar",
    "Ağrı",
    "Amasya",
    "Ankara",
    "Antalya",
    "Artvin",
    "Aydın",
    "Balıkesir",
    "Bilecik",
    "Bingöl",
    "Bitlis",
    "Bolu",
    "Burdur",
    "Bursa",
    "Çanakkale",
    "Çankırı",
    "Çorum",
    "Denizli",
    "Diyarbakır",
    "Edirne",
    "Elazığ",
    "Erzincan",
    "Erzurum",
    "Eskişehir",
    "Gaziantep",
    "Giresun",
    "Gümüşhane",
    "Hakkâri",
    "Hatay",
    "Isparta",
    "Mersin",
    "İstanbul",
    "İzmir",
    "Kars",
    "Kastamonu",
    "Kayseri",
    "Kırklareli",
    "Kırşehir",
    "Kocaeli",
    "Konya",
    "Kütahya",
    "Malatya",
    "Manisa",
    "Kahramanmaraş",
    "Mardin",
    "Muğla",
    "Muş",
    "Nevşehir",
    "Niğde",
    "Ordu",
    "Rize",
    "Sakarya",
    "Samsun",
    "Siirt",
    "Sinop",
    "Sivas",
    "Tekirdağ",
    "Tokat",
    "Trabzon",
    "Tunceli",
    "Şanlıurfa",
    "Uşak",
    "Van",
    "Yozgat",
    "Zonguldak",
    "Aksaray",
    "Bayburt",
    "Karaman",
    "Kırıkkale",
    "Batman",
    "Şırnak",
    "Bartın",
    "Ardahan",
    "Iğdır",
    "Yalova",
    "Karabük",
    "Kilis",
    "Osmaniye",
    "Düzce",
]

_ALSO = {"icel": "33", "afyon": "03", "urfa": "63", "antep": "27", "maras": "46", "izmit": "41"}
"""Names that are still in use."""


def name_of(code: str) -> str | None:
    """The name of a number from 01 to 81; None for any other."""
    is_one = code.isdecimal() and 1 <= int(code) <= len(PROVINCES)
    return PROVINCES[int(code) - 1] if is_one else None


@cache
def in_order() -> tuple[tuple[str, str], ...]:
    """(number, name) of all of them, by name as the Turkish alphabet has it."""
    named = ((f"{i:02d}", name) for i, name in enumerate(PROVINCES, 1))
    return tuple(sorted(named, key=lambda one: sort_key_tr(one[1])))


def code_of(written: str) -> str | None:
    """The number of a province that is written as a number or by its name; None for no such one."""
    plain = written.strip()
    if plain.isdecimal():
        return f"{int(plain):02d}" if name_of(plain) else None
    return _codes().get(fold(plain))


@cache
def _codes() -> Mapping[str, str]:
    return {fold(name): f"{i:02d}" for i, name in enumerate(PROVINCES, 1)} | _ALSO
