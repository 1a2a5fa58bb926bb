"""The interface of an OCR engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL.Image import Image


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

    def words(self, image: Image, *, dpi: int) -> Sequence[Word]:
        """The words of an upright page, in the engine's order.

        Raises: OcrFailed when the engine crashed, timed out or is not installed.
        """
        ...

    def lines(self, images: Sequence[Image], *, dpi: int) -> Sequence[Sequence[Word]]:
        """The words of each image, which holds one line or a piece of one.

        Lines are read apart where the page alone left a doubt: an engine that knows a better and
        slower model takes it here.

        Raises: OcrFailed.
        """
        ...

    def orientation(self, image: Image) -> int:
        """Degrees clockwise (0, 90, 180, 270) to turn the page upright; 0 when unsure."""
        ...


class OcrFailed(Exception):
    """This page could not be read. The page is kept, marked, and shown to a person."""
