"""The interface of an OCR engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from PIL.Image import Image

Layout = Literal["page", "line", "sparse"]
"""What the image holds: a page with blocks of text, one line alone, or words without any order."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, its box in pixels of the image that was read, and how sure the engine is (0-100).

    ``block`` and ``line`` count from 1 over the page, in the engine's reading order: words with
    the same ``line`` stand in one line of one block.
    """

    text: str
    left: int
    top: int
    width: int
    height: int
    conf: float
    block: int = 0
    line: int = 0

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


class OcrEngine(Protocol):
    """Reads one page image. Holds no lock on other work: OCR runs outside this process's GIL."""

    name: str

    def words(
        self, image: Image, *, dpi: int, bilevel: bool = False, layout: Layout = "page"
    ) -> Sequence[Word]:
        """The words of an upright page, in the engine's order.

        ``bilevel`` says that the page was sent in black and white (a fax), even where the image
        has since been smoothed: engines may know a better model for it.

        Raises: OcrFailed when the engine crashed, timed out or is not installed.
        """
        ...

    def orientation(self, image: Image) -> int:
        """Degrees clockwise (0, 90, 180, 270) to turn the page upright; 0 when unsure."""
        ...


class OcrFailed(Exception):
    """This page could not be read. The page is kept, marked, and shown to a person."""
