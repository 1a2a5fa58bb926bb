"""Engines: what Tesseract writes, how it fails, and which model it is given."""

from pathlib import Path

import pytest
from peers.letter_images import page

from normalizers.ocr import inprocess, languages
from normalizers.ocr.engine import OcrFailed
from normalizers.ocr.registry import engine, installed_languages
from normalizers.ocr.tesseract import Tesseract, parse_tsv

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\t"
    "left\ttop\twidth\theight\tconf\ttext\n"
)


def test_lines_are_numbered_over_the_whole_page() -> None:
    tsv = (
        HEAD
        + "4\t1\t1\t1\t1\t0\t0\t0\t90\t20\t-1\t\n"
        + '5\t1\t1\t1\t1\t1\t5\t6\t40\t20\t91.5\t"Sayın\n'
        + "5\t1\t1\t1\t1\t2\t50\t6\t40\t20\t90\tYetkili\n"
        + "5\t1\t2\t1\t1\t1\t5\t60\t40\t20\t80\tKonu\n"
        + "5\t1\t2\t1\t1\t2\t5\t60\t40\t20\t80\t \n"
    )
    words = parse_tsv(tsv)[1]
    assert [(word.text, word.block, word.line) for word in words] == [
        ('"Sayın', 1, 1), ("Yetkili", 1, 1), ("Konu", 2, 2),
    ]  # fmt: skip
    assert (words[0].right, words[0].bottom, words[0].conf) == (45, 26, 91.5)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("kill -SEGV $$", "tesseract ended with status"),
        ('printf "\\377\\376" > "$2.tsv"', "not UTF-8"),
        ("exec sleep 30", "took too long"),
    ],
)
def test_every_way_to_fail_is_one_error(
    script: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "tesseract"
    fake.write_text(
        f'#!/bin/sh\ncase "$1" in --version) echo "tesseract 5.3.0"; exit;; esac\n{script}\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(OcrFailed, match=says):
        Tesseract("eng", page_seconds=0.5).words(page(dpi=60), dpi=60)


def test_a_missing_tesseract_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OcrFailed, match="not installed"):
        Tesseract("eng").words(page(dpi=60), dpi=60)
    assert Tesseract("eng").orientation(page(dpi=60)) == 0


@pytest.mark.parametrize(
    ("chosen", "installed", "model"),
    [
        ("tur", {"tur", "Latin"}, "Latin+tur"),
        ("tur", {"tur"}, "tur"),
        ("eng", {"eng", "Latin"}, "eng"),
    ],
)
def test_doubtful_words_get_the_better_model(chosen: str, installed: set[str], model: str) -> None:
    assert languages.second_model(chosen, installed) == model


def test_an_unknown_engine_is_refused_by_name() -> None:
    with pytest.raises(OcrFailed, match="no OCR engine is called magic"):
        engine("magic")


def test_the_null_engine_reads_nothing() -> None:
    assert not engine("null").words(page(dpi=60), dpi=60)
    assert engine("null").lines([page(dpi=60)] * 2, dpi=60) == [(), ()]


needs_tesseract = pytest.mark.skipif(
    not {"tur", "osd"} <= installed_languages(), reason="tesseract or its models are missing"
)


@pytest.mark.slow
@needs_tesseract
@pytest.mark.parametrize("name", ["tesseract", "tesserocr"])
def test_a_page_is_read_and_its_orientation_told(name: str) -> None:
    if name == "tesserocr" and not inprocess.available():
        pytest.skip("tesserocr is not installed")
    ocr = engine(name)
    letter = page(dpi=200)
    text = " ".join(word.text for word in ocr.words(letter, dpi=200))
    assert "Hasar ödemesi hakkında" in text
    assert ocr.orientation(letter.rotate(180)) == 180
    assert ocr.orientation(letter.rotate(-90, expand=True)) == 270


@pytest.mark.slow
@needs_tesseract
def test_both_ways_to_tesseract_give_the_same_words() -> None:
    if not inprocess.available():
        pytest.skip("tesserocr is not installed")
    letter = page(dpi=200)
    one, other = (engine(name).words(letter, dpi=200) for name in ("tesseract", "tesserocr"))
    assert [(w.text, w.line) for w in one] == [(w.text, w.line) for w in other]


@pytest.mark.slow
@needs_tesseract
@pytest.mark.parametrize("name", ["tesseract", "tesserocr"])
def test_each_line_is_read_for_itself_and_stays_in_its_place(name: str) -> None:
    if name == "tesserocr" and not inprocess.available():
        pytest.skip("tesserocr is not installed")
    letter = page(dpi=200)
    strips = [letter.crop((150, 200 + 64 * row, 1400, 250 + 64 * row)) for row in (2, 7)]
    read = engine(name).lines(strips, dpi=200)
    assert [" ".join(word.text for word in line) for line in read] == [
        "Konu: Hasar ödemesi hakkında", "Telefon: 0555 000 12 34",
    ]  # fmt: skip
