"""Reading one page image: prepare it by what it is, read it, look again where it reads badly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

import cv2
import numpy as np

from normalizers.ocr.engine import OcrEngine, Word
from normalizers.pages import blots, doubt, gate, rows, strips, twice, unread
from normalizers.pages.prepare import (
    blank,
    borders,
    lost,
    pixels,
    sheet,
    skew,
    specks,
    streaks,
    turn,
    whiten,
)
from normalizers.pages.scan import Scan, as_grey
from normalizers.schema import PlacedWord

BLUR = 0.8
"""Pixels (standard deviation) of the blur that makes edges of bilevel and noisy print smooth."""
READING_DPI = 225.0
"""What faxes are enlarged to, and finer pages shrunk to: more costs time and gains nothing."""
FINE_ENOUGH = 240.0
"""Pages up to this resolution are not shrunk: it would only blur them."""
SCREEN = 97.0
"""Grey pages under this resolution do not know it: telephones write 72 into every photograph, other
programs 96. Taken at its word, a letter would be as large as a door. (Faxes have 98.)"""
COARSE = 140.0
"""Grey pages under this resolution (pictures off a screen, thumbnails) are enlarged to that of
reading before anything smooths them: at 60 to 100 dpi 2 % of the characters are wrong then, not
18 %."""
EMPTY = 8
"""Letter-like marks below which a page is blank without reading it ..."""
SPARSE = 60
"""... and below which doubtful words are taken for bleed-through and dirt."""
DOUBTFUL = 72.0
"""Confidence under which the page may stand upside down."""
POOR = 80.0
"""Confidence under which other preparation is tried."""
DOUBTFUL_MARKS = 50.0
"""Confidence under which a page may hold no more than what shows through from its back."""
HOPELESS = 50.0
"""Confidence under which words are not worth showing."""
CLEARLY_BETTER = 3.0
"""Points of confidence by which another look must win."""
HEADER = -1
"""Line of words that stand on the page as it was before it was turned."""
HEADER_READS = 60.0
HEADER_INCHES = 0.32
"""Depth of the line that the sending fax machine writes on top, upright whatever the page is."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One reading of one prepared image."""

    scan: Scan
    words: Sequence[Word]
    under: blots.Blots | None = None
    """What was taken away from the image before it was read."""

    @property
    def confidence(self) -> float:
        return gate.confidence(self.words)

    def coverage(self) -> float:
        """Share of the letter-sized ink that lies inside words."""
        return unread.letters(self.scan, self.words).coverage()

    def worth(self) -> float:
        """For comparing looks: confidence, less where ink was left unread."""
        return self.confidence * min(1.0, self.coverage() + 0.03)


@dataclass(frozen=True, slots=True)
class PageText:
    """What came of a page. ``confidence`` 0-100, None for a text layer; ``rotation`` clockwise;
    ``doubtful``: share that was not read, or is not to be believed (:mod:`gate`); ``words`` in the
    order of reading, which give the text when their rows are joined."""

    text: str
    confidence: float | None
    rotation: int = 0
    blank: bool = False
    doubtful: float = 0.0
    words: tuple[PlacedWord, ...] = ()


def read_scan(scan: Scan, ocr: OcrEngine) -> PageText:
    """Read one page as it came. Raises: OcrFailed."""
    base, rotation = _not_sideways(_cleaned(_located(scan)))
    marks = blank.marks(base.grey, base.resolution)
    if marks.letters < EMPTY and not marks.ink:
        return PageText("", 0.0, blank=True)
    prepared = _smoothed(base)
    if turn.upside_down(prepared.grey, prepared.resolution):
        base, prepared, rotation = _over(base), _over(prepared), _half_on(rotation)
    look = _look(prepared, ocr)
    if look.confidence < DOUBTFUL and (flipped := _flipped(prepared, look, ocr)):
        look, base, rotation = flipped, _over(base), _half_on(rotation)
    if not marks.ink and _is_empty(look, marks, ocr):
        return PageText("", look.confidence, rotation, blank=True)
    if scan.bilevel and rotation == 180:
        look = _with_header(look, ocr)
    return _judged(_best(look, base, ocr), marks, rotation)


def _located(scan: Scan) -> Scan:
    """A photograph is cut down to its sheet; everything gets a resolution."""
    if scan.bilevel or min(scan.dpi) >= SCREEN:
        return pixels.known(scan)
    return sheet.straightened(scan) or pixels.known(replace(scan, dpi=(0.0, 0.0)))


def _cleaned(scan: Scan) -> Scan:
    """Square pixels, and what must go before the page is turned."""
    if scan.bilevel:
        whole = pixels.square(scan.with_grey(streaks.destreak(lost.healed(scan.grey))))
        return whole.with_grey(specks.despeckle(whole.grey))
    whole = pixels.square(scan)
    return whole.with_grey(borders.without_borders(whole.grey, whole.resolution))


def _not_sideways(scan: Scan) -> tuple[Scan, int]:
    rotation = 270 if turn.sideways(scan.grey, scan.resolution) else 0
    return pixels.at_most(scan.turned(rotation), FINE_ENOUGH, READING_DPI), rotation


