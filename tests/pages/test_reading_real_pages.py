"""Whole pages through the real engine: each way of standing and each kind of damage."""

import numpy as np
import pytest
from peers.letter_images import LETTER, fax, page, saved, text_pdf, tiff
from PIL import Image

from ingest.contract import RawItem
from normalizers.ocr import inprocess
from normalizers.ocr.registry import engine, installed_languages
from normalizers.pages import POST
from normalizers.reader import Options
from normalizers.schema import Message

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not {"tur", "osd"} <= installed_languages(), reason="tesseract's models are missing"
    ),
]
OCR = engine("tesserocr" if inprocess.available() else "tesseract")


def read(body: bytes) -> Message:
    message = POST.read(RawItem("scan:1", "post", body), Options(ocr=OCR)).message
    assert message.error is None
    return message


def share_read(message: Message, lines: tuple[str, ...] = LETTER) -> float:
    words = " ".join(lines).split()
    return sum(word in message.text for word in words) / len(words)


@pytest.mark.parametrize("turned", [0, 180])
@pytest.mark.parametrize("lines_per_inch", [98, 196])
def test_a_fax_is_read_whichever_way_it_was_fed(turned: int, lines_per_inch: int) -> None:
    sheet = fax(lines_per_inch=lines_per_inch, turned=turned)
    message = read(tiff(sheet, dpi=(204, lines_per_inch)))
    assert share_read(message) > 0.85
    assert message.pages is not None
    assert message.pages[0].rotation == turned


@pytest.mark.parametrize("turned", [90, 270])
def test_a_sideways_page_is_read(turned: int) -> None:
    sheet = page(dpi=200).rotate(turned, expand=True)
    message = read(saved(sheet, "PNG", dpi=(200, 200)))
    assert share_read(message) > 0.95
    assert message.pages is not None
    assert message.pages[0].rotation == turned


def test_a_picture_off_a_screen_is_read_like_a_scan() -> None:
    """Read as small as it came, one word of seven is wrong, and it goes to the reading desk."""
    dpi = 61
    size = (int(8.27 * dpi), int(11.69 * dpi))
    sheet = page(LETTER * 2, dpi=300, ink=110).resize(size, Image.Resampling.BOX)
    message = read(saved(sheet, "PNG", dpi=(dpi, dpi)))
    assert share_read(message) > 0.95
    assert not message.needs_review


def test_print_that_shows_through_is_a_blank_page() -> None:
    back = np.array(page(LETTER * 2, dpi=200))[:, ::-1].astype(np.float32)
    chance = np.random.default_rng(3)
    grey = 245 - (255 - back) * 0.14 + 3 * chance.standard_normal(back.shape)
    sheet = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    message = read(saved(sheet, "PNG", dpi=(200, 200)))
    assert message.pages is not None
    assert message.pages[0].blank
    assert message.text == ""


def test_a_lying_text_layer_is_noticed_and_the_page_is_read() -> None:
    message = read(text_pdf(lies=True))
    assert message.pages is not None
    assert message.pages[0].mean_conf is not None
    assert "Eksper raporunu ekte gonderiyorum" in message.text
    true = read(text_pdf())
    assert true.pages is not None
    assert true.pages[0].mean_conf is None
