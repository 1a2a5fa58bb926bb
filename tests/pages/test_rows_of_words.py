"""Words back into rows by where they stand."""

from normalizers.ocr.engine import Word
from normalizers.pages import gate, rows


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
    assert rows.text_of(words) == "Telefon: 0555\nPlaka: 34"


def test_two_columns_of_prose_stay_columns() -> None:
    left = [w for n in range(8) for w in line(n, "bir iki üç dört", 100, 100 + 40 * n)]
    right = [w for n in range(8) for w in line(10 + n, "beş altı yedi", 400, 100 + 40 * n)]
    text = rows.text_of([*left, *right]).splitlines()
    assert text[0] == "bir iki üç dört"
    assert text[8] == "beş altı yedi"


def test_a_line_found_later_takes_its_place_on_the_page() -> None:
    words = [*line(1, "first", 100, 100), *line(2, "third", 100, 180), *line(3, "second", 100, 140)]
    assert rows.text_of(words) == "first\nsecond\nthird"


def test_one_tall_sign_does_not_join_two_rows() -> None:
    first = [*line(1, "one two three", 100, 100), Word("(", 300, 70, 10, 90, 90.0, 1, 1)]
    assert rows.text_of([*first, *line(2, "four five", 400, 140)]).count("\n") == 1


def test_nothing_read_is_no_text() -> None:
    assert rows.text_of([]) == ""


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
    assert rows.text_of(words) == "07/05/2024 190.547,92 TL"


def test_a_rule_that_was_taken_for_a_letter_is_no_text() -> None:
    cells = line(1, "26/09/2022 l 31.091,75", 100, 100)
    rule = Word("l", 190, 80, 6, 60, 80.0, 1, 1)
    assert rows.text_of([cells[0], rule, cells[2]]) == "26/09/2022 31.091,75"
    assert rows.text_of(cells) == "26/09/2022 l 31.091,75"
