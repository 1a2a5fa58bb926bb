"""The interface of an opened document: pages one at a time, so that memory holds only one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from normalizers.pages.scan import Grey, Scan
from normalizers.schema import PlacedWord

MAX_PIXELS = 90_000_000
"""Pixels of one page: an A3 sheet at 600 dpi has 70 million."""


class Unreadable(Exception):
    """The document, or one page of it, cannot be opened. The text is a sentence for operators."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The text layer of a page that looks true.

    ``samples`` are a few of its lines, ``rendered`` gives the pixels of one of them (200 dpi):
    what one reads there must be what the layer says. ``words`` give the text when their rows are
    joined; none where they are too many.
    """

    text: str
    samples: Sequence[str]
    rendered: Callable[[int], Grey]
    words: tuple[PlacedWord, ...] = ()


class Sheet(Protocol):
    """One page of a document."""

    def layer(self) -> Layer | None:
        """The text layer, where there is one and nothing speaks against it."""
        ...

    def scan(self, dpi: int) -> Scan:
        """The page as an image; what is drawn, not scanned, at ``dpi`` at the most.

        Raises: Unreadable.
        """
        ...

    def picture(self, longest: int) -> Image.Image:
        """The page as people see it, in colour; what is drawn, ``longest`` pixels on its longer
        side. Raises: Unreadable."""
        ...


class Document(Protocol):
    """An opened file."""

    pages: int
    """How many pages there are, and can be found."""
    damage: str | None
    """What is wrong with the file as a whole, though pages can be read."""

    def sheet(self, index: int) -> Sheet:
        """Page ``index``, from 0. Raises: Unreadable."""
        ...

    def close(self) -> None: ...


def check_size(width: int, height: int) -> None:
    """Refuse images that would fill the memory, before they are decoded. Raises: Unreadable."""
    if width * height > MAX_PIXELS:
        limit = MAX_PIXELS // 1_000_000
        raise Unreadable(f"image of {width} x {height} pixels: the limit is {limit} million")
