"""Where words stand: on the page as it came, however it was turned, levelled or straightened."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from peers.letter_images import fax, page, saved, tiff
from PIL import Image

from ingest.contract import RawItem
from normalizers.ocr import inprocess
from normalizers.ocr.registry import engine, installed_languages
from normalizers.pages import POST
from normalizers.reader import Options
from normalizers.schema import Message, Page

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not {"tur", "osd"} <= installed_languages(), reason="tesseract's models are missing"
    ),
]
OCR = engine("tesserocr" if inprocess.available() else "tesseract")
INK = 80


def photographed(sheet: Image.Image) -> Image.Image:
    """On a table of middle grey, from a little to the side, bent down by its light."""
    height, width = sheet.height, sheet.width
    corners = np.array(
        [[160, 120], [width + 90, 170], [width + 160, height + 140], [90, height + 60]], np.float32
    )
    whole = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    view = cv2.getPerspectiveTransform(whole, corners)
    size = (width + 260, height + 240)
    return Image.fromarray(cv2.warpPerspective(np.array(sheet), view, size, borderValue=110))


WAYS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda sheet: sheet,
    "turned to the left": lambda sheet: sheet.rotate(90, expand=True),
    "upside down": lambda sheet: sheet.rotate(180),
    "turned to the right": lambda sheet: sheet.rotate(270, expand=True),
    "askew": lambda sheet: sheet.rotate(3, fillcolor=255, resample=Image.Resampling.BICUBIC),
    "photographed": photographed,
}


def read(body: bytes) -> Page:
    message = POST.read(RawItem("scan:1", "post", body), Options(ocr=OCR)).message
    [only] = message.pages or ()
    return only


def inside(sheet: Image.Image, read: Page) -> tuple[float, float]:
    """Share of the ink, and of the page, that lies in the boxes of words."""
    ink = np.array(sheet.convert("L")) < INK
    boxes = np.zeros(ink.shape, bool)
    height, width = ink.shape
    for word in read.words:
        across = slice(int(word.left * width) - 3, int(word.right * width) + 4)
        boxes[int(word.top * height) - 3 : int(word.bottom * height) + 4, across] = True
    return float(boxes[ink].mean()), float(boxes.mean())


@pytest.mark.parametrize("way", WAYS)
def test_the_boxes_hold_the_ink_of_the_page_as_it_came(way: str) -> None:
    sheet = WAYS[way](page(dpi=200))
    dpi = (1, 1) if way == "photographed" else (200, 200)
    ink, area = inside(sheet, read(saved(sheet, "PNG", dpi=dpi)))
    assert ink > 0.95
    assert area < 0.15


def test_pixels_of_a_fax_are_not_square_and_the_boxes_fit_all_the_same() -> None:
    sheet = fax(lines_per_inch=98, turned=180)
    ink, area = inside(sheet, read(tiff(sheet, dpi=(204, 98))))
    assert ink > 0.85
    assert area < 0.15


def test_the_text_is_the_words_row_by_row_and_both_are_kept_in_the_stored_form() -> None:
    read_page = read(saved(page(dpi=200), "PNG", dpi=(200, 200)))
    rows = {word.row: "" for word in read_page.words}
    for word in read_page.words:
        rows[word.row] += f"{word.text} "
    assert "\n".join(row.strip() for row in rows.values()) == read_page.text
    message = Message(source="s", kind="post", pages=(read_page,))
    assert Message.model_validate_json(message.model_dump_json()) == message
    assert all(0 <= word.conf <= 100 for word in read_page.words)
