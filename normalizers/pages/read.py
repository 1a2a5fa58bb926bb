"""From the bytes of a document to its pages: text, identifiers, and what went wrong."""

import time
import unicodedata
from contextlib import closing
from dataclasses import dataclass, field

import cv2

from normalizers.ocr.engine import OcrFailed
from normalizers.pages import gate, layer
from normalizers.pages.document import Document, Sheet, Unreadable
from normalizers.pages.load import open_document
from normalizers.pages.page import PageText, read_scan
from normalizers.reader import Options
from normalizers.schema import Identifiers, Page
from normalizers.text import identifiers

LEAST_LIKENESS = 0.35
"""Pages that look less like written text than this are shown to a person."""


@dataclass(slots=True)
class Pages:
    """What was read of one document. ``error``: nothing was. ``poor``: a person should look."""

    pages: list[Page] = field(default_factory=list)
    found: list[Identifiers] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    poor: bool = False
    error: str | None = None

    def __iadd__(self, other: "Pages") -> "Pages":
        """Another document of the same message."""
        self.pages += other.pages
        self.found += other.found
        self.warnings += other.warnings
        self.poor |= other.poor
        self.error = self.error or other.error
        return self


def read_document(data: bytes, options: Options, *, first: int = 1) -> Pages:
    """All pages of a document, as far as it can be read; ``first`` is the number of its first."""
    try:
        document = open_document(data, max_pages=options.max_pages)
    except Unreadable as error:
        return Pages(error=str(error))
    cv2.setNumThreads(1)  # pages are read side by side: OpenCV's own threads would only fight
    with closing(document):
        return _read(document, options, first)


def _read(document: Document, options: Options, first: int) -> Pages:
    out = Pages()
    if document.damage:
        out.warnings.append(document.damage)
        out.poor = True
    for index in range(min(document.pages, options.max_pages)):
        _read_page(out, document, index, first + index, options)
    if document.pages > options.max_pages:
        out.warnings.append(f"only the first {options.max_pages} pages were read")
        out.poor = True
    if not document.pages:
        out.error = "the document has no pages"
    elif unreadable := _all_failed(out):
        out.error = unreadable
    return out


def _read_page(out: Pages, document: Document, index: int, number: int, options: Options) -> None:
    began = time.perf_counter()
    text, reason = _tried(document, index, options)
    if reason:
        out.warnings.append(f"page {number}: {reason}")
    poor = bool(reason) or is_poor(text, options)
    out.poor |= poor
    written = unicodedata.normalize("NFC", text.text)
    ocr = text.confidence is not None
    out.found.append(identifiers.find(written, page=number, ocr=ocr))
    out.pages.append(
        Page(
            page=number,
            text=written,
            mean_conf=text.confidence and round(text.confidence, 1),
            rotation=text.rotation,
            blank=text.blank,
            seconds=round(time.perf_counter() - began, 3),
            poor=poor,
            words=text.words,
        )
    )


def _tried(document: Document, index: int, options: Options) -> tuple[PageText, str | None]:
    """One page, or why it could not be read; the others are read all the same."""
    try:
        return _text(document.sheet(index), options), None
    except (Unreadable, OcrFailed) as error:
        return PageText("", 0.0), str(error)
    except Exception as error:  # noqa: BLE001  hostile pixels: the page is marked, a person looks
        return PageText("", 0.0), f"it could not be prepared for reading ({type(error).__name__})"


def _text(sheet: Sheet, options: Options) -> PageText:
    found = sheet.layer()
    if found is not None and layer.confirmed(found, options.ocr):
        return PageText(found.text, None, words=found.words)
    return read_scan(sheet.scan(options.dpi), options.ocr)


def is_poor(text: PageText, options: Options) -> bool:
    """The review gate: whether a person should look at this page."""
    if text.blank or text.confidence is None:
        return False
    unsure = text.confidence < options.review_below or text.doubtful > gate.MOST_DOUBTFUL
    return unsure or gate.likeness(text.text) < LEAST_LIKENESS


def _all_failed(out: Pages) -> str | None:
    """Why, when every single page failed."""
    if len(out.warnings) < len(out.pages) or any(page.text or page.blank for page in out.pages):
        return None
    failed = [line for line in out.warnings if line.startswith("page ")]
    return failed[0].partition(": ")[2] if len(failed) == len(out.pages) else None
