"""PDF files as documents, through PDFium (which is not thread-safe: one lock around every call)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from normalizers.pages import layer as text_layer
from normalizers.pages import letters
from normalizers.pages.document import MAX_PIXELS, Layer, Unreadable
from normalizers.pages.scan import Grey, Scan

POINTS = 72.0
DRAWN_DPI = 200
"""Resolution for pages of vectors and letters; more gains nothing."""
LEAST_DPI = 150.0
PICTURE_SHARE = 0.5
"""Share of the page covered by a picture that makes it a scan, whatever text lies on it."""
NESTING = 4
MAX_OBJECTS = 20_000
INVISIBLE = frozenset({pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP})
SAMPLES = 3
SAMPLE_LENGTH = 12
SAMPLE_WIDTH = 60.0
SAMPLE_MARGIN = 3.0

_LOCK = threading.Lock()

Box = tuple[float, float, float, float]
"""left, bottom, right, top, in points from the lower left corner of the page."""


@contextmanager
def _pdfium() -> Iterator[None]:
    """PDFium's answer to a broken page is an exception of its own: ours says it to operators."""
    with _LOCK:
        try:
            yield
        except (pdfium.PdfiumError, ValueError):
            raise Unreadable("the PDF page is damaged") from None


class PdfFile:
    """An opened PDF."""

    damage: str | None = None

    def __init__(self, data: bytes) -> None:
        with _LOCK:
            try:
                self._document = pdfium.PdfDocument(data)
            except pdfium.PdfiumError as error:
                raise Unreadable(_refusal(error, data)) from None
            self.pages = len(self._document)

    def sheet(self, index: int) -> "PdfSheet":
        with _pdfium():
            return PdfSheet(self._document[index])

    def close(self) -> None:
        with _LOCK:
            self._document.close()


def _refusal(error: pdfium.PdfiumError, data: bytes) -> str:
    """PDFium's error code may be that of the document before: a password needs an encryption."""
    if error.err_code == pdfium_c.FPDF_ERR_PASSWORD and b"/Encrypt" in data:
        return "encrypted PDF: it needs a password"
    if error.err_code == pdfium_c.FPDF_ERR_SECURITY:
        return "encrypted PDF: its protection is of an unknown kind"
    return "damaged PDF: it cannot be opened"


@dataclass(frozen=True, slots=True)
class Content:
    """What is on a page: the largest picture, and text that is to be seen."""

    picture_share: float
    picture_dpi: float
    bilevel: bool
    visible_text: bool


class PdfSheet:
    """One page of a PDF."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self._content = _content(page)

    def layer(self) -> Layer | None:
        if not self._content.visible_text or self._content.picture_share > PICTURE_SHARE:
            return None
        with _pdfium():
            textpage = self._page.get_textpage()
            text = text_layer.tidy(textpage.get_text_range())
            if not text_layer.plausible(text):
                return None
            lines = _samples(textpage)
            words = letters.placed(self._page, textpage)
        boxes = [box for _, box in lines]
        said = letters.text_of(words) if words else text
        return Layer(said, [line for line, _ in lines], lambda i: self._rendered(boxes[i]), words)

    def scan(self, dpi: int) -> Scan:
        content = self._content
        wanted = content.picture_dpi if content.picture_share > 0.3 else DRAWN_DPI
        scanned = content.picture_share > PICTURE_SHARE
        with _pdfium():
            resolution = self._bounded(min(max(wanted, LEAST_DPI), dpi))
            grey = _pixels(self._page.render(scale=resolution / POINTS, grayscale=True))
        if not grey.size:
            raise Unreadable("the PDF page has no area")
        bilevel = content.bilevel and scanned
        if bilevel:
            grey = np.where(grey < 128, 0, 255).astype(np.uint8)
        return Scan(grey, (resolution, resolution), bilevel)

    def picture(self, longest: int) -> Image.Image:
        with _pdfium():
            size = max(*self._page.get_size(), 1.0)
            drawn: Image.Image = self._page.render(scale=longest / size).to_pil()
        return drawn.convert("RGB")

    def _bounded(self, dpi: float) -> float:
        """Less for pages as large as a wall."""
        width, height = self._page.get_size()
        pixels = width * height * (dpi / POINTS) ** 2
        return float(dpi * min(1.0, (MAX_PIXELS / max(pixels, 1.0)) ** 0.5))

    def _rendered(self, box: Box) -> Grey:
        """The pixels around ``box``."""
        with _pdfium():
            width, height = self._page.get_size()
            left, top, right, bottom = letters.on_page(self._page, box)
            sides = left * width, (1 - bottom) * height, (1 - right) * width, top * height
            crop = tuple(max(0.0, side - SAMPLE_MARGIN) for side in sides)
            scale = text_layer.CHECK_DPI / POINTS
            return _pixels(self._page.render(scale=scale, grayscale=True, crop=crop))


def _pixels(bitmap: pdfium.PdfBitmap) -> Grey:
    array = bitmap.to_numpy()
    return np.array(array[:, :, 0] if array.ndim == 3 else array, np.uint8)


def _content(page: pdfium.PdfPage) -> Content:
    width, height = page.get_size()
    area = max(width * height, 1.0)
    best = (0.0, 0.0, False)
    visible = False
    for count, item in enumerate(page.get_objects(max_depth=NESTING)):
        if count > MAX_OBJECTS:
            break
        if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            best = max(best, _picture(item, width, height, area))
        elif item.type == pdfium_c.FPDF_PAGEOBJ_TEXT and not visible:
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item.raw)
            visible = mode not in INVISIBLE
    return Content(*best, visible)


def _picture(
    item: pdfium.PdfImage, width: float, height: float, area: float
) -> tuple[float, float, bool]:
    """(share of the page, dpi, bilevel) of one picture."""
    left, bottom, right, top = item.get_bounds()
    covered = max(0.0, min(right, width) - max(left, 0)) * max(
        0.0, min(top, height) - max(bottom, 0)
    )
    across, down = item.get_px_size()
    wide, tall = max(right - left, 1.0), max(top - bottom, 1.0)
    dpi = max(across / wide, down / tall) * POINTS
    return covered / area, dpi, item.get_metadata().bits_per_pixel == 1


def _inside(low: float, high: float, end: float) -> float:
    return max(0.0, min(high, end) - max(low, 0.0))


def _samples(textpage: pdfium.PdfTextPage) -> list[tuple[str, Box]]:
    """The longest lines, which say most about whether the layer is true, in their order."""
    lines: list[tuple[str, Box]] = []
    for index in range(min(textpage.count_rects(), 500)):
        box = textpage.get_rect(index)
        text = textpage.get_text_bounded(*box).strip()
        if len(text) > SAMPLE_LENGTH and box[2] - box[0] > SAMPLE_WIDTH:
            lines.append((text, box))
    longest = sorted(lines, key=lambda line: -len(line[0]))[:SAMPLES]
    return [line for line in lines if line in longest][:SAMPLES]
