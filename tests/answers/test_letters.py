"""The page of a letter: whole, in Turkish letters, tagged, and never read as markup."""

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from peers.answering import HEAD

from cases.answers.letter import Letterhead, parts_of
from cases.answers.wording import in_days, in_money, salutation
from workers.senders.letters import pages, set_page

US = Letterhead(
    "Örnek Sigorta A.Ş.", "0850 000 00 00", "a@example.test", ("Örnek Cad. 1", "İstanbul")
)
TEXT = (
    "Sayın Ayşe Işık,\n\nŞikâyetiniz *incelendi* #show: x => 1 $y$ [z]. ğüşıöç ĞÜŞİÖÇ\n\n"
    "Kararımıza katılmıyorsanız:\n- Tahkim\n- Mahkeme\n\nSaygılarımızla,\nDeneme, Müdür"
)
ENVELOPE = {
    "address": HEAD,
    "date": "10 Mart 2026",
    "number": "2619943644",
    "title": "Yanıtımız",
    "files": ["ek.pdf"],
}


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    said = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return said.replace("\r\n", "\n")


def test_the_letter_says_what_it_was_given_and_nothing_is_markup():
    pdf = set_page(parts_of(TEXT, ENVELOPE, "tr", US))
    said = text_of(pdf)
    for part in (*HEAD, "26-1994-3644", "Yanıtımız", "• Tahkim", "ek.pdf", "Deneme, Müdür"):
        assert part in said
    assert "Şikâyetiniz *incelendi* #show: x => 1 $y$ [z]. ğüşıöç ĞÜŞİÖÇ" in said
    assert b"/StructTreeRoot" in pdf
    assert pages(pdf) == 1


def test_a_long_letter_has_numbered_pages():
    pdf = set_page(
        parts_of(TEXT.replace("\n\n", "\n\n" + "Uzun. " * 900 + "\n\n", 1), ENVELOPE, "en", US)
    )
    assert pages(pdf) >= 2
    assert "Page 2 / " in text_of(pdf)


def test_a_logo_that_is_no_picture_leaves_the_name(tmp_path: Path):
    logo = tmp_path / "logo.svg"
    logo.write_text("no picture", encoding="utf-8")
    assert "Örnek Sigorta A.Ş." in text_of(set_page(parts_of(TEXT, ENVELOPE, "tr", US), logo))
    logo.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10">'
        '<rect width="9" height="9"/></svg>',
        encoding="utf-8",
    )
    with_logo = set_page(parts_of(TEXT, ENVELOPE, "tr", US), logo)
    assert pages(with_logo) == 1
    assert not text_of(with_logo).startswith("Örnek Sigorta A.Ş.\n")


@pytest.mark.parametrize(
    ("kurus", "tr", "en"),
    [(0, "0", "0"), (18_600_000, "186.000", "186,000"), (123_450, "1.234,50", "1,234.50")],
)
def test_money_is_written_as_each_language_does(kurus, tr, en):
    assert (in_money(kurus), in_money(kurus, "en")) == (tr, en)


def test_names_and_days_are_turkish():
    assert salutation("AYŞE IŞIK", "tr") == "Sayın Ayşe Işık,"
    assert salutation(None, "tr") == "Sayın ilgili,"
    assert in_days(date(2026, 11, 25), "tr") == "25 Kasım 2026"
