"""Which language to answer in."""

import pytest

from normalizers.text.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Merhaba, poliçem hakkında bilgi istiyorum", "tr"),
        ("Merhaba policem hakkinda bilgi istiyorum", "tr"),
        ("tesekkurler", "tr"),
        ("Hasar ödemesi yapılmadı.", "tr"),
        ("GEREĞİNİ RİCA EDERİM", "tr"),
        ("Dear Sirs, I would like to cancel my policy", "en"),
        ("Thank you for the quick payment!", "en"),
        ("Please help me", "en"),
        ("Sehr geehrte Damen und Herren, mein Auto ist kaputt", ""),
        ("12345", ""),
        ("", ""),
    ],
)
def test_short_mails(text: str, expected: str) -> None:
    assert language(text) == expected
