"""What tests of public pages fill in, and read."""

import re


def key_of(page: str) -> str:
    """The key inside a form."""
    return re.search(r'name="key" value="([^"]+)"', page)[1]


def number_of(page: str) -> str:
    """The number that a page shows."""
    return re.search(r"\d{2}-\d{4}-\d{4}", page)[0]


GIVEN = {
    "type": "complaint",
    "subject": "Ödeme gecikti",
    "text": "Hasar ödemem üç haftadır yapılmadı, dosyam bekliyor.",
    "name": "Deneme Kişi",
    "phone": "0555 000 12 34",
}
