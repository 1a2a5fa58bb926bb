"""Pages that a machine cannot read, or should not: each ends where a person would want it."""

import numpy as np
import pytest
from peers.letter_images import GERMAN, LETTER, page, saved, scribbled
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ingest.contract import RawItem
from normalizers.ocr import inprocess
from normalizers.ocr.registry import engine, installed_languages
from normalizers.pages import POST
from normalizers.pages.prepare import blank
from normalizers.reader import Options
from normalizers.schema import Message, Page

REVIEW_BELOW = 80.0
needs_tesseract = pytest.mark.skipif(
    not {"tur", "osd"} <= installed_languages(), reason="tesseract's models are missing"
)
ENGLISH = (
    "Dear Sir or Madam,",
    "I reported the damage to my car three weeks ago",
    "and have not received any answer from you yet.",
    "Please let me know when the payment will be made.",
    "Yours faithfully",
)
ARABIC = (
    "إلى قسم خدمة العملاء في الشركة",
    "أبلغت عن الضرر قبل ثلاثة أسابيع",
    "ولم أتلق أي جواب منكم حتى اليوم",
    "أرجو إعلامي بموعد دفع التعويض",
)


def read(sheet: Image.Image) -> tuple[Message, Page]:
    ocr = engine("tesserocr" if inprocess.available() else "tesseract")
    body = saved(sheet.convert("L"), "PNG", dpi=(200, 200))
    options = Options(ocr=ocr, review_below=REVIEW_BELOW)
    message = POST.read(RawItem("scan:1", "post", body), options).message
    assert message.pages is not None
    return message, message.pages[0]


def noisy(sheet: Image.Image, sigma: float) -> Image.Image:
    grey = np.asarray(sheet.convert("L"), np.float32)
    grey = grey + np.random.default_rng(1).normal(0, sigma, grey.shape)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


@pytest.mark.slow
@needs_tesseract
@pytest.mark.parametrize("lines", [GERMAN, ENGLISH], ids=["german", "english"])
def test_a_letter_in_another_language_of_latin_letters_is_read(lines: tuple[str, ...]) -> None:
    message, only = read(page(lines, dpi=200))
    words = " ".join(lines).split()
    assert sum(word in message.text for word in words) >= 0.9 * len(words)
    assert not only.blank


@pytest.mark.slow
@needs_tesseract
@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(page(LETTER * 2, dpi=200).filter(ImageFilter.GaussianBlur(7)), id="blurred"),
        pytest.param(noisy(page(LETTER * 2, dpi=200), 160), id="noise"),
        pytest.param(scribbled(), id="handwriting"),
    ],
)
def test_what_nobody_can_read_goes_to_a_person_and_is_not_called_blank(sheet: Image.Image) -> None:
    message, only = read(sheet)
    assert message.needs_review
    assert not only.blank


@pytest.mark.slow
@needs_tesseract
def test_a_letter_in_arabic_letters_goes_to_a_person() -> None:
    try:
        font = ImageFont.truetype("DejaVuSans.ttf", 36)
    except OSError:
        pytest.skip("no font with Arabic letters")
    sheet = Image.new("L", (1654, 2339), 250)
    pen = ImageDraw.Draw(sheet)
    for row, line in enumerate(ARABIC * 3):
        pen.text((250, 250 + 90 * row), line, font=font, fill=20)
    message, only = read(sheet)
    assert message.needs_review
    assert not only.blank


@pytest.mark.slow
@needs_tesseract
def test_a_letter_of_nothing_but_an_empty_sheet_is_looked_at() -> None:
    message, only = read(noisy(Image.new("L", (1654, 2339), 240), 4))
    assert only.blank
    assert message.needs_review
    assert message.text == ""


@pytest.mark.slow
@needs_tesseract
def test_a_good_letter_bothers_nobody() -> None:
    message, only = read(page(LETTER * 2, dpi=200))
    assert not message.needs_review
    assert only.mean_conf is not None
    assert only.mean_conf > REVIEW_BELOW


def test_ink_is_told_from_what_shows_through() -> None:
    letter = np.array(page(LETTER * 2, dpi=200).convert("L"), np.float32)
    through = (245 - (255 - letter[:, ::-1]) * 0.1).astype(np.uint8)
    blurred = np.array(page(LETTER * 2, dpi=200).filter(ImageFilter.GaussianBlur(6)), np.uint8)
    assert not blank.marks(through, 200).ink
    assert blank.marks(blurred, 200).ink
