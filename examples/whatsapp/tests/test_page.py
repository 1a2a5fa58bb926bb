"""The page about the channel is printed from its declaration, and so cannot differ from it."""

from pathlib import Path

from basvuru.testkit import manual

from basvuru_whatsapp import CHANNEL

PAGE = Path(__file__).parents[1] / "docs" / "whatsapp.md"


def test_the_page_is_the_printed_one() -> None:
    assert PAGE.read_text("utf-8") == manual(CHANNEL), (
        "run: basvuru channel describe whatsapp > docs/whatsapp.md"
    )