def _smoothed(scan: Scan) -> Scan:
    if scan.bilevel:
        soft = scan.with_grey(whiten.blur(scan.grey, BLUR))
        scan = pixels.enlarged(soft, READING_DPI)
        return skew.levelled(scan)
    if scan.resolution < COARSE:
        scan = pixels.enlarged(scan, READING_DPI)
    grey = whiten.blur(whiten.thickened(scan.grey), BLUR)
    grey = whiten.whiten(grey, scan.resolution)
    return skew.levelled(scan.with_grey(grey))


def _look(scan: Scan, ocr: OcrEngine) -> Look:
    under = blots.found(scan)
    seen = blots.without(scan, under)
    return Look(seen, ocr.words(seen.image(), dpi=round(seen.resolution)), under)


def _over(scan: Scan) -> Scan:
    return scan.turned(180)


def _half_on(rotation: int) -> int:
    return (rotation + 180) % 360


def _flipped(prepared: Scan, look: Look, ocr: OcrEngine) -> Look | None:
    """The page upside down, where that is how it was meant."""
    if ocr.orientation(look.scan.image()) != 180:
        return None
    other = _look(_over(prepared), ocr)
    return other if other.confidence > look.confidence + CLEARLY_BETTER else None


def _with_header(page: Look, ocr: OcrEngine) -> Look:
    """Read the line that the sending machine wrote as it stood before the page was turned."""
    before = _over(page.scan)
    depth = int(HEADER_INCHES * before.resolution)
    [header] = strips.read(before, [(0, 0, before.width, depth)], ocr)
    if gate.confidence(header) <= HEADER_READS or gate.sure_words(header) < 2:
        return page
    end = page.scan.height - depth
    body = [word for word in page.words if word.top + word.height / 2 < end]
    grey = page.scan.grey.copy()
    grey[end:] = 255  # the header stands there upside down: nobody shall read it again
    own = (replace(word, line=HEADER) for word in header)
    return replace(page, scan=page.scan.with_grey(grey), words=[*own, *body])


def _best(look: Look, base: Scan, ocr: OcrEngine) -> Look:
    """A second look at what reads badly: doubtful words, strips that nobody read, and, where all
    of that does not help, the whole page with other smoothing."""
    look = _finished(look, ocr)
    if look.confidence >= POOR:
        return look
    return max((look, _finished(_look(_medianed(base), ocr), ocr)), key=Look.worth)


def _finished(look: Look, ocr: OcrEngine) -> Look:
    if not look.words:
        return look
    words = doubt.settled(look.scan, look.words, ocr)
    return replace(look, words=unread.completed(look.scan, words, ocr))


def _medianed(base: Scan) -> Scan:
    return _smoothed(base.with_grey(as_grey(cv2.medianBlur(base.grey, 3))))


def _is_empty(look: Look, marks: blank.Marks, ocr: OcrEngine) -> bool:
    """Whether what stands on a page without ink is dirt or the print of the other side. Told from
    the first look: a second one at every mark of it would cost more than a page of text."""
    if look.confidence >= DOUBTFUL_MARKS:
        return False
    dirt = marks.letters < SPARSE and gate.sure_words(look.words) < 2
    return dirt or _shows_through(look, ocr)


def _judged(look: Look, marks: blank.Marks, rotation: int) -> PageText:
    """With ink on it a page is not blank, however badly it reads: a letter out of focus must not
    be taken for the back of a sheet."""
    confidence, sure = look.confidence, gate.sure_words(look.words)
    if not marks.ink and marks.letters < SPARSE and (confidence < DOUBTFUL_MARKS or sure < 2):
        return PageText("", confidence, rotation, blank=True)
    if confidence < HOPELESS and sure < 3:
        return PageText("", confidence, rotation, doubtful=1.0)
    words, doubled = twice.once(look.words)
    hidden = blots.hidden(look.scan, look.under, words)
    doubtful = gate.doubtful(words, look.coverage(), hidden + doubled)
    read = rows.in_rows(words)
    placed = tuple(_placed(look.scan, read))
    return PageText(rows.text_of(read), confidence, rotation, doubtful=doubtful, words=placed)


def _placed(scan: Scan, read: Sequence[Sequence[Word]]) -> Iterator[PlacedWord]:
    """The words with their boxes on the page as it came."""
    before = _over(scan)
    for row, words in enumerate(read, 1):
        for word in words:
            shown = before if word.line == HEADER else scan
            box = shown.box(word.left, word.top, word.right, word.bottom)
            yield PlacedWord(normalize("NFC", word.text), row, *box, round(word.conf))


def _shows_through(look: Look, ocr: OcrEngine) -> bool:
    """Whether this is the print of the other side: then it reads better in the mirror."""
    mirrored = look.scan.with_grey(np.ascontiguousarray(look.scan.grey[:, ::-1]))
    return _look(mirrored, ocr).confidence > look.confidence + CLEARLY_BETTER
