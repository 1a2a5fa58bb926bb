"""Words back into rows by where they stand."""

from dataclasses import replace

from normalizers.ocr.engine import Word
from normalizers.ocr.null import Null
from normalizers.pages import gate, rows
from normalizers.pages.page import PageText
from normalizers.pages.read import is_poor
from normalizers.reader import Options


def line(number: int, text: str, left: int, top: int, *, step: int = 60) -> list[Word]:
    return [
        Word(word, left + i * step, top, step - 10, 20, 90.0, number, number)
        for i, word in enumerate(text.split())
    ]


def test_keys_and_values_read_as_columns_become_rows() -> None:
    words = [
        *line(1, "Telefon:", 100, 100), *line(2, "Plaka:", 100, 140),
        *line(3, "0555", 400, 102), *line(4, "34", 400, 139),
    ]  # fmt: skip
    assert rows.text_of(rows.in_rows(words)) == "Telefon: 0555\nPlaka: 34"


def test_two_columns_of_prose_stay_columns() -> None:
    left = [w for n in range(8) for w in line(n, "bir iki üç dört", 100, 100 + 40 * n)]
    right = [w for n in range(8) for w in line(10 + n, "beş altı yedi", 400, 100 + 40 * n)]
    text = rows.text_of(rows.in_rows([*left, *right])).splitlines()
    assert text[0] == "bir iki üç dört"
    assert text[8] == "beş altı yedi"


def test_a_line_found_later_takes_its_place_on_the_page() -> None:
    words = [*line(1, "first", 100, 100), *line(2, "third", 100, 180), *line(3, "second", 100, 140)]
    assert rows.text_of(rows.in_rows(words)) == "first\nsecond\nthird"


def test_one_tall_sign_does_not_join_two_rows() -> None:
    first = [*line(1, "one two three", 100, 100), Word("(", 300, 70, 10, 90, 90.0, 1, 1)]
    assert rows.text_of(rows.in_rows([*first, *line(2, "four five", 400, 140)])).count("\n") == 1


def test_nothing_read_is_no_text() -> None:
    assert rows.text_of(rows.in_rows([])) == ""


def test_confidence_counts_characters_not_words() -> None:
    words = [Word("uzunbirkelime", 0, 0, 9, 9, 95.0), Word("'", 0, 0, 9, 9, 5.0)]
    assert gate.confidence(words) > 88


def test_a_wrong_font_map_does_not_look_like_writing() -> None:
    text = "Sayın Yetkili, hasar dosyamın yeniden incelenmesini saygılarımla rica ederim."
    assert gate.likeness(text) > 0.9
    assert gate.likeness("".join(chr(0xE000 + ord(c)) if c != " " else c for c in text)) == 0
    assert gate.likeness("".join("bcdfgk"[ord(c) % 6] if c != " " else c for c in text)) < 0.2


def test_the_rules_of_a_table_are_no_text() -> None:
    words = [
        Word(text, 100 * i, 10, 60, 30, 90.0, 1, 1)
        for i, text in enumerate(["07/05/2024", "|", "190.547,92", "TL", "|"])
    ]
    assert rows.text_of(rows.in_rows(words)) == "07/05/2024 190.547,92 TL"


def test_a_rule_that_was_taken_for_a_letter_is_no_text() -> None:
    cells = line(1, "26/09/2022 l 31.091,75", 100, 100)
    rule = Word("l", 190, 80, 6, 60, 80.0, 1, 1)
    assert rows.text_of(rows.in_rows([cells[0], rule, cells[2]])) == "26/09/2022 31.091,75"
    assert rows.text_of(rows.in_rows(cells)) == "26/09/2022 l 31.091,75"


def test_a_few_lines_that_nobody_can_read_are_not_hidden_by_many_that_everybody_can() -> None:
    words = [*line(1, "bir iki üç dört beş altı yedi sekiz", 0, 0)] * 2
    lost = [replace(word, conf=20.0) for word in line(2, "dokuz on", 0, 40)]
    assert gate.confidence([*words, *lost]) > 80
    assert gate.doubtful(words, 1.0, 0.0) == 0.0
    assert gate.doubtful([*words, *lost], 1.0, 0.0) > gate.MOST_DOUBTFUL
    assert gate.doubtful(words, 0.9, 0.0) > gate.MOST_DOUBTFUL  # a tenth of the ink is in no word
    assert gate.doubtful(words, 1.0, 0.1) > gate.MOST_DOUBTFUL  # or under blots, or read twice


def test_what_is_doubtful_or_unlike_writing_goes_to_a_person() -> None:
    options = Options(ocr=Null())
    good = PageText("Sayın Yetkili, aracımın onarım bedeli bugüne kadar ödenmedi.", 93.0)
    assert not is_poor(good, options)
    assert is_poor(replace(good, doubtful=0.1), options)
    assert is_poor(replace(good, confidence=70.0), options)
    assert is_poor(replace(good, text="xkrt bcd fgh jkl mnp rst vwx zzz qqq"), options)
    assert not is_poor(replace(good, confidence=0.0, blank=True), options)
    assert not is_poor(replace(good, confidence=None), options)  # a text layer that is true
