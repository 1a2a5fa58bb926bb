"""Reading one page image: prepare it by what it is, read it, look again where it reads badly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2

from normalizers.ocr.engine import OcrEngine, Word
from normalizers.pages import gate, rows
from normalizers.pages.prepare import (
    blank,
    borders,
    pixels,
    sheet,
    skew,
    specks,
    streaks,
    turn,
    whiten,
)
from normalizers.pages.scan import Scan, as_grey

BLUR = 0.8
"""Pixels (standard deviation) of the blur that makes edges of bilevel and noisy print smooth."""
TOO_FINE = (320.0, 250.0)
"""Above the first resolution pages are shrunk to the second: more costs time and gains nothing."""
EMPTY = 8
"""Letter-like marks below which a page is blank without reading it ..."""
SPARSE = 60
"""... and below which doubtful words are taken for bleed-through and dirt."""
DOUBTFUL = 72.0
"""Confidence under which the page may stand upside down."""
POOR = 80.0
"""Confidence under which other preparation is tried ..."""
UNCOVERED = 0.93
"""... or when less of the ink than this lies inside words."""
HEADER_INCHES = 0.32
"""Depth of the line that the sending fax machine writes on top, upright whatever the page is."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One reading of one prepared image."""

    scan: Scan
    words: Sequence[Word]

    @property
    def confidence(self) -> float:
        return gate.confidence(self.words)

    def coverage(self) -> float:
        return gate.coverage(self.scan.grey, self.words, self.scan.resolution)

    def worth(self) -> float:
        """For comparing looks: confidence, less where ink was left unread."""
        return self.confidence * min(1.0, self.coverage() + 0.03)


@dataclass(frozen=True, slots=True)
class PageText:
    """What came of a page. ``confidence`` 0-100, None for a text layer; ``rotation`` clockwise."""

    text: str
    confidence: float | None
    rotation: int = 0
    blank: bool = False


def read_scan(scan: Scan, ocr: OcrEngine) -> PageText:
    """Read one page as it came. Raises: OcrFailed."""
    base, rotation = _upright_or_flipped(_cleaned(_located(scan)))
    marks = blank.letter_like(base.grey, base.resolution)
    if marks < EMPTY:
        return PageText("", 0.0, blank=True)
    look = _look(_smoothed(base), ocr)
    if look.confidence < DOUBTFUL or rotation:
        flipped = _flipped(look, ocr)
        if flipped is not None:
            look, base, rotation = flipped, base.turned(180), (rotation + 180) % 360
    look = _best(look, base, ocr)
    return _judged(look, marks, rotation)


def _located(scan: Scan) -> Scan:
    """A photograph is cut down to its sheet; everything gets a resolution."""
    if not scan.bilevel and min(scan.dpi) < 60:
        return sheet.straightened(scan) or pixels.known(scan)
    return pixels.known(scan)


def _cleaned(scan: Scan) -> Scan:
    """Square pixels, and what must go before the page is turned."""
    if scan.bilevel:
        whole = pixels.square(scan.with_grey(streaks.destreak(scan.grey)))
        return whole.with_grey(specks.despeckle(whole.grey))
    whole = pixels.square(scan)
    return whole.with_grey(borders.without_borders(whole.grey, whole.resolution))


def _upright_or_flipped(scan: Scan) -> tuple[Scan, int]:
    rotation = 270 if turn.sideways(scan.grey, scan.resolution) else 0
    return pixels.at_most(scan.turned(rotation), *TOO_FINE), rotation


def _smoothed(scan: Scan) -> Scan:
    grey = whiten.blur(scan.grey, BLUR)
    if not scan.bilevel:
        grey = whiten.whiten(grey, scan.resolution)
    return scan.with_grey(skew.deskew(grey, scan.resolution))


def _look(scan: Scan, ocr: OcrEngine) -> Look:
    dpi = round(scan.resolution)
    return Look(scan, ocr.words(scan.image(), dpi=dpi, bilevel=scan.bilevel))


def _flipped(look: Look, ocr: OcrEngine) -> Look | None:
    """The page upside down, where that is how it was meant."""
    if ocr.orientation(look.scan.image()) != 180:
        return None
    other = _look(look.scan.turned(180), ocr)
    if other.confidence <= look.confidence + 3:
        return None
    return _with_header(other, look) if look.scan.bilevel else other


def _with_header(page: Look, before: Look) -> Look:
    """Keep the fax header of the look before the page was turned, where it could be read."""
    depth = int(HEADER_INCHES * before.scan.resolution)
    header = [word for word in before.words if word.bottom < depth]
    if gate.confidence(header) <= 60:
        return page
    header = [replace(word, line=-word.line) for word in header]
    body = [word for word in page.words if word.top < page.scan.height - depth]
    return Look(page.scan, [*header, *body])


def _best(look: Look, base: Scan, ocr: OcrEngine) -> Look:
    """A second opinion on a page that reads badly: other smoothing, then other segmentation."""
    covered = look.coverage()
    if look.confidence >= POOR and covered >= UNCOVERED:
        return look
    return max((look, _look(_medianed(base), ocr)), key=Look.worth)


def _medianed(base: Scan) -> Scan:
    grey = as_grey(cv2.medianBlur(base.grey, 3))
    if not base.bilevel:
        grey = whiten.whiten(whiten.blur(grey, 1.0), base.resolution)
    return base.with_grey(skew.deskew(grey, base.resolution))


def _judged(look: Look, marks: int, rotation: int) -> PageText:
    confidence, sure = look.confidence, gate.sure_words(look.words)
    if marks < SPARSE and (confidence < 65 or sure < 2):
        return PageText("", confidence, rotation, blank=True)
    if confidence < 50 and sure < 3:
        return PageText("", confidence, rotation)
    return PageText(rows.text_of(look.words), confidence, rotation)
