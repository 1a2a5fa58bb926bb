"""Words of a text layer have their places, as words that were read have."""

import pytest
from peers.letter_images import PLAIN, text_pdf

from ingest.contract import RawItem
from normalizers.ocr.null import Null
from normalizers.pages import POST, letters
from normalizers.pages.letters import Character
from normalizers.reader import Options
from normalizers.schema import Page
from portal.staff import doubts


def read(body: bytes) -> Page:
    message = POST.read(RawItem("scan:1", "post", body), Options(ocr=Null())).message
    assert message.pages is not None
    return message.pages[0]


def test_the_words_of_a_layer_give_its_text_and_stand_where_one_sees_them() -> None:
    page = read(text_pdf())
    assert page.mean_conf is None
    assert page.text == "\n".join(PLAIN)
    assert letters.text_of(page.words) == page.text
    first = page.words[0]
    assert (first.text, first.row, first.conf) == ("Sayin", 1, 100)
    assert first.left == pytest.approx(72 / 595, abs=0.005)
    assert first.top < (842 - 720) / 842 < first.bottom + 0.01  # the line it stands on
    assert page.words[-1].row == len(PLAIN)


def test_a_page_with_a_layer_is_shown_with_its_words_and_none_is_in_doubt() -> None:
    page = read(text_pdf())
    shown = [word for row in doubts.rows(page) for word in row]
    assert [page.text[word.start : word.end] for word in shown] == page.text.split()
    assert not doubts.doubted(page)


def test_on_a_page_that_is_shown_turned_the_words_are_turned_with_it() -> None:
    body = text_pdf().replace(b"/MediaBox", b"/Rotate 90 /MediaBox")
    upright, turned = (
        next(word for word in read(file).words if word.text == "Sayin")
        for file in (text_pdf(), body)
    )
    assert turned.top == pytest.approx(upright.left, abs=0.001)
    assert turned.right == pytest.approx(1 - upright.top, abs=0.001)


def test_characters_become_words_and_rows_and_none_is_empty() -> None:
    box = (10.0, 10.0, 20.0, 20.0)
    text = "\r\nbir  iki\r\n \r\nü\u00e7\u0002 \u0003 d"
    rows = letters.in_rows([Character(c, box if c.isalpha() else None) for c in text])
    assert [[word for word, _ in row] for row in rows] == [["bir", "iki"], ["üç-", "d"]]
    assert rows[0][0][1] == box


def test_what_is_no_letter_any_more_keeps_its_text_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "MOST_CHARACTERS", 20)
    page = read(text_pdf())
    assert page.words == ()
    assert PLAIN[0] in page.text
