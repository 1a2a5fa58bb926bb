"""HTML to text: what a reader sees."""

import time

import pytest
from mail_reading import facts, mail, message

from normalizers.email import html

KIND = "Content-Type: text/html; charset=utf-8"


def test_paragraphs_breaks_lists_and_entities_are_read() -> None:
    markup = "<p>Say&#305;n &amp; yetkili,</p>ilk<br>ikinci<ul><li>a</li><li>b</li></ul>"
    assert html.to_text(markup).split() == [
        "Sayın",
        "&",
        "yetkili,",
        "ilk",
        "ikinci",
        "*",
        "a",
        "*",
        "b",
    ]
    assert "ilk\nikinci" in html.to_text(markup)


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">x</div>',
        '<div style="DISPLAY : none !important">x</div>',
        '<span style="font-size:0px">x</span>',
        '<span style="color:#fff;visibility:hidden">x</span>',
        '<div style="mso-hide:all">x</div>',
        "<div hidden>x</div>",
        "<script>x</script>",
        "<style>x</style>",
        "<title>x</title>",
        "<!-- x -->",
        "<!--[if mso]>x<![endif]-->",
    ],
)
def test_what_is_not_shown_is_not_read(hidden: str) -> None:
    assert html.to_text(f"<html><body>önce {hidden} sonra</body></html>").split() == [
        "önce",
        "sonra",
    ]


def test_small_print_is_read() -> None:
    assert html.to_text('<span style="font-size:10px">küçük</span>') == "küçük"


def test_cells_of_a_table_stand_side_by_side() -> None:
    markup = (
        "<table><tr><td>Poliçe</td><td>Tutar</td></tr><tr><td>K-1</td><td>10 TL</td></tr></table>"
    )
    rows = [line.split() for line in html.to_text(markup).splitlines() if line.strip()]
    assert rows == [["Poliçe", "Tutar"], ["K-1", "10", "TL"]]


def test_quoted_blocks_become_quoted_lines_and_may_nest() -> None:
    inner = "<blockquote type=cite>daha eski</blockquote>"
    markup = f"yanıt<blockquote type=cite>eski<br>metin{inner}</blockquote>son"
    lines = [line for line in html.to_text(markup).splitlines() if line.strip(" >")]
    assert lines == ["yanıt", "> eski", "> metin", ">> daha eski", "son"]


def test_an_indented_block_is_no_quote() -> None:
    markup = '<blockquote style="margin:0 0 0 40px;border:none;padding:0px">girintili</blockquote>'
    assert html.to_text(markup).strip() == "girintili"


def test_a_gmail_answer_that_is_html_only_is_told_from_its_quote() -> None:
    markup = (
        '<div dir="ltr">Teşekkürler.</div><br><div class="gmail_quote"><div class="gmail_attr">'
        "Örnek &lt;<a href='mailto:a@example.test'>a@example.test</a>&gt;, 4 Mar 2026 Çar, 16:02"
        ' tarihinde şunu yazdı:<br></div><blockquote class="gmail_quote">Sayın müşterimiz'
        "</blockquote></div>"
    )
    assert facts(mail(markup, KIND)).reply_text == "Teşekkürler."
    assert "> Sayın müşterimiz" in message(mail(markup, KIND)).text


@pytest.mark.parametrize("size", [10_000, 200_000])
def test_deep_nests_are_read_without_layout(size: int) -> None:
    start = time.process_time()
    assert html.to_text("<div>" * size + "derin" + "</div>" * size) == "derin"
    assert time.process_time() - start < 2


def test_huge_documents_are_read_in_bounded_time() -> None:
    start = time.process_time()
    text = html.to_text("<p>satır</p>" * 200_000)
    assert time.process_time() - start < 2
    assert text.count("satır") == 200_000


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<",
        "<html>",
        "&#xD800;",
        "<table><tr>",
        "\x00",
        "<!DOCTYPE",
        "<p",
        "</p>",
        "\ue000x\ue001",
    ],
)
def test_broken_markup_never_fails(markup: str) -> None:
    html.to_text(markup)


def test_the_charset_of_a_document_is_found_in_its_head() -> None:
    head = b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-9">'
    assert html.meta_charset(head) == "iso-8859-9"
    assert html.meta_charset(b"<meta charset='utf-8'>") == "utf-8"
    assert html.meta_charset(b"<p>charset=utf-8</p>") is None
